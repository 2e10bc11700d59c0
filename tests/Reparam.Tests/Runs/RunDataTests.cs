using Reparam.Data;
using Reparam.Testing;
using Reparam.Runs;

namespace Reparam.Tests.Runs;

public sealed class RunDataTests
{
    [Fact]
    public void Own_file_is_recorded_by_its_full_path()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("mine.npy");
        NpyFile.Write(path, NumericArray.FromBytes([10, 2, 2], new byte[40]));
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        Assert.Equal(
            path, RunData.WithFullPath(new RunSettings { Data = new DataSettings { Name = relative } }).Data.Name);
        Assert.Equal(
            "mnist", RunData.WithFullPath(new RunSettings { Data = new DataSettings { Name = "mnist" } }).Data.Name);
    }

    [Theory]
    [InlineData("mnist", true)]
    [InlineData("Fashion-MNIST", true)]
    [InlineData("FREY_FACES", true)]
    [InlineData("mnist.npy", false)]
    public void Known_sets_are_known_in_any_spelling_that_loads(string name, bool known) =>
        Assert.Equal(known, RunData.IsKnown(name));

    [Fact]
    public void Channels_that_come_last_come_first()
    {
        byte[] last = [.. Enumerable.Range(0, 2 * 8 * 9 * 3).Select(i => (byte)(i % 251))];
        (Dataset data, string note) = Read(NumericArray.FromBytes([2, 8, 9, 3], last));
        Assert.Equal([3, 8, 9], data.EventShape);
        Assert.Equal("images of shape [8, 9, 3] have channels last and are converted to [3, 8, 9] (--layout " +
            "channels-first keeps them)", note);
        // Channel 2 of row 5, column 7 of datum 1.
        Assert.Equal(last[((1 * 8 + 5) * 9 + 7) * 3 + 2], data.Bytes(1, 1)[(2 * 8 + 5) * 9 + 7]);
        Assert.Equal([8, 9, 3], Read(NumericArray.FromBytes([2, 8, 9, 3], last),
            new DataSettings { Layout = "channels-first" }).Data.EventShape);
        Assert.Equal([1, 8, 8], Read(NumericArray.FromBytes([2, 8, 8, 1], new byte[128])).Data.EventShape);
        Assert.Equal([4, 8, 8], Read(NumericArray.FromBytes([2, 8, 8, 4], new byte[512])).Data.EventShape);
    }

    [Fact]
    public void Pixels_in_larger_numbers_are_the_bytes_that_they_stand_for()
    {
        float[] levels = [.. Enumerable.Range(0, 3 * 64).Select(i => (float)(i * 37 % 256))];
        byte[] bytes = [.. levels.Select(l => (byte)l)];
        foreach (float[] values in (float[][])[levels, [.. levels.Select(l => l / 255)]])
        {
            (Dataset data, string note) = Read(NumericArray.FromFloat32([3, 8, 8], values));
            Assert.Equal(DataKind.Grey, data.Kind);
            Assert.Equal(bytes, data.Bytes(0, 3).ToArray());
            Assert.NotEmpty(note);
            Assert.Equal(DataKind.Real,
                Read(NumericArray.FromFloat32([3, 8, 8], values), new DataSettings { Levels = "stored" }).Data.Kind);
        }

        // Not whole: as images are after they were resized.
        (Dataset resized, _) = Read(NumericArray.FromFloat32([3, 8, 8], [.. levels.Select(l => l * 0.99f)]));
        Assert.Equal(DataKind.Real, resized.Kind);
        Assert.Equal(levels[5] * 0.99f / 255, resized.Values(0, 1)[5]);
        Assert.Equal(DataKind.Binary, Read(NumericArray.FromFloat32([3, 2], [0, 1, 1, 0, 0, 1])).Data.Kind);
    }

    [Fact]
    public void Numbers_of_tables_are_reals()
    {
        // Ages and the like are whole numbers below 256 too, and no pixels; nor are fractions in [0, 1].
        Assert.Equal(DataKind.Real, Read(NumericArray.FromFloat32([3, 2], [19, 75, 255, 3, 2, 0])).Data.Kind);
        Assert.Equal(DataKind.Real, Read(NumericArray.FromFloat32([3, 2], [0.25f, 1, 0, 0.5f, 0.75f, 0.1f])).Data.Kind);
        Assert.Equal(DataKind.Real, Read(
            NumericArray.FromFloat32([2, 8, 8], [.. Enumerable.Range(0, 128).Select(i => (float)(i % 17))])).Data.Kind);
    }

    [Fact]
    public void A_file_is_read_as_its_run_read_its_own_however_few_its_data_are()
    {
        var bytes = new DataSettings { Layout = "channels-last", Levels = "bytes" };
        Dataset dark = Read(NumericArray.FromFloat32(
            [1, 8, 8, 1], [.. Enumerable.Range(0, 64).Select(i => (float)(i % 4))]), bytes).Data;
        Assert.Equal([1, 8, 8], dark.EventShape);
        Assert.Equal((byte)3, dark.Bytes(0, 1)[3]);
        Assert.Throws<InvalidDataFileException>(
            () => Read(NumericArray.FromFloat32([1, 8, 8, 1], [.. Enumerable.Repeat(-1f, 64)]), bytes));
    }

    private static (Dataset Data, string Note) Read(NumericArray array, DataSettings? config = null)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("mine.npy"), said = "";
        NpyFile.Write(path, array);
        return (RunData.ReadFile(path, config: config,
            notes: note => said = note.Replace($"'{path}': ", "", StringComparison.Ordinal)), said);
    }
}
