using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Reparam.Tensors.Random;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// Computes many Philox blocks at a time, one per 64-bit lane. The widening product reads only the low half of a lane,
/// so the bits in the high half have no effect. Integer arithmetic has no rounding, so the words are those of
/// <see cref="Philox.Block"/>.
/// </summary>
internal static unsafe class PhiloxLanes
{
    /// <summary>Blocks are made in groups of this size; the targets have memory for whole groups.</summary>
    public const int Group = 8;

    /// <summary>Two 64-bit values for every block: words (0, 1) and (2, 3), or (0, 2) and (1, 3) if crossed, low word
    /// first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Fill(
        NoiseStream stream, uint sample, uint first, int blocks, bool crossed, ulong* front, ulong* back)
    {
        for (int block = 0; block < blocks; block += Group)
        {
            uint start = first + (uint)block;
            if (Avx512F.IsSupported && Vector512.IsHardwareAccelerated)
            {
                Eight(stream, sample, start, crossed, front + block, back + block);
            }
            else if (Avx2.IsSupported)
            {
                Four(stream, sample, start, crossed, front + block, back + block);
                Four(stream, sample, start + 4, crossed, front + block + 4, back + block + 4);
            }
            else
            {
                for (int i = block; i < Math.Min(block + Group, blocks); i++)
                    One(stream, sample, first + (uint)i, crossed, front + i, back + i);
            }
        }
    }

    private static void One(NoiseStream stream, uint sample, uint block, bool crossed, ulong* front, ulong* back)
    {
        (uint w0, uint w1, uint w2, uint w3) =
            Philox.Block(block, sample, stream.Step, stream.Draw, (uint)stream.Key, (uint)(stream.Key >> 32));
        *front = w0 | ((ulong)(crossed ? w2 : w1) << 32);
        *back = (crossed ? w1 : w2) | ((ulong)w3 << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(NoiseStream stream, uint sample, uint block, bool crossed, ulong* front, ulong* back)
    {
        // The counter is 32 bits wide and wraps; lanes hold it in their low half.
        Vector512<ulong> c0 = Vector512.Create((ulong)block) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
        Vector512<ulong> c1 = Vector512.Create((ulong)sample), c2 = Vector512.Create((ulong)stream.Step),
            c3 = Vector512.Create((ulong)stream.Draw);
        Vector512<uint> m0 = Vector512.Create((ulong)Philox.Multiplier0).AsUInt32(),
            m1 = Vector512.Create((ulong)Philox.Multiplier1).AsUInt32();
        uint k0 = (uint)stream.Key, k1 = (uint)(stream.Key >> 32);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector512<ulong> p0 = Avx512F.Multiply(m0, c0.AsUInt32()), p1 = Avx512F.Multiply(m1, c2.AsUInt32());
            c0 = (p1 >> 32) ^ c1 ^ Vector512.Create((ulong)k0);
            c1 = p1;
            c2 = (p0 >> 32) ^ c3 ^ Vector512.Create((ulong)k1);
            c3 = p0;
            k0 += Philox.Weyl0;
            k1 += Philox.Weyl1;
        }

        Vector512<ulong> low = Vector512.Create(0xFFFFFFFFUL);
        Vector512.Store((c0 & low) | ((crossed ? c2 : c1) << 32), front);
        Vector512.Store(((crossed ? c1 : c2) & low) | (c3 << 32), back);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(NoiseStream stream, uint sample, uint block, bool crossed, ulong* front, ulong* back)
    {
        // The counter is 32 bits wide and wraps; lanes hold it in their low half.
        Vector256<ulong> c0 = Vector256.Create((ulong)block) + Vector256.Create(0UL, 1, 2, 3);
        Vector256<ulong> c1 = Vector256.Create((ulong)sample), c2 = Vector256.Create((ulong)stream.Step),
            c3 = Vector256.Create((ulong)stream.Draw);
        Vector256<uint> m0 = Vector256.Create((ulong)Philox.Multiplier0).AsUInt32(),
            m1 = Vector256.Create((ulong)Philox.Multiplier1).AsUInt32();
        uint k0 = (uint)stream.Key, k1 = (uint)(stream.Key >> 32);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector256<ulong> p0 = Avx2.Multiply(m0, c0.AsUInt32()), p1 = Avx2.Multiply(m1, c2.AsUInt32());
            c0 = (p1 >> 32) ^ c1 ^ Vector256.Create((ulong)k0);
            c1 = p1;
            c2 = (p0 >> 32) ^ c3 ^ Vector256.Create((ulong)k1);
            c3 = p0;
            k0 += Philox.Weyl0;
            k1 += Philox.Weyl1;
        }

        Vector256<ulong> low = Vector256.Create(0xFFFFFFFFUL);
        Vector256.Store((c0 & low) | ((crossed ? c2 : c1) << 32), front);
        Vector256.Store(((crossed ? c1 : c2) & low) | (c3 << 32), back);
    }
}
