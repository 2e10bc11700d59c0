using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Work in numbered chunks that are independent of each other.</summary>
internal interface IChunkJob
{
    void Run(int chunk);
}

/// <summary>
/// Persistent background threads that run the chunks of one job at a time, together with the caller. Each thread begins
/// with a range of chunks of its own, the same for every job of as many chunks, so that what one pass leaves in a
/// processor's caches the next finds there; a thread that is done takes over from others. Who runs a chunk is left to
/// chance, what a chunk is is fixed by the job: results depend on no thread count. A call made while the pool is taken
/// (a nested call, or another thread's) runs inline.
/// </summary>
internal static unsafe class WorkerPool
{
    /// <summary>Below this cost, in elementary operations, waking a thread costs more than it brings.</summary>
    private const long InlineCost = 60_000;

    /// <summary>How long a worker watches for the next job before it parks: longer than the stretches of a training
    /// step that one thread does alone, since waking takes as long as a small product, and a woken worker may be put on
    /// its caller's processor. Longer would not do on a busy machine, where watching takes time from those with work.
    /// Measured by the clock: how long a spin lasts differs between processes on one machine.</summary>
    private static readonly long s_patience = Stopwatch.Frequency / 1000;

    /// <summary>The caller, whichever thread that is, and the workers.</summary>
    private static Participant[] s_participants = [new()];
    private static int s_taken;

    // The job in progress. Its fields are written before any ticket shows its generation, and it is not over before
    // every claimed chunk has been accounted for: whoever claims a chunk after reading a ticket therefore finds the
    // fields of the job that the chunk belongs to, and keeps them until it says that it is done.
    private static long s_generation;
    private static int s_threads;
    private static int s_chunks;
    private static int s_unfinished;
    private static void* s_job;
    private static delegate*<void*, int, void> s_body;
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
        Participant[] participants = Grow(threads);
        s_job = job;
        s_body = body;
        s_threads = threads;
        s_chunks = chunks;
        Volatile.Write(ref s_unfinished, chunks);
        long generation = s_generation = (s_generation + 1) & 0x7FFFFFFF;
        for (int i = 0; i < threads; i++)
            Interlocked.Exchange(ref participants[i].Ticket, (generation << 32) | (uint)(EndOf(i) - EndOf(i - 1)));
        for (int i = 1; i < threads; i++) participants[i].Wake();
        Work(0, generation);
        SpinWait wait = default;
        while (Volatile.Read(ref s_unfinished) != 0) wait.SpinOnce(sleep1Threshold: -1);
        s_failure?.Throw();
    }

    /// <summary>Where the range of a participant ends and the next begins.</summary>
    private static int EndOf(int participant) => (int)((long)s_chunks * (participant + 1) / s_threads);

    /// <summary>Runs chunks of one job until none is left: a participant's own, then those of the others.</summary>
    private static void Work(int own, long generation)
    {
        Participant[] participants = Volatile.Read(ref s_participants);
        // Only a hint where to look, which may be a later job's.
        int threads = Math.Min(Volatile.Read(ref s_threads), participants.Length), done = 0;
        for (int i = 0; i < threads; i++) done += Claim(participants, (own + i) % threads, generation);
        if (done > 0) Interlocked.Add(ref s_unfinished, -done);
    }

    /// <summary>Runs chunks of a range until none is left, and returns how many it ran. They are claimed by one
    /// compare-exchange on (generation, chunks left).</summary>
    private static int Claim(Participant[] participants, int index, long generation)
    {
        ref long place = ref participants[index].Ticket;
        int done = 0;
        while (true)
        {
            long ticket = Volatile.Read(ref place);
            int left = (int)ticket;
            if (ticket >> 32 != generation || left == 0) return done;
            // Half of what is left: a claim of what another also claims moves a cache line between processors, which
            // costs as much as a small chunk.
            int share = (left + 1) / 2;
            if (Interlocked.CompareExchange(ref place, ticket - share, ticket) != ticket) continue;
            try
            {
                for (int chunk = EndOf(index) - left, end = chunk + share; chunk < end; chunk++) s_body(s_job, chunk);
            }
#pragma warning disable CA1031 // The first failure, of whatever kind, is thrown again on the caller's thread.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref s_failure, ExceptionDispatchInfo.Capture(failure), null);
            }

            done += share;
        }
    }

    /// <summary>As many participants, for whoever has taken the pool.</summary>
    private static Participant[] Grow(int count)
    {
        Participant[] participants = s_participants;
        if (participants.Length >= count) return participants;
        Participant[] grown =
            [.. participants, .. Enumerable.Range(0, count - participants.Length).Select(_ => new Participant())];
        // A thread that cannot be started leaves the pool as it was.
        for (int i = participants.Length; i < count; i++) grown[i].Start(i);
        Volatile.Write(ref s_participants, grown);
        return grown;
    }

    /// <summary>One who runs chunks.</summary>
#pragma warning disable CA1001 // A worker and its semaphore live as long as the process.
    private sealed class Participant
#pragma warning restore CA1001
    {
        private readonly SemaphoreSlim _semaphore = new(0);
        private int _parked;
        private PaddedTicket _ticket;

        /// <summary>The generation of the job in its upper half, how many chunks of its own range are left in its
        /// lower.</summary>
        public ref long Ticket => ref _ticket.Value;

        public void Start(int index) =>
            new Thread(() => Loop(index)) { IsBackground = true, Name = $"Reparam worker {index}" }.Start();

        public void Wake()
        {
            if (Interlocked.Exchange(ref _parked, 0) == 1) _semaphore.Release();
        }

        private void Loop(int index)
        {
            long seen = 0;
            while (true)
            {
                Await(seen, index);
                seen = Volatile.Read(ref Ticket) >> 32;
                Work(index, seen);
            }
        }

        private void Await(long seen, int index)
        {
            // A worker without a processor of its own would only keep those waiting that have work.
            long patience = index < Environment.ProcessorCount ? s_patience
                : 0, started = Stopwatch.GetTimestamp(), generation = Volatile.Read(ref s_generation);
            do
            {
                for (int poll = 0; poll < 32; poll++)
                {
                    if (Volatile.Read(ref Ticket) >> 32 != seen) return;
                    Thread.SpinWait(1);
                }

                // Jobs of too few chunks for this worker are work all the same: one of many will follow.
                if (Volatile.Read(ref s_generation) is var latest && latest != generation)
                    (generation, started) = (latest, Stopwatch.GetTimestamp());
            }
            while (Stopwatch.GetTimestamp() - started < patience);

            Interlocked.Exchange(ref _parked, 1);
            // A job that began between the last poll and the flag may not have seen the flag: look once more.
            if (Volatile.Read(ref Ticket) >> 32 != seen && Interlocked.Exchange(ref _parked, 0) == 1) return;
            _semaphore.Wait();
        }
    }

    /// <summary>A ticket in a cache line of its own, of 64 bytes or 128.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedTicket
    {
        [FieldOffset(128)]
        public long Value;
    }
}
