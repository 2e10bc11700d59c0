using Reparam.Tensors.Backends.Cpu;

namespace Reparam.Tensors.Tests.Backends.Cpu;

public sealed unsafe class WorkerPoolTests
{
    private const long Large = long.MaxValue;

    [Fact]
    public void For_runs_every_chunk_once()
    {
        WithThreads(4, () =>
        {
            int* counts = stackalloc int[257];
            for (int round = 0; round < 2000; round++)
            {
                int chunks = round % 257;
                new Span<int>(counts, 257).Clear();
                CountJob job = new() { Counts = counts };
                WorkerPool.For(chunks, Large, ref job);
                for (int i = 0; i < 257; i++)
                {
                    if (counts[i] != (i < chunks ? 1 : 0))
                        Assert.Fail($"round {round}: chunk {i} ran {counts[i]} times");
                }
            }
        });
    }

    [Fact]
    public void For_passes_on_an_exception_and_works_again()
    {
        WithThreads(3, () =>
        {
            for (int round = 0; round < 50; round++)
            {
                FailingJob failing = new() { At = round % 20 };
                Assert.Throws<InvalidOperationException>(() => WorkerPool.For(20, Large, ref failing));
                int total = 0;
                NestedJob nested = new() { Total = &total };
                WorkerPool.For(10, Large, ref nested);
                Assert.Equal(100, total);
            }
        });
    }

    [Fact]
    public void Thread_counts_may_change_from_job_to_job()
    {
        WithThreads(2, () =>
        {
            int* counts = stackalloc int[61];
            for (int round = 0; round < 3000; round++)
            {
                Execution.Threads = 2 + round % 7;
                int chunks = round * 13 % 61;
                new Span<int>(counts, 61).Clear();
                if (round % 5 == 0 && chunks > 1)
                {
                    FailingJob failing = new() { At = chunks / 2 };
                    Assert.Throws<InvalidOperationException>(() => WorkerPool.For(chunks, Large, ref failing));
                }

                UnevenJob job = new() { Counts = counts };
                WorkerPool.For(chunks, Large, ref job);
                for (int i = 0; i < 61; i++)
                {
                    if (counts[i] != (i < chunks ? 1 : 0))
                        Assert.Fail($"round {round}: chunk {i} ran {counts[i]} times");
                }
            }
        });
    }

    [Fact]
    public void For_may_be_called_from_many_threads()
    {
        WithThreads(3, () =>
        {
            Parallel.For(0, 500, _ =>
            {
                int total = 0;
                NestedJob nested = new() { Total = &total };
                WorkerPool.For(10, Large, ref nested);
                Assert.Equal(100, total);
            });
        });
    }

    [Fact]
    public void Threads_below_one_throw() => Assert.Throws<ArgumentOutOfRangeException>(() => Execution.Threads = 0);

    private static void WithThreads(int threads, Action action)
    {
        int before = Execution.Threads;
        try
        {
            Execution.Threads = threads;
            action();
        }
        finally
        {
            Execution.Threads = before;
        }
    }

    private struct CountJob : IChunkJob
    {
        public int* Counts;

        public readonly void Run(int chunk) => Interlocked.Increment(ref Counts[chunk]);
    }

    /// <summary>The last chunks take longest, so that others come to take them.</summary>
    private struct UnevenJob : IChunkJob
    {
        public int* Counts;

        public readonly void Run(int chunk)
        {
            if (chunk > 40) Thread.SpinWait(200);
            Interlocked.Increment(ref Counts[chunk]);
        }
    }

    private struct FailingJob : IChunkJob
    {
        public int At;

        public readonly void Run(int chunk)
        {
            if (chunk == At) throw new InvalidOperationException("a chunk failed");
        }
    }

    private struct NestedJob : IChunkJob
    {
        public int* Total;

        public readonly void Run(int chunk)
        {
            InnerJob job = new() { Total = Total };
            WorkerPool.For(10, Large, ref job);
        }
    }

    private struct InnerJob : IChunkJob
    {
        public int* Total;

        public readonly void Run(int chunk) => Interlocked.Increment(ref *Total);
    }
}
