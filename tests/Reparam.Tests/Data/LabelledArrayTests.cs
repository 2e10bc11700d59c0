using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Tests.Data;

/// <summary>Which array of an .npz is the data, and which their labels.</summary>
public sealed class LabelledArrayTests : IDisposable
{
    private static readonly NumericArray Images = NumericArray.FromBytes([3, 2], [1, 2, 3, 4, 5, 6]);
    private static readonly NumericArray Marks = NumericArray.FromInt32([3], [7, 0, 9]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data", "labels")]
    [InlineData("images", "y")]
    [InlineData("X", "Y")]
    [InlineData("anything", "labels")]
    public void Data_and_labels_are_told_by_their_names(string data, string labels)
    {
        LabelledArray read = DataFile.ReadLabelled(Written((labels, Marks), (data, Images)));
        Assert.Equal(Images.Content.ToArray(), read.Data.Content.ToArray());
        Assert.Equal([7, 0, 9], read.Labels!.ToInt32());
    }

    [Fact]
    public void Other_arrays_beside_named_ones_and_a_single_one_of_any_name_are_no_trouble()
    {
        Assert.Null(DataFile.ReadLabelled(Written(("x", Images), ("weights", Marks))).Labels);
        Assert.Equal([3, 2], DataFile.ReadLabelled(Written(("whatever", Images))).Data.Shape);
        Assert.Equal([3], DataFile.Read(Written(("labels", Marks))).Shape);
    }

    [Fact]
    public void Choices_are_refused_by_name()
    {
        Refused("images and x could all be the data", ("x", Images), ("images", Images));
        Refused("labels and y could all be the labels", ("x", Images), ("labels", Marks), ("y", Marks));
        Refused("a, b, labels", ("a", Images), ("b", Images), ("labels", Marks));
        Refused("contains no array");
    }

    [Fact]
    public void Labels_are_one_whole_number_from_0_for_each_datum()
    {
        Refused("3 data and 2 labels", ("x", Images), ("y", NumericArray.FromInt32([2], [1, 2])));
        Refused("label 1 of 'y' is -4", ("x", Images), ("y", NumericArray.FromInt32([3], [1, -4, 2])));
        Refused("label 0 of 'y' is 1000000", ("x", Images), ("y", NumericArray.FromInt32([3], [1_000_000, 4, 2])));
        Refused("a single number", ("x", Images), ("y", NumericArray.FromInt32([], [1])));
    }

    [Fact]
    public void Parts_are_alike_but_for_their_count_and_come_with_data_to_train_on()
    {
        Refused("training data have shape [3, 2] and its test data [1, 6]", ("x_train", Images),
            ("x_test", NumericArray.FromBytes([1, 6], [1, 2, 3, 4, 5, 6])));
        Refused("no training data", ("x_test", Images), ("y_test", Marks));
        Refused("train_x and x_train could all be the train data", ("x_train", Images), ("train_x", Images));
    }

    [Fact]
    public void Python_reads_what_is_written_and_the_same_arrays_give_the_same_bytes()
    {
        string path = Written(("x", Images), ("labels", Marks));
        byte[] first = File.ReadAllBytes(path);
        Assert.Equal(first, File.ReadAllBytes(Written(("x", Images), ("labels", Marks))));
        Assert.Equal(3, NpzFile.Read(path).Values.First().Shape[0]);
        const string script = """
            import ast, struct, sys, zipfile
            with zipfile.ZipFile(sys.argv[1]) as z:
                print(z.testzip(), z.namelist())
                b = z.read('labels.npy')
            n = struct.unpack('<H', b[8:10])[0]
            h = ast.literal_eval(b[10:10 + n].decode('latin-1'))
            print(h['descr'], h['shape'], struct.unpack('<3i', b[10 + n:]))
            """;
        (int code, string output) = OutsideTool.Run("python3", "-c", script, path);
        Assert.Equal((0, "None ['x.npy', 'labels.npy']\n<i4 (3,) (7, 0, 9)"), (code, output.Trim()));
    }

    private string Written(params (string, NumericArray)[] arrays)
    {
        string path = _folder.File("set.npz");
        NpzFile.Write(path, arrays);
        return path;
    }

    private void Refused(string why, params (string, NumericArray)[] arrays) =>
        Assert.Contains(why, Assert.Throws<InvalidDataFileException>(
            () => DataFile.ReadLabelled(Written(arrays))).Message, StringComparison.Ordinal);
}
