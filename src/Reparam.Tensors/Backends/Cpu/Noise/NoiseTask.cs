using System.Runtime.CompilerServices;
using Reparam.Tensors.Random;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Fills y[outer, samples, inner]; a row (o, s) holds elements o * inner to (o + 1) * inner - 1 of sample s.</summary>
internal unsafe struct NoiseTask : ILaneTask
{
    private const int ChunkLength = 4096;

    public RandomKernel Kernel;
    public byte* Y;
    public NoiseStream Stream;
    public int Outer, Samples, Inner;

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        Job<L> job = new() { Task = this };
        // With one sample the rows follow each other without a gap: one long row.
        if (Samples == 1) (job.Task.Outer, job.Task.Inner) = (1, Outer * Inner);
        job.Pieces = (job.Task.Inner + ChunkLength - 1) / ChunkLength;
        job.RowsPerChunk = Math.Max(1, ChunkLength / Math.Max(job.Task.Inner, 1));
        int rows = job.Task.Outer * Samples;
        int chunks = job.Pieces > 1 ? rows * job.Pieces : (rows + job.RowsPerChunk - 1) / job.RowsPerChunk;
        if (job.Task.Inner == 0) return;
        WorkerPool.For(chunks, (long)rows * job.Task.Inner * 16, ref job);
    }

    private struct Job<L> : IChunkJob
        where L : struct, ILanes<L>
    {
        public NoiseTask Task;
        public int Pieces, RowsPerChunk;

        public readonly void Run(int chunk)
        {
            if (Pieces > 1)
            {
                int start = chunk % Pieces * ChunkLength;
                Fill(chunk / Pieces, start, Math.Min(ChunkLength, Task.Inner - start));
                return;
            }

            int end = Math.Min((chunk + 1) * RowsPerChunk, Task.Outer * Task.Samples);
            for (int row = chunk * RowsPerChunk; row < end; row++) Fill(row, 0, Task.Inner);
        }

        private readonly void Fill(int row, int start, int count)
        {
            (int outer, int sample) = Math.DivRem(row, Task.Samples);
            long element = (long)outer * Task.Inner + start;
            byte* y = Task.Y + ((long)row * Task.Inner + start) * L.ElementSize;
            NoiseTile.Fill<L>(Task.Kernel, Task.Stream, Task.Stream.FirstSample + (uint)sample, element, count, y);
        }
    }
}

/// <summary>A run of consecutive elements of one sample.</summary>
internal static unsafe class NoiseTile
{
    private const int Blocks = 32, Bytes = Blocks * 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill<L>(RandomKernel kernel, NoiseStream stream, uint sample, long element, int count, byte* y)
        where L : struct, ILanes<L>
    {
        byte* words = stackalloc byte[Bytes];
        byte* numbers = stackalloc byte[Bytes];
        int perBlock = 16 / L.ElementSize;
        while (count > 0)
        {
            int skip = (int)(element % perBlock);
            int taken = Math.Min(count, Blocks * perBlock - skip);
            int blocks = (skip + taken + perBlock - 1) / perBlock;
            uint first = (uint)(element / perBlock);
            if (kernel == RandomKernel.Normal) Normals<L>(stream, sample, first, blocks, words, numbers);
            else Uniforms<L>(kernel == RandomKernel.UniformOpen, stream, sample, first, blocks, words, numbers);
            Unsafe.CopyBlockUnaligned(y, numbers + skip * L.ElementSize, (uint)(taken * L.ElementSize));
            y += taken * L.ElementSize;
            element += taken;
            count -= taken;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Uniforms<L>(bool open, NoiseStream stream, uint sample, uint first, int blocks, byte* words, byte* numbers)
        where L : struct, ILanes<L>
    {
        for (int block = 0; block < blocks; block++)
        {
            uint* w = (uint*)words + 4 * block;
            (w[0], w[1], w[2], w[3]) = Philox.Block(first + (uint)block, sample, stream.Step, stream.Draw, (uint)stream.Key, (uint)(stream.Key >> 32));
        }

        // Whole vectors: the tiles are multiples of 64 bytes, and any bits are a number.
        for (int i = 0; i < blocks * 16; i += L.Count * L.ElementSize)
        {
            L w = L.Load(words + i);
            L.Store(open ? NoiseLanes.UniformOpen(w) : NoiseLanes.Uniform(w), numbers + i);
        }
    }

    /// <summary>The words of even elements go to the front half of the tile, those of odd elements to the back, so that a
    /// vector of radii meets its vector of angles; the results are woven together again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normals<L>(NoiseStream stream, uint sample, uint first, int blocks, byte* words, byte* numbers)
        where L : struct, ILanes<L>
    {
        uint* even = (uint*)words, odd = (uint*)(words + Bytes / 2);
        for (int block = 0; block < blocks; block++)
        {
            (uint w0, uint w1, uint w2, uint w3) =
                Philox.Block(first + (uint)block, sample, stream.Step, stream.Draw, (uint)stream.Key, (uint)(stream.Key >> 32));
            (even[2 * block], even[2 * block + 1], odd[2 * block], odd[2 * block + 1]) = L.IsSingle ? (w0, w2, w1, w3) : (w0, w1, w2, w3);
        }

        for (int i = 0; i < blocks * 8; i += L.Count * L.ElementSize)
        {
            L cosine = NoiseLanes.Normal(L.Load(words + i), L.Load(words + Bytes / 2 + i), out L sine);
            L.Store(cosine, words + i);
            L.Store(sine, words + Bytes / 2 + i);
        }

        if (L.IsSingle) Weave((float*)words, (float*)numbers, 2 * blocks);
        else Weave((double*)words, (double*)numbers, blocks);
    }

    private static void Weave<T>(T* words, T* numbers, int pairs) where T : unmanaged
    {
        T* odd = words + Bytes / 2 / sizeof(T);
        for (int i = 0; i < pairs; i++) (numbers[2 * i], numbers[2 * i + 1]) = (words[i], odd[i]);
    }
}
