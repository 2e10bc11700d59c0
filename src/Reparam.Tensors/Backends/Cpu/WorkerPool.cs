using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Work in numbered chunks that are independent of each other.</summary>
internal interface IChunkJob
{
    void Run(int chunk);
}

/// <summary>
/// Persistent background threads that run the chunks of one job at a time, together with the caller. Which thread runs a chunk
/// is left to chance; what a chunk is, is fixed by the job, so results depend on no thread count. A call made while the pool is
/// taken (a nested call, or another thread's) runs inline.
/// </summary>
internal static unsafe class WorkerPool
{
    /// <summary>Below this cost, in elementary operations, waking a thread costs more than it brings.</summary>
    private const long InlineCost = 60_000;

    /// <summary>How long a worker watches for the next job before it parks: longer than the stretches of a training step that one thread does alone, since
    /// waking takes as long as a small product, and a woken worker may be put on its caller's processor. Longer would not do on a busy machine, where watching takes
    /// time from those with work. Measured by the clock: how long a spin lasts differs between processes on one machine.</summary>
    private static readonly long s_patience = Stopwatch.Frequency / 1000;

    private static readonly Lock s_growth = new();
    private static Worker[] s_workers = [];
    private static int s_taken;

    // The job in progress. Chunks are claimed by one compare-exchange on (generation, chunks left); a late worker therefore
    // cannot claim a chunk of a job it did not see begin, and the other fields are read only after a claim has succeeded.
    private static long s_ticket;
    private static int s_chunks;
    private static int s_unfinished;
    private static void* s_job;
    private static delegate*<void*, int, void> s_body;
    private static int s_active;
    private static ExceptionDispatchInfo? s_failure;

    /// <summary>Runs chunks 0 to <paramref name="chunks"/> - 1 and returns when all are done.</summary>
    /// <param name="chunks">Number of chunks.</param>
    /// <param name="cost">Estimated elementary operations in total.</param>
    /// <param name="job">The work; it stays where it is until the call returns.</param>
    /// <exception cref="Exception">Whatever a chunk threw first.</exception>
    public static void For<TJob>(int chunks, long cost, ref TJob job)
        where TJob : unmanaged, IChunkJob
    {
        int threads = Math.Min(Execution.Threads, chunks);
        if (threads <= 1 || cost < InlineCost || Interlocked.CompareExchange(ref s_taken, 1, 0) != 0)
        {
            for (int chunk = 0; chunk < chunks; chunk++) job.Run(chunk);
            return;
        }

        try
        {
            fixed (TJob* address = &job) Share(threads, chunks, address, &Body<TJob>);
        }
        finally
        {
            s_failure = null;
            Volatile.Write(ref s_taken, 0);
        }
    }

    private static void Body<TJob>(void* job, int chunk) where TJob : unmanaged, IChunkJob => ((TJob*)job)->Run(chunk);

    private static void Share(int threads, int chunks, void* job, delegate*<void*, int, void> body)
    {
        Worker[] workers = Grow(threads - 1);
        s_job = job;
        s_body = body;
        s_chunks = chunks;
        s_active = threads - 1;
        Volatile.Write(ref s_unfinished, chunks);
        long generation = ((s_ticket >> 32) + 1) & 0x7FFFFFFF;
        Interlocked.Exchange(ref s_ticket, (generation << 32) | (uint)chunks);
        for (int i = 0; i < threads - 1; i++) workers[i].Wake();
        Claim(generation);
        SpinWait wait = default;
        while (Volatile.Read(ref s_unfinished) != 0) wait.SpinOnce(sleep1Threshold: -1);
        s_failure?.Throw();
    }

    /// <summary>Runs chunks of one job until none is left.</summary>
    private static void Claim(long generation)
    {
        while (true)
        {
            long ticket = Volatile.Read(ref s_ticket);
            int left = (int)ticket;
            if (ticket >> 32 != generation || left == 0) return;
            // Half of a thread's part of what is left: a claim moves a cache line between processors, which costs as much as a small chunk.
            int share = Math.Max(1, left / (2 * (Volatile.Read(ref s_active) + 1)));
            if (Interlocked.CompareExchange(ref s_ticket, ticket - share, ticket) != ticket) continue;
            try
            {
                for (int chunk = s_chunks - left, end = chunk + share; chunk < end; chunk++) s_body(s_job, chunk);
            }
#pragma warning disable CA1031 // The first failure, of whatever kind, is thrown again on the caller's thread.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref s_failure, ExceptionDispatchInfo.Capture(failure), null);
            }

            Interlocked.Add(ref s_unfinished, -share);
        }
    }

    private static Worker[] Grow(int count)
    {
        Worker[] workers = Volatile.Read(ref s_workers);
        if (workers.Length >= count) return workers;
        lock (s_growth)
        {
            workers = s_workers;
            if (workers.Length >= count) return workers;
            Worker[] grown = new Worker[count];
            workers.CopyTo(grown, 0);
            for (int i = workers.Length; i < count; i++) grown[i] = new Worker(i);
            Volatile.Write(ref s_workers, grown);
            return grown;
        }
    }

#pragma warning disable CA1001 // A worker and its semaphore live as long as the process.
    private sealed class Worker
#pragma warning restore CA1001
    {
        private readonly int _index;
        private readonly SemaphoreSlim _semaphore = new(0);
        private int _parked;

        public Worker(int index)
        {
            _index = index;
            new Thread(Loop) { IsBackground = true, Name = $"Reparam worker {index + 1}" }.Start();
        }

        public void Wake()
        {
            if (Interlocked.Exchange(ref _parked, 0) == 1) _semaphore.Release();
        }

        private void Loop()
        {
            long seen = 0;
            while (true)
            {
                Await(seen);
                seen = Volatile.Read(ref s_ticket) >> 32;
                if (_index < Volatile.Read(ref s_active)) Claim(seen);
            }
        }

        private void Await(long seen)
        {
            // A worker without a processor of its own would only keep those waiting that have work.
            long patience = _index < Environment.ProcessorCount - 1 ? s_patience : 0, started = Stopwatch.GetTimestamp();
            do
            {
                for (int poll = 0; poll < 32; poll++)
                {
                    if (Volatile.Read(ref s_ticket) >> 32 != seen) return;
                    Thread.SpinWait(1);
                }
            }
            while (Stopwatch.GetTimestamp() - started < patience);

            Interlocked.Exchange(ref _parked, 1);
            // A job that began between the last poll and the flag may not have seen the flag: look once more.
            if (Volatile.Read(ref s_ticket) >> 32 != seen && Interlocked.Exchange(ref _parked, 0) == 1) return;
            _semaphore.Wait();
        }
    }
}
