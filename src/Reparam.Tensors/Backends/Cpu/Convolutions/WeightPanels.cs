using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// Packs the weights as left operands, [rows, (channel, tap)] for each phase and group. The blocks of the inner
/// dimension follow one another; each block contains the panels that a <see cref="TileJob{L}"/> reads. A chunk is one
/// panel of a phase and group, in all blocks.
/// </summary>
internal unsafe struct WeightPanels<L> : IChunkJob
    where L : struct, ILanes<L>
{
    public byte* Weight, Packed;
    public ConvolutionPlan Plan;
    public PatchGeometry Geometry;
    public bool OfImage;

    /// <summary>For one group: the rows of the operand, and the channels that the sum runs over.</summary>
    public int Rows, Channels;

    private static int TileRows => TileShape.For<L>().Rows;

    private readonly int Panels => (Rows + TileRows - 1) / TileRows;

    public readonly int Chunks => Geometry.PhaseCount * Plan.Groups * Panels;

    public readonly long Bytes => (long)Panels * TileRows * Channels * Plan.Taps * Plan.Groups * L.ElementSize;

    /// <summary>The packed operand of a phase and group, from position <paramref name="k"/> of the inner dimension on,
    /// which is a multiple of the block length.</summary>
    public readonly byte* this[int phase, int group, int k]
    {
        get
        {
            long before = (long)Geometry.Phases[phase].FirstTap * Plan.Groups + (long)Geometry.Phases[phase]
                .Taps * group;
            return Packed + (before * Channels + k) * Panels * TileRows * L.ElementSize;
        }
    }

    public readonly void Run(int chunk)
    {
        (int rest, int panel) = Math.DivRem(chunk, Panels);
        (int phase, int group) = Math.DivRem(rest, Plan.Groups);
        int depth = Geometry.Phases[phase].Taps * Channels, row = panel * TileRows,
            valid = Math.Min(TileRows, Rows - row);
        byte* weight = Weight + (long)group * Rows * Channels * Plan.Taps * L.ElementSize;
        for (int k = 0; k < depth; k += MatMulTask.BlockDepth)
        {
            int count = Math.Min(MatMulTask.BlockDepth, depth - k);
            byte* target = this[phase, group, k] + (long)row * count * L.ElementSize;
            if (!OfImage)
            {
                Packing.Transposed(weight + ((long)row * depth + k) * L.ElementSize, (long)depth * L.ElementSize, valid,
                    TileRows, count, L.ElementSize, target);
            }
            else if (L.IsSingle) Gather((float*)weight, phase, row, valid, k, count, (float*)target);
            else Gather((double*)weight, phase, row, valid, k, count, (double*)target);
        }
    }

    /// <summary>The kernels of neighbouring rows are one kernel apart in memory; those of neighbouring channels are the
    /// kernels of all rows apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Gather<T>(T* weight, int phase, int row, int valid, int k, int count, T* target)
        where T : unmanaged
    {
        Phase part = Geometry.Phases[phase];
        int width = TileRows, taps = Plan.Taps;
        (int channel, int tap) = Math.DivRem(k, part.Taps);
        for (; count > 0; count--, target += width)
        {
            T* source = weight + ((long)channel * Rows + row) * taps + Geometry.Taps[part.FirstTap + tap].Weight;
            for (int i = 0; i < width; i++) target[i] = i < valid ? source[(long)i * taps] : default;
            if (++tap < part.Taps) continue;
            tap = 0;
            channel++;
        }
    }
}
