using System.Diagnostics;
using System.Globalization;
using Reparam.Data;
using Reparam.Formats;
using Reparam.Scoring;
using Reparam.Tensors;

namespace Reparam.Benchmarks;

/// <summary>
/// Several threads score rows of a table one at a time with one scorer: the time of a row, the memory that it
/// allocates, and whether each score is that of a single thread to the bit.
/// </summary>
internal static class ScorerTiming
{
    private const int Rows = 200;

    public static int Run(string[] args)
    {
        int seconds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 60;
        int threads = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 8;
        Execution.Threads = 1;
        var scorer = Scorer.Load(Runs.Run.Open(args[0], formats: FileFormats.All));
        var table = new Cells(TableFiles.Open(args[1], FileFormats.All));
        Dictionary<string, string>[] rows = [.. table.Rows.Take(Rows)];
        double[] alone = [.. rows.Select(row => scorer.Score(row).Score)];

        var times = new List<double>[threads];
        long different = 0, allocated = GC.GetTotalAllocatedBytes(precise: true);
        int[] collections = [.. Enumerable.Range(0, 3).Select(GC.CollectionCount)];
        long end = Stopwatch.GetTimestamp() + seconds * Stopwatch.Frequency;
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            List<double> own = times[t] = new(1 << 20);
            for (int i = t; Stopwatch.GetTimestamp() < end; i++)
            {
                long started = Stopwatch.GetTimestamp();
                double score = scorer.Score(rows[i % rows.Length]).Score;
                own.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                if (score != alone[i % rows.Length]) Interlocked.Increment(ref different);
            }
        }))];
        foreach (Thread worker in workers) worker.Start();
        foreach (Thread worker in workers) worker.Join();
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        double[] sorted = [.. times.SelectMany(t => t).Order()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{threads} threads, {seconds} s, " +
            $"{Environment.ProcessorCount} processors, {sorted.Length:N0} rows of {rows[0].Count} columns: " +
            $"{sorted.Length / (double)seconds:N0} rows/s; ms a row: p50 {sorted[sorted.Length / 2]:F2}, " +
            $"p99 {sorted[(int)(0.99 * sorted.Length)]:F2}, largest {sorted[^1]:F1}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{allocated / (double)sorted.Length / 1024:F1} KiB allocated a row; collections of generation 0, 1, 2: " +
            $"{string.Join(", ", collections.Select((c, g) => GC.CollectionCount(g) - c))}; scores that differ from " +
            $"those of one thread: {different}"));
        return different == 0 ? 0 : 1;
    }

    /// <summary>The rows of a table as texts by column.</summary>
    private sealed class Cells : ITableSink
    {
        private readonly IReadOnlyList<string> _names;
        private Dictionary<string, string> _row = [];

        public Cells(TableSource source)
        {
            _names = source.Columns;
            source.Read(this);
        }

        public List<Dictionary<string, string>> Rows { get; } = [];

        public void Cell(int column, ReadOnlySpan<char> text) => _row[_names[column]] = text.ToString();

        public void EndRow()
        {
            Rows.Add(_row);
            _row = [];
        }
    }
}
