namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// The image from the features, if the image has few channels: the product of all (channel, tap) pairs with the
/// features, [channels * taps, features] by [features, positions], whose rows are then added to the pixels of the image
/// that they belong to. The patches of <see cref="PatchProductTask"/> would pack every feature once for each tap, for
/// only a few rows. The order of summation: FMA chains over the features in blocks of
/// <see cref="MatMulTask.BlockDepth"/>, the taps added in order, the bias last.
/// </summary>
internal unsafe struct SpreadTask : ILaneTask
{
    private const int MaxChannels = 8, MaxStride = 8, MaxProduct = 1 << 18;
    private const int OffsetSlot = 1, WeightSlot = 4;

    public byte* Features, Weight, Bias, Image;
    public ConvolutionPlan Plan;

    /// <summary>Whether a convolution is computed in this way: a function of its extents only.</summary>
    public static bool Serves(in ConvolutionPlan plan)
    {
        int channels = plan.Channels / plan.Groups;
        long positions = Math.Max((long)plan.Grid.Height * plan.Grid.Width, PositionCut.UnitPositions);
        return channels <= MaxChannels && plan.Taps > 1 && plan.Stride.Width <= MaxStride
            && positions * channels <= MaxProduct / plan.Taps;
    }

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        TileShape tile = TileShape.For<L>();
        int rows = Plan.Channels / Plan.Groups * Plan.Taps, depth = Plan.Features / Plan.Groups,
            positions = Plan.Grid.Height * Plan.Grid.Width;
        int panels = (rows + tile.Rows - 1) / tile.Rows;
        SpreadJob<L> job = new()
        {
            Plan = Plan, Cut = new PositionCut(Plan.Batch, 1, positions), Features = Features, Bias = Bias,
            Image = Image,
        };
        job.GroupBytes = (long)panels * tile.Rows * depth * L.ElementSize;
        job.Weights = Scratch.Take(WeightSlot, job.GroupBytes * Plan.Groups);
        job.Offsets = (long*)Scratch.Take(OffsetSlot, (long)depth * sizeof(long));
        for (int k = 0; k < depth; k++) job.Offsets[k] = (long)k * positions * L.ElementSize;
        for (int group = 0; group < Plan.Groups; group++)
        {
            byte* weight = Weight + (long)group * rows * depth * L.ElementSize;
            for (int k = 0; k < depth; k += MatMulTask.BlockDepth)
            {
                int count = Math.Min(MatMulTask.BlockDepth, depth - k);
                byte* target = job.Weights + group * job.GroupBytes + (long)panels * tile.Rows * k * L.ElementSize;
                for (int row = 0; row < rows; row += tile.Rows)
                {
                    Packing.Straight(
                        weight + ((long)k * rows + row) * L.ElementSize, (long)rows * L.ElementSize,
                        Math.Min(tile.Rows, rows - row), tile.Rows, count, L.ElementSize,
                        target + (long)row * count * L.ElementSize);
                }
            }
        }

        WorkerPool.For(job.Cut.Count, Plan.FeatureSize * rows / 8, ref job);
    }
}
