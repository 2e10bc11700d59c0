using Reparam.Configuration;
using Reparam.Data;
using Reparam.Runs;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Data.Streams;
using Reparam.Training;

namespace Reparam.Tests.Runs;

/// <summary>A run on streamed data has the bits of a run in memory, and loses nothing when its file changes.</summary>
[Collection(nameof(Undisturbed))]
public sealed class StreamedRunTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("f4", "")]
    [InlineData("f8", "data.limit=500")]
    [InlineData("u1", "data.binarization=static")]
    [InlineData("idx", "data.binarization=threshold")]
    [InlineData("idx", "data.binarization=dynamic")]
    [InlineData("unit", "data.validation=0")]
    public void Streamed_run_and_run_in_memory_end_in_the_same_bits(string format, string setting)
    {
        string path = StreamedFiles.Write(_folder.File("rows"), format, [8, 9], 900);
        string[] more = setting.Length == 0 ? [] : [setting];
        string expected = Train("memory", path, ["data.shuffle=blocks", .. more]);
        int threads = Execution.Threads;
        try
        {
            foreach (int count in (int[])[1, 2])
            {
                Execution.Threads = count;
                Assert.Equal(expected, Train($"stream{count}", path, ["data.stream=true", .. more]));
            }
        }
        finally
        {
            Execution.Threads = threads;
        }

        Run memory = Run.Open(_folder.File("memory")), stream = Run.Open(_folder.File("stream1"));
        Assert.Equal(DataOrder.Blocks, stream.Config.Data.Shuffle);
        foreach (Part part in (Part[])[Part.Train, Part.Test])
            Assert.Equal(memory.Data(part).Sha256, stream.Data(part).Sha256);
        Assert.Equal(memory.Evaluate(samples: 5).Nll!.Value.Mean, stream.Evaluate(samples: 5).Nll!.Value.Mean);
    }

    [Fact]
    public void Parts_have_the_rows_of_a_full_order()
    {
        string path = StreamedFiles.Write(_folder.File("rows"), "f4", [20], 300);
        DataSplits full = RunData.Load(Settings(path, "data.limit=200")),
            stream = RunData.Load(Settings(path, "data.limit=200", "data.stream=true"));
        Assert.Equal((full.Train.Count, full.Validation!.Sha256, full.Test.Sha256),
            (stream.Train.Count, stream.Validation!.Sha256, stream.Test.Sha256));
        Dataset file = RunData.ReadFile(path);
        int[] places = [.. Enumerable.Range(0, stream.Train.Count).Select(i => Enumerable.Range(0, 300).Single(
            row => file.Values(row, 1).SequenceEqual(stream.Train.Values(i, 1))))];
        Assert.Equal(places.Order(), places);
        Assert.Equal(places.Select(p => file.Values(p, 1)[0]).Order(),
            Enumerable.Range(0, full.Train.Count).Select(i => full.Train.Values(i, 1)[0]).Order());
    }

    [Fact]
    public void Data_of_several_windows_end_in_the_same_bits_through_stops_and_in_both_places()
    {
        // 4,860 rows of 4,096 elements are trained on: 76 blocks in 2 windows. 49 steps make an epoch.
        string path = StreamedFiles.Write(_folder.File("long.npy"), "u1", [4096], 6000);
        string expected = Train("memory", path, ["data.shuffle=blocks"]);
        Run run = Run.Create(_folder.File("run"), Settings(path, "data.stream=true"));
        foreach (long at in (long[])[10, 45, 60])
        {
            using var stop = new CancellationTokenSource();
            Assert.True(run.Train([new Stop(at, stop.Cancel)], stop.Token).Interrupted);
            run = Run.Open(_folder.File("run"));
            // The next part of the training has the data in memory, or streams them again.
            run = run.With(run.Config.With($"data.stream={(at == 10 ? "false" : "true")}"));
        }

        run.Train();
        Assert.Equal(expected, Hash(run));
        Assert.NotEqual(expected, Train("full", path, []));
        Assert.Contains("A resumed run keeps data.shuffle", Assert.Throws<InvalidConfigException>(
            () => run.With(run.Config.With("data.shuffle=full", "data.stream=false")).Train()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void File_that_changes_ends_the_training_and_nothing_is_lost(bool truncated)
    {
        string path = StreamedFiles.Write(_folder.File("long.npy"), "u1", [4096], 6000), copy = _folder.File("copy");
        string expected = Train("memory", path, ["data.shuffle=blocks"]);
        File.Copy(path, copy);
        Run run = Run.Create(_folder.File("run"), Settings(path, "data.stream=true"));
        var change = new Stop(3, () =>
        {
            using FileStream file = File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            if (truncated) file.SetLength(file.Length / 2);
            else file.SetLength(file.Length + 1);
        });
        // The change is seen when the next block is read, at the latest where the second window begins.
        string message = Assert.Throws<InvalidDataFileException>(() => run.Train([change])).Message;
        Assert.Contains("it changed while it was in use, seen at row", message, StringComparison.Ordinal);
        Assert.Contains("put the old file back", message, StringComparison.Ordinal);
        run = Run.Open(_folder.File("run"));
        Assert.InRange(run.OpenCheckpoint().Step, 3, 48);
        Assert.Throws<InvalidDataFileException>(() => Run.Open(_folder.File("run")).Train());

        // The time of the file does not matter, only its content.
        File.Delete(path);
        File.Copy(copy, path);
        run = Run.Open(_folder.File("run"));
        run.Train();
        Assert.Equal(expected, Hash(run));
    }

    [Fact]
    public void Bad_numbers_are_named_by_their_rows()
    {
        float[] values = new float[100 * 20];
        for (int i = 0; i < values.Length; i++) values[i] = i % 23 - 11;
        values[77 * 20 + 4] = float.NaN;
        string path = _folder.File("nan.npy");
        NpyFile.Write(path, NumericArray.FromFloat32([100, 20], values));
        Assert.Equal($"'{path}': row 77 (counted from 0) has NaN in element 4; replace or drop missing values first.",
            Refused(path));
        values[77 * 20 + 4] = 300;
        NpyFile.Write(path, NumericArray.FromFloat32([100, 20], values));
        Assert.Contains("Element 0 of data point 0 is -11, and data.levels 'bytes' needs grey levels",
            Refused(path, "data.levels=bytes"), StringComparison.Ordinal);
    }

    [Fact]
    public void Cannot_be_streamed_says_why()
    {
        string path = _folder.File("rows.npy");
        StreamedFiles.Write(path, "f4", [20], 30);
        byte[] good = File.ReadAllBytes(path);
        File.WriteAllBytes(path, good[..^1]);
        Assert.Contains("declares 2528 bytes and the file has 2527", Refused(path), StringComparison.Ordinal);
        File.WriteAllBytes(path, [.. good, 0]);
        Assert.Contains("declares 2528 bytes and the file has 2529", Refused(path), StringComparison.Ordinal);
        int at = good.AsSpan().IndexOf("False,"u8);
        "True, "u8.CopyTo(good.AsSpan(at));
        File.WriteAllBytes(path, good);
        Assert.Contains("Fortran order", Refused(path), StringComparison.Ordinal);
        using (var packed = new System.IO.Compression.GZipStream(
            File.Create(path), System.IO.Compression.CompressionLevel.Fastest))
        {
            packed.Write(good);
        }

        Assert.Contains("it is compressed (gzip)", Refused(path), StringComparison.Ordinal);
        NpzFile.Write(path, ("x", NumericArray.FromBytes([3], [1, 2, 3])));
        Assert.Contains("it is an .npz", Refused(path), StringComparison.Ordinal);
        File.WriteAllText(path, "1 2 3\n4 5 6\n");
        Assert.Contains("only .npy and IDX files", Refused(path), StringComparison.Ordinal);
        File.WriteAllBytes(path, []);
        Assert.Contains("it is empty", Refused(path), StringComparison.Ordinal);
        Assert.Contains("data.stream belongs to an .npy or IDX file of your own", Assert.Throws<InvalidConfigException>(
            () => RunData.Load(Configured.With("data.name=digits", "data.stream=true"))).Message,
            StringComparison.Ordinal);
        Assert.Contains("data.shuffle 'full' reads rows at random places", Assert.Throws<InvalidConfigException>(
            () => RunData.Load(Configured.With($"data.name={path}", "data.stream=true", "data.shuffle=full"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Disk_that_cannot_be_read_is_named_with_the_rows()
    {
        // Address 0 of a process is not mapped, so Linux answers a read of it with an input/output error.
        if (!OperatingSystem.IsLinux()) return;
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle("/proc/self/mem");
        var file = new RowFile("data.npy", handle, new ArrayLayout(ElementKind.UInt8, 1, false, [10, 4], 0));
        string message = Assert.Throws<IOException>(() => file.Read(3, 2, new byte[8])).Message;
        Assert.StartsWith("'data.npy': rows 3 to 4 cannot be read (", message, StringComparison.Ordinal);
        Assert.Contains("check the disk, and resume", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_file()
    {
        // 400 MB of rows: ones in every 100th row, and holes of the file between them, which are zeros.
        string path = _folder.File("large.npy");
        const int Rows = 100_000, Size = 1000;
        using (var file = new FileStream(path, FileMode.Create))
        {
            StreamedFiles.WriteNpyHead(file, "f4", [Rows, Size]);
            long start = file.Position;
            file.SetLength(start + 4L * Rows * Size);
            byte[] row = new byte[4 * Size];
            for (int i = 0; i < row.Length; i += 4) row[i + 2] = (byte)(i % 128);
            for (int i = 0; i < row.Length; i += 4) row[i + 3] = 63;
            for (int i = 0; i < Rows; i += 100)
            {
                file.Position = start + 4L * i * Size;
                file.Write(row);
            }
        }

        // What earlier tests left counts for neither.
        long before = Resident(), managed = GC.GetTotalMemory(forceFullCollection: true);
        var peak = new Peak(200);
        Run run = Run.Create(_folder.File("run"), Settings(path, "data.stream=true", "training.batch=50"));
        using var stop = new CancellationTokenSource();
        run.Train([peak, new Stop(200, stop.Cancel)], stop.Token);
        output.WriteLine($"managed {peak.Managed - managed:N0}, resident {peak.Largest - before:N0} more bytes");
        // A window of training rows (64 MB), as much again for the passes before, of which the collector may not have
        // taken back all, and 12 bytes for each row; the array is 400 MB.
        Assert.InRange(peak.Managed - managed, 1, 200_000_000);
        // Resident memory can also fall in the meantime, when the collector gives back memory of earlier tests.
        Assert.InRange(peak.Largest - before, long.MinValue, 300_000_000);
    }

    private static string Refused(string path, params string[] settings) => Assert.Throws<InvalidDataFileException>(
        () => RunData.Load(Settings(path, ["data.stream=true", .. settings]))).Message;

    private string Train(string name, string path, string[] settings)
    {
        Run run = Run.Create(_folder.File(name), Settings(path, settings));
        run.Train();
        return Hash(run);
    }

    private static string Hash(Run run) => WeightsFile.Sha256(run.LoadModel().State);

    private static RunSettings Settings(string path, params string[] settings) => Configured.With([$"data.name={path}",
        "training.batch=100", "training.epochs=2", "model.latent=2", "model.network.hidden=8", .. settings]);

    private static long Resident() => Environment.WorkingSet;

    private sealed class Stop(long step, Action act) : TrainingCallback
    {
        public override void OnStep(TrainingState state, StepReport report)
        {
            if (report.Step == step) act();
        }
    }

    private sealed class Peak(int steps) : TrainingCallback
    {
        public long Managed { get; private set; }

        public long Largest { get; private set; }

        public override void OnStep(TrainingState state, StepReport report)
        {
            if (report.Step > steps) return;
            Managed = Math.Max(Managed, GC.GetTotalMemory(forceFullCollection: false));
            Largest = Math.Max(Largest, Resident());
        }
    }
}
