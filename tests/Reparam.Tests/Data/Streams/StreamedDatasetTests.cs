using Reparam.Data;
using Reparam.Runs;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Data.Streams;

/// <summary>Streamed data are the data that the reader into memory gives, in every way to read them.</summary>
public sealed class StreamedDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Standardised_value_that_is_no_float_is_refused_with_its_place()
    {
        float[] values = [.. Enumerable.Range(0, 300).Select(i => 1e-5f * i)];
        Standardization fitted = Standardization.Fit(Dataset.FromValues("trained", [3], values));
        values[3 * 4 + 1] = 3e38f;
        NpyFile.Write(_folder.File("far.npy"), NumericArray.FromFloat32([100, 3], values));
        (Dataset memory, Dataset stream) = Both(_folder.File("far.npy"));
        float[] row = new float[3];
        foreach (Dataset data in (Dataset[])[memory, stream])
        {
            string message = Assert.Throws<InvalidDataFileException>(
                () => fitted.Apply(data).CopyValues(4, 1, row.AsSpan())).Message;
            Assert.Contains("element 1 of data point 4 is 3E+38", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void File_that_is_refused_is_closed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc");
        string path = _folder.File("rows.npy");
        NpyFile.Write(path, NumericArray.FromFloat32([20, 3], [.. new float[59], float.NaN]));
        Assert.Throws<InvalidDataFileException>(
            () => RunData.ReadFile(path, config: new DataSettings { Stream = true }));
        Assert.DoesNotContain(path, Directory.GetFileSystemEntries("/proc/self/fd").Select(
            file => new FileInfo(file).LinkTarget));
    }

    [Fact]
    public void Other_file_that_cannot_be_streamed_is_read_into_memory()
    {
        byte[] file = File.ReadAllBytes(StreamedFiles.Write(_folder.File("rows"), "f4", [4], 20));
        string path = _folder.File("turned.npy"), header = "'fortran_order': False";
        int at = System.Text.Encoding.Latin1.GetString(file).IndexOf(header, StringComparison.Ordinal);
        "'fortran_order': True "u8.CopyTo(file.AsSpan(at));
        File.WriteAllBytes(path, file);
        Dataset read = RunData.ReadFile(path, config: new DataSettings { Stream = true });
        Assert.Equal((20, 4), (read.Count, read.EventShape.Size));
    }

    [Theory]
    [InlineData("f4", DataKind.Real)]
    [InlineData("f8", DataKind.Real)]
    [InlineData("f2", DataKind.Real)]
    [InlineData(">f4", DataKind.Real)]
    [InlineData("idx-f4", DataKind.Real)]
    [InlineData("u1", DataKind.Grey)]
    [InlineData("idx", DataKind.Grey)]
    [InlineData("unit", DataKind.Grey)]
    [InlineData("i2", DataKind.Grey)]
    [InlineData("b1", DataKind.Binary)]
    public void Streamed_rows_are_those_in_memory(string format, DataKind kind)
    {
        string path = StreamedFiles.Write(_folder.File("rows"), format, [9, 8], 700);
        (Dataset memory, Dataset stream) = Both(path);
        Assert.Equal(kind, stream.Kind);
        RequireSame(memory, stream);
        RequireSame(memory[13..600], stream[13..600]);
        int[] rows = new Rng(3).Permutation(700)[..300];
        RequireSame(memory.Subset(rows), stream.Subset(rows));
        RequireSame(memory.Subset(rows)[5..90], stream.Subset(rows)[5..90]);
        Array.Sort(rows);
        RequireSame(memory.Subset(rows), stream.Subset(rows));
        if (kind == DataKind.Grey)
        {
            foreach (Binarization way in (Binarization[])[Binarization.Static, Binarization.Threshold])
            {
                RequireSame(memory.Binarize(way, new Rng(5)), stream.Binarize(way, new Rng(5)));
                // The draws belong to the positions before the slice.
                RequireSame(memory.Binarize(way, new Rng(5))[300..], stream.Binarize(way, new Rng(5))[300..]);
            }
        }

        foreach (bool byChannel in (bool[])[false, true])
        {
            Standardization fitted = Standardization.Fit(memory[..500], byChannel);
            Assert.Equal(fitted.Scale, Standardization.Fit(stream[..500], byChannel).Scale);
            RequireSame(fitted.Apply(memory), fitted.Apply(stream));
        }
    }

    [Fact]
    public void Images_with_channels_last_and_fractions_of_levels_are_converted_as_in_memory()
    {
        string path = StreamedFiles.Write(_folder.File("colour.npy"), "u1", [9, 10, 3], 50);
        (Dataset memory, Dataset stream) = Both(path);
        Assert.Equal([3, 9, 10], stream.EventShape);
        RequireSame(memory, stream);

        // 0.5 and 200.25: levels of 0 to 255 that are no whole numbers become real numbers in [0, 1].
        float[] levels = [.. Enumerable.Range(0, 20 * 64).Select(i => i % 5 == 0 ? 200.25f : i % 200 + 0.5f)];
        NpyFile.Write(_folder.File("levels.npy"), NumericArray.FromFloat32([20, 8, 8], levels));
        (memory, stream) = Both(_folder.File("levels.npy"));
        Assert.Equal((DataKind.Real, 200.25 / 255), (stream.Kind, stream.Range().Maximum), (a, b) =>
            a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < 1e-6);
        RequireSame(memory, stream);
    }

    [Fact]
    public void Rows_of_more_than_a_window_are_read_with_one_window_in_memory()
    {
        // 64 rows of 4,096 bytes make a block, and 64 blocks a window, so these are 94 blocks.
        string path = StreamedFiles.Write(_folder.File("long.npy"), "u1", [4096], 6000);
        (Dataset memory, Dataset stream) = Both(path);
        RequireSame(memory, stream);
        int[] order = RowBlocks.Order(6000, 4096, new Rng(9));
        byte[] row = new byte[4096];
        foreach (int i in order)
        {
            stream.CopyBytes(i, 1, row);
            if (!memory.Bytes(i, 1).SequenceEqual(row)) Assert.Fail($"Row {i} differs.");
        }
    }

    [Fact]
    public void Threads_may_read_streamed_data_at_the_same_time()
    {
        string path = StreamedFiles.Write(_folder.File("long.npy"), "u1", [4096], 6000);
        (Dataset memory, Dataset stream) = Both(path);
        Parallel.For(0, 4, thread =>
        {
            byte[] row = new byte[4096];
            foreach (int i in new Rng((ulong)thread).Permutation(6000)[..100])
            {
                stream.CopyBytes(i, 1, row);
                Assert.True(memory.Bytes(i, 1).SequenceEqual(row));
            }
        });
    }

    private static (Dataset Memory, Dataset Stream) Both(string path)
    {
        Dataset memory = RunData.ReadFile(path), stream = RunData.ReadFile(path, config: new() { Stream = true });
        Assert.Null(memory.Stream);
        Assert.NotNull(stream.Stream);
        return (memory, stream);
    }

    private static void RequireSame(Dataset memory, Dataset stream)
    {
        Assert.NotNull(stream.Stream);
        Assert.Equal((memory.Name, memory.Count, memory.Kind), (stream.Name, stream.Count, stream.Kind));
        Assert.Equal(memory.EventShape, stream.EventShape);
        Assert.Equal(memory.Sha256, stream.Sha256);
        Assert.Equal(memory.Range(), stream.Range());
        Assert.Equal(memory.Mean(), stream.Mean());
        Assert.Equal(memory.StandardDeviation(), stream.StandardDeviation());
        int[] some = [memory.Count - 1, 0, memory.Count / 2];
        var (a, b) = (new BatchReader(memory, Binarization.None, new Rng(1)),
            new BatchReader(stream, Binarization.None, new Rng(1)));
        Assert.Equal(a.Read(some, new Rng(2)).ToArray<float>(), b.Read(some, new Rng(2)).ToArray<float>());
    }
}
