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
/// Persistent background threads that run the chunks of one job at a time, together with the caller. Each thread starts
/// with its own range of chunks, which is the same for every job with that number of chunks, so that the next pass
/// finds the data of the previous pass in the caches of its processor. A thread that has finished its range takes
/// chunks of others. Chance decides which thread runs a chunk, but the job defines the chunks, so the results do not
/// depend on the number of threads. A call made while the pool is in use (a nested call, or a call from another thread)
/// runs inline.
/// </summary>
internal static unsafe class WorkerPool
{
    /// <summary>Below this cost, in elementary operations, waking a thread costs more than it saves.</summary>
    private const long InlineCost = 60_000;

    /// <summary>
    /// How long a worker polls for the next job before it parks. It is longer than the parts of a training step that
    /// one thread does alone, because waking takes as long as a small product, and the system may put a woken worker on
    /// the processor of its caller. A longer time would harm a busy machine, where polling takes time from threads with
    /// work. It is measured by the clock, because the duration of a spin differs between processes on one machine.
    /// </summary>
    private static readonly long s_patience = Stopwatch.Frequency / 1000;

    /// <summary>The caller (whichever thread that is) and the workers.</summary>
    private static Participant[] s_participants = [new()];
    private static int s_taken;

    // The job in progress. Its fields are written before any ticket shows its generation, and the job does not end
    // before every claimed chunk has been counted as done. A thread that claims a chunk after reading a ticket
    // therefore finds the fields of the job that the chunk belongs to, and the fields stay valid until the thread
    // reports the chunk as done.
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
    /// <param name="job">The work; it is not moved in memory until the call returns.</param>
    /// <exception cref="Exception">The first exception that a chunk threw.</exception>
    public static void For<TJob>(int chunks, long cost, ref TJob job)
        where TJob : unmanaged, IChunkJob
    {
        // The runtime of WebAssembly cannot start a thread.
        int threads = OperatingSystem.IsBrowser() ? 1 : Math.Min(Execution.Threads, chunks);
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

    /// <summary>The end of the range of a participant, which is the start of the next range.</summary>
    private static int EndOf(int participant) => (int)((long)s_chunks * (participant + 1) / s_threads);

    /// <summary>Runs chunks of one job until none is left: first those of the participant, then those of the
    /// others.</summary>
    private static void Work(int own, long generation)
    {
        Participant[] participants = Volatile.Read(ref s_participants);
        // This is only a hint where to look; it may belong to a later job.
        int threads = Math.Min(Volatile.Read(ref s_threads), participants.Length), done = 0;
        for (int i = 0; i < threads; i++) done += Claim(participants, (own + i) % threads, generation);
        if (done > 0) Interlocked.Add(ref s_unfinished, -done);
    }

    /// <summary>Runs chunks of a range until none is left, and returns how many it ran. Chunks are claimed by one
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
            // Claims half of the chunks that are left. If two threads claim from the same ticket, its cache line moves
            // between processors, which costs as much as a small chunk.
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

    /// <summary>Returns at least <paramref name="count"/> participants. Only the thread that has taken the pool may
    /// call this.</summary>
    private static Participant[] Grow(int count)
    {
        Participant[] participants = s_participants;
        if (participants.Length >= count) return participants;
        Participant[] grown =
            [.. participants, .. Enumerable.Range(0, count - participants.Length).Select(_ => new Participant())];
        // If a thread cannot be started, the pool stays unchanged.
        for (int i = participants.Length; i < count; i++) grown[i].Start(i);
        Volatile.Write(ref s_participants, grown);
        return grown;
    }

    /// <summary>A thread that runs chunks.</summary>
#pragma warning disable CA1001 // A worker and its semaphore live as long as the process.
    private sealed class Participant
#pragma warning restore CA1001
    {
        private readonly SemaphoreSlim _semaphore = new(0);
        private int _parked;
        private PaddedTicket _ticket;

        /// <summary>The upper half is the generation of the job; the lower half is the number of chunks left in the
        /// range of the participant.</summary>
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
            // A worker without its own processor would only delay threads that have work.
            long patience = index < Environment.ProcessorCount ? s_patience
                : 0, started = Stopwatch.GetTimestamp(), generation = Volatile.Read(ref s_generation);
            do
            {
                for (int poll = 0; poll < 32; poll++)
                {
                    if (Volatile.Read(ref Ticket) >> 32 != seen) return;
                    Thread.SpinWait(1);
                }

                // A job with too few chunks for this worker restarts the waiting time too, because a job with many
                // chunks will follow.
                if (Volatile.Read(ref s_generation) is var latest && latest != generation)
                    (generation, started) = (latest, Stopwatch.GetTimestamp());
            }
            while (Stopwatch.GetTimestamp() - started < patience);

            Interlocked.Exchange(ref _parked, 1);
            // A job that started between the last poll and the setting of the flag may not have seen the flag, so check
            // once more.
            if (Volatile.Read(ref Ticket) >> 32 != seen && Interlocked.Exchange(ref _parked, 0) == 1) return;
            _semaphore.Wait();
        }
    }

    /// <summary>A ticket in its own cache line, of 64 or 128 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedTicket
    {
        [FieldOffset(128)]
        public long Value;
    }
}
