namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// The gradient of the weight: [features, positions] times [positions, (channel, tap)]. Each unit of the cut of
/// positions is a separate product, with FMA chains from zero, and the products of the units are added in order. The
/// units of a slab are computed in parallel, each into its own memory.
/// </summary>
internal unsafe struct WeightGradientTask : ILaneTask
{
    private const int OffsetSlot = 1, PartialSlot = 4;
    private const long SlabBytes = 16 << 20;

    public byte* Image, Features, Weight;
    public ConvolutionPlan Plan;

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        PatchGeometry geometry = PatchGeometry.OfFeatures(Plan);
        PositionCut cut = new(Plan.Batch, Plan.Grid.Height, Plan.Grid.Width);
        PaddedImages padded = new(Image, Plan.Channels, Plan.Image, L.ElementSize, geometry, cut);
        long* offsets = (long*)Scratch.Take(OffsetSlot, (long)Plan.Taps * sizeof(long));
        for (int tap = 0; tap < Plan.Taps; tap++) offsets[tap] = padded.OffsetOf(geometry.Taps[tap]);
        WeightGradientJob<L> job = new()
        {
            Plan = Plan, Geometry = geometry, Cut = cut, Padded = padded, Features = Features, Offsets = offsets,
        };
        int units = (int)Math.Clamp(SlabBytes / job.PartialBytes, 1, cut.Count);
        job.Partials = Scratch.Take(PartialSlot, units * job.PartialBytes);
        PartialSum<L> sum = new()
        {
            Partials = job.Partials, PartialBytes = job.PartialBytes, Stride = job.Stride, Weight = Weight,
            Columns = job.Columns, Rows = Plan.Features,
        };
        for (int first = 0; first < cut.Count; first += units)
        {
            job.FirstUnit = sum.FirstUnit = first;
            sum.Units = Math.Min(units, cut.Count - first);
            WorkerPool.For(sum.Units * job.Parts,
                Plan.WeightSize * cut.Images * cut.BandRows * cut.Columns * sum.Units / 8, ref job);
            WorkerPool.For(Plan.Features, Plan.WeightSize * sum.Units / 4, ref sum);
        }
    }

    /// <summary>Adds the products of the units in order, row by row.</summary>
    private struct PartialSum<L> : IChunkJob
        where L : struct, ILanes<L>
    {
        public byte* Partials, Weight;
        public long PartialBytes, Stride;
        public int FirstUnit, Units, Rows, Columns;

        public readonly void Run(int row)
        {
            int vector = L.Count * L.ElementSize;
            long size = (long)Columns * L.ElementSize;
            byte* from = Partials + row * Stride, to = Weight + row * size;
            for (long at = 0; at < size; at += vector)
            {
                L sum = FirstUnit == 0 ? L.Load(from + at) : L.Load(to + at) + L.Load(from + at);
                for (int unit = 1; unit < Units; unit++) sum += L.Load(from + unit * PartialBytes + at);
                if (at + vector <= size) L.Store(sum, to + at);
                else Partial.Store(sum, to + at, size - at);
            }
        }
    }
}
