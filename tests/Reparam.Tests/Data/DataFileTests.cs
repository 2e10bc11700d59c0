using System.Text.Json;
using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Tests.Data;

/// <summary>Files as NumPy and SciPy write them hold what NumPy and SciPy read from them
/// (tests/data/make_files.py).</summary>
public sealed class DataFileTests
{
    private static readonly JsonElement Table = ReferenceTable.Load("files.json").Root;

    public static TheoryData<string> Readable => [.. Table.GetProperty("read").EnumerateObject().Select(f => f.Name)];

    public static TheoryData<string> Refused => [.. Table.GetProperty("refused").EnumerateObject().Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Readable))]
    public void What_numpy_reads_is_read(string name)
    {
        LabelledParts parts = DataFile.ReadParts(PathOf(name));
        JsonElement expected = Table.GetProperty("read").GetProperty(name);
        Same(expected, "train", parts.Train);
        Same(expected, "validation", parts.Validation);
        Same(expected, "test", parts.Test);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_holds_no_plain_numbers_is_refused_by_name(string name)
    {
        var failure = Assert.Throws<InvalidDataFileException>(() => DataFile.ReadParts(PathOf(name)));
        Assert.Contains(
            Table.GetProperty("refused").GetProperty(name).GetString()!, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("others.npz", "ignored: meta (Python objects (a pickle)), names (text), table (a structured " +
        "array), waves (complex numbers), when (dates)")]
    [InlineData("dsprites.npz", "ignored: latents_classes, latents_values, metadata (Python objects (a pickle))")]
    [InlineData("lzma-beside.npz", "ignored: extra (an entry with unsupported compression or encryption), " +
        "readme.txt (no array)")]
    [InlineData("multi-label.npz", "'train_labels' has shape [3, 4], and labels must be one class per data point " +
        "(number or one-hot): the data are read without labels")]
    [InlineData("named-classes.npz", "'y' contains text, and labels must be classes, whole numbers from 0: the data " +
        "are read without labels")]
    [InlineData("labelled.mat", "ignored: info (a struct), names (text), waves (complex numbers)")]
    public void What_is_left_alone_is_said(string name, string note) =>
        Assert.Equal([note], DataFile.ReadParts(PathOf(name)).Notes);

    [Fact]
    public void Named_arrays_are_read_beside_what_holds_no_numbers()
    {
        Assert.Equal(["faces", "labels"], NpzFile.Read(PathOf("others.npz")).Keys.Order());
        Assert.Equal(["X", "y"], MatFile.Read(PathOf("labelled.mat")).Keys.Order());
    }

    [Theory]
    [InlineData("labelled.mat")]
    [InlineData("others.npz")]
    [InlineData("medmnist.npz")]
    [InlineData("fortran-f2.npy")]
    public void Mutants_meet_only_the_typed_error(string name) => Mutations.Survive<InvalidDataFileException>(
        File.ReadAllBytes(PathOf(name)), 500, mutant => DataFile.Read(UnpackedFile.FromBytes("mutant", mutant)));

    [Theory]
    [InlineData("sparse.mat")]
    [InlineData("sparse-logical.mat")]
    public void Damaged_sparse_matrices_meet_only_the_typed_error(string name)
    {
        int refused = 0;
        // A full matrix is larger than its file, so memory is not bounded by that.
        foreach (byte[] mutant in Mutations.Of(File.ReadAllBytes(PathOf(name)), 500, seed: 3))
        {
            try
            {
                Assert.Equal(2, DataFile.Read(UnpackedFile.FromBytes("mutant", mutant)).Shape.Rank);
            }
            catch (InvalidDataFileException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 500);
    }

    private static string PathOf(string name) => ReferenceTable.PathOf(Path.Combine("files", name));

    private static void Same(JsonElement file, string name, LabelledArray? part)
    {
        if (!file.TryGetProperty(name, out JsonElement expected))
        {
            Assert.Null(part);
            return;
        }

        JsonElement data = expected.GetProperty("data"), labels = expected.GetProperty("labels");
        Assert.Equal(
            data.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32()), part!.Data.Shape.AsSpan().ToArray());
        Assert.Equal(ReferenceTable.NumbersOf(data.GetProperty("values")), part.Data.ToFloat64());
        Assert.Equal(labels.ValueKind == JsonValueKind.Null ? null
            : [.. labels.EnumerateArray().Select(l => l.GetInt32())], part.Labels?.ToInt32());
    }
}
