using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Computes consecutive elements of one sample.</summary>
internal static unsafe class NoiseTile
{
    private const int Blocks = 32, Bytes = Blocks * 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Uniforms<L>(
        bool open, NoiseStream stream, uint sample, uint first, int blocks, byte* words, byte* numbers)
        where L : struct, ILanes<L>
    {
        ulong* front = (ulong*)numbers, back = (ulong*)(numbers + Bytes / 2);
        PhiloxLanes.Fill(stream, sample, first, blocks, crossed: false, front, back);
        for (int block = 0; block < blocks; block++)
        {
            ((ulong*)words)[2 * block] = front[block];
            ((ulong*)words)[2 * block + 1] = back[block];
        }

        // Converts whole vectors: the tiles are multiples of 64 bytes, and every bit pattern of a word gives a number.
        for (int i = 0; i < blocks * 16; i += L.Count * L.ElementSize)
        {
            L w = L.Load(words + i);
            L.Store(open ? NoiseLanes.UniformOpen(w) : NoiseLanes.Uniform(w), numbers + i);
        }
    }

    /// <summary>Box-Muller: the words of even elements, the radii, go to the front half of the tile, the words of odd
    /// elements, the angles, to the back half, so that a vector of radii is combined with its vector of angles. The
    /// results are interleaved again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Normals<L>(NoiseStream stream, uint sample, uint first, int blocks, byte* words, byte* numbers)
        where L : struct, ILanes<L>
    {
        PhiloxLanes.Fill(
            stream, sample, first, blocks, crossed: L.IsSingle, (ulong*)words, (ulong*)(words + Bytes / 2));
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
