using System.Collections.Concurrent;
using Reparam.Processes;

namespace Reparam.Tests.Processes;

/// <summary>Processes of a job as threads of this one.</summary>
internal sealed class ThreadRanks : Ranks
{
    private readonly BlockingCollection<byte[]>[,] _wires;

    private ThreadRanks(int rank, int count, BlockingCollection<byte[]>[,] wires)
        : base(rank, count) => _wires = wires;

    /// <summary>Runs the work of each rank on a thread of its own, and returns the results by rank.</summary>
    public static T[] Run<T>(int count, Func<Ranks, T> work)
    {
        var wires = new BlockingCollection<byte[]>[count, count];
        for (int i = 0; i < count * count; i++) wires[i / count, i % count] = [];
        T[] results = new T[count];
        var failures = new ConcurrentQueue<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, count).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = work(new ThreadRanks(rank, count, wires));
            }
#pragma warning disable CA1031 // Thrown again on the thread of the test.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                failures.Enqueue(failure);
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads)
            Assert.True(thread.Join(TimeSpan.FromMinutes(1)), "A rank waits for another.");
        return failures.IsEmpty ? results : throw new AggregateException(failures);
    }

    protected override void Exchange(int partner, ReadOnlySpan<byte> send, Span<byte> receive)
    {
        _wires[Rank, partner].Add(send.ToArray());
        byte[] received = _wires[partner, Rank].Take();
        Assert.Equal(receive.Length, received.Length);
        received.CopyTo(receive);
    }
}
