using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Reparam.Data;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Data;
using Reparam.Tests.Data.Images;

namespace Reparam.Formats.Tests;

/// <summary>
/// Many damaged files of all formats on all threads: each is read, or refused by the typed error, within a second and
/// within the memory that is stated for its format. REPARAM_FUZZ_FACTOR=500 makes a million of them; with
/// <c>-showLiveOutput</c> the test program prints the numbers.
/// </summary>
public sealed class SoakTests : IDisposable
{
    private const int Inputs = 2000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly ITestOutputHelper _output;
    private readonly TemporaryFolder _folder = new();

    // A file for each thread.
    private readonly ThreadLocal<string> _path;
    private int _files;

    public SoakTests(ITestOutputHelper output)
    {
        _output = output;
        _path = new ThreadLocal<string>(() => _folder.File(FormattableString.Invariant(
            $"mutant-{Interlocked.Increment(ref _files)}")));
    }

    /// <summary>What one input gave.</summary>
    private sealed record Outcome(string Format, int Index, bool IsRead, TimeSpan Taken, long Allocated);

    /// <summary>A valid file, its reader, and the bytes that the reader may allocate for each byte of it, after 4
    /// MiB.</summary>
    private sealed record Seed(string Format, byte[] Valid, Action<byte[]> Read, long PerByte);

    public void Dispose()
    {
        _path.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Damaged_files_are_read_or_refused_within_a_second_and_the_stated_memory()
    {
        Seed[] seeds = [.. Seeds()];
        foreach (Seed seed in seeds) seed.Read(seed.Valid);
        int inputs = checked(Inputs * Mutations.Factor), done = 0;
        var sums = new ConcurrentDictionary<string, (int Count, int Read, Outcome Slowest, Outcome Largest)>();
        var clock = Stopwatch.StartNew();
        Parallel.For(0, inputs, new ParallelOptions { MaxDegreeOfParallelism = Execution.Threads }, i =>
        {
            Seed seed = seeds[i % seeds.Length];
            byte[] mutant = Mutations.At(seed.Valid, i, seed: 23);
            Outcome outcome = Try(seed, i, mutant);
            // Another program may have held the processor: a slow input is slow again.
            if (outcome.Taken > Longest) outcome = Try(seed, i, mutant);
            Assert.True(outcome.Taken <= Longest, $"{seed.Format} {i} took {outcome.Taken}.");
            sums.AddOrUpdate(seed.Format, _ => (1, outcome.IsRead ? 1 : 0, outcome, outcome), (_, sum) => (
                sum.Count + 1, sum.Read + (outcome.IsRead ? 1 : 0),
                outcome.Taken > sum.Slowest.Taken ? outcome : sum.Slowest,
                outcome.Allocated > sum.Largest.Allocated ? outcome : sum.Largest));
            if (Interlocked.Increment(ref done) % 50_000 == 0) Say(FormattableString.Invariant($"{done:N0} inputs"));
        });
        foreach ((string format, (int count, int read, Outcome slowest, Outcome largest)) in sums.OrderBy(s => s.Key))
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"{format}: {count:N0} inputs, {read:N0} read, slowest " +
                $"{slowest.Taken.TotalMilliseconds:F1} ms ({slowest.Index}), largest " +
                $"{largest.Allocated / 1048576.0:F1} MiB ({largest.Index})"));
            // Damage that always or never matters would test nothing.
            Assert.InRange(read, 1, count - 1);
        }

        using var process = Process.GetCurrentProcess();
        Say(string.Create(CultureInfo.InvariantCulture, $"{inputs:N0} inputs, {Rate(inputs)}, {Execution.Threads} " +
            $"threads, peak of resident memory {process.PeakWorkingSet64 / 1048576.0:F0} MiB"));

        string Rate(int count) => FormattableString.Invariant($"{count / clock.Elapsed.TotalSeconds:F0} each second");
    }

    private static Outcome Try(Seed seed, int index, byte[] mutant)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        bool isRead = true;
        try
        {
            seed.Read(mutant);
        }
        catch (InvalidDataFileException)
        {
            isRead = false;
        }
        catch (Exception other)
        {
            string start = Convert.ToHexString(mutant.AsSpan(0, Math.Min(200, mutant.Length)));
            Assert.Fail($"{seed.Format} {index} ({start}...) gave {other}");
        }

        TimeSpan taken = clock.Elapsed;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < seed.PerByte * mutant.Length + (4 << 20),
            $"{seed.Format} {index} of {mutant.Length} bytes made the reader allocate {allocated} bytes.");
        return new Outcome(seed.Format, index, isRead, taken, allocated);
    }

    private IEnumerable<Seed> Seeds()
    {
        foreach (string path in Directory.GetFiles(Path.GetDirectoryName(JpegDecoderTests.PathOf("420.jpg"))!, "*.jpg")
            .Where(p => Path.GetFileName(p) != "arithmetic.jpg").Order(StringComparer.Ordinal))
        {
            // 512 samples for each byte at most, of 4 components, in 16 bits and as bytes, and the turned picture.
            yield return new Seed("JPEG", File.ReadAllBytes(path),
                mutant => JpegDecoder.Instance.Decode("mutant.jpg", mutant), 512 * 4 * 6);
        }

        foreach ((int colour, int depth, bool interlaced) in ((int, int, bool)[])
            [(0, 1, false), (0, 16, true), (2, 8, false), (3, 4, true), (4, 8, false), (6, 16, true)])
        {
            PngBuilder builder = new(21, 14, depth, colour) { Interlaced = interlaced, Pieces = 2 };
            if (colour == 3)
                builder = builder with { Palette = [.. Enumerable.Range(0, 3 << depth).Select(i => (byte)(i * 37))] };
            byte[] valid = builder.Encode(builder.Pattern());
            yield return new Seed("PNG", valid, mutant => PngDecoder.Instance.Decode("mutant.png", mutant), 64);
            // With right checksums, the damage reaches the parts behind them.
            yield return new Seed("PNG", valid,
                mutant => PngDecoder.Instance.Decode("mutant.png", PngBuilder.Mended(mutant)), 64);
        }

        foreach (string text in (string[])
            ["a,b,c\n1,\"x, y\",2026-01-01\n2.5,z,2026-02-03\n,\"q\"\"r\",NA\n",
                "time;value;kind\r\n2026-01-01 10:00;1,5;up\r\n2026-01-01 10:01;-2,25;down\r\n2026-01-01 10:02;;up\r\n",
                "1\t2\t3\n4\t5\t6\n7\t8\t9\n1e300\t-0\tnan\n",
                string.Concat(Enumerable.Range(0, 80).Select(i => i == 0 ? "n,word,count\n"
                    : FormattableString.Invariant($"{i * 0.37:R},w{i % 5},{i * i % 11}\n")))])
        {
            byte[] plain = Encoding.UTF8.GetBytes(text);
            yield return new Seed("CSV", plain, mutant => ReadTable(mutant, ".csv"), 4096);
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(plain);
            yield return new Seed("CSV.GZ", packed.ToArray(), mutant => ReadTable(mutant, ".csv.gz"), 4096);
        }
    }

    /// <summary>Reads a table as a first run does: what the columns are, then their cells.</summary>
    private void ReadTable(byte[] mutant, string extension)
    {
        string path = _path.Value + extension;
        File.WriteAllBytes(path, mutant);
        var table = new SeparatedTable(path, new TableFormat());
        TableSchema.Infer(table).Read(table);
    }

    private void Say(string text) => _output.WriteLine(text);
}
