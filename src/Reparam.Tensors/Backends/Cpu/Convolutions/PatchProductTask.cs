namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// The features of a convolution from the image, or the image from the features: for each phase (see
/// <see cref="PatchGeometry"/>) the product of the weights with the patches. The patches are packed from padded rows,
/// one panel at a time, and never stored all together. The bits are those of the matrix product: FMA chains over
/// (channel, tap), in blocks of <see cref="MatMulTask.BlockDepth"/>, the bias last.
/// </summary>
internal unsafe struct PatchProductTask : ILaneTask
{
    private const int OffsetSlot = 1, WeightSlot = 4;

    public byte* Source, Weight, Bias, Result;
    public ConvolutionPlan Plan;
    public bool OfImage;

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        PatchGeometry geometry = OfImage ? PatchGeometry.OfImage(Plan) : PatchGeometry.OfFeatures(Plan);
        (int sources, int results) = OfImage ? (Plan.Features, Plan.Channels) : (Plan.Channels, Plan.Features);
        PositionCut cut = new(Plan.Batch, geometry.Rows, geometry.Columns);
        PaddedImages padded = new(Source, sources, OfImage ? Plan.Grid : Plan.Image, L.ElementSize, geometry, cut);
        WeightPanels<L> weights = new()
        {
            Weight = Weight, Plan = Plan, OfImage = OfImage, Geometry = geometry, Rows = results / Plan.Groups,
            Channels = sources / Plan.Groups,
        };
        weights.Packed = Scratch.Take(WeightSlot, weights.Bytes);
        WorkerPool.For(weights.Chunks, Plan.WeightSize, ref weights);

        PatchProductJob<L> job = new()
        {
            Weights = weights, Geometry = geometry, Cut = cut, Padded = padded, Bias = Bias, Result = Result,
            Results = results,
            Extent = OfImage ? Plan.Image : Plan.Grid, Groups = Plan.Groups,
            Offsets = Offsets(geometry, padded, weights.Channels),
        };
        WorkerPool.For(cut.Count, Plan.FeatureSize * (Plan.Channels / Plan.Groups) * Plan.Taps / 8, ref job);
    }

    /// <summary>The offset in the padded rows for every phase, channel of a group and tap, in the order of the inner
    /// dimension.</summary>
    private static long* Offsets(in PatchGeometry geometry, in PaddedImages padded, int channels)
    {
        long count = 0;
        for (int p = 0; p < geometry.PhaseCount; p++) count += (long)geometry.Phases[p].Taps * channels;
        long* offsets = (long*)Scratch.Take(OffsetSlot, count * sizeof(long)), next = offsets;
        for (int p = 0; p < geometry.PhaseCount; p++)
        {
            Phase phase = geometry.Phases[p];
            for (int channel = 0; channel < channels; channel++)
            {
                for (int tap = phase.FirstTap; tap < phase.FirstTap + phase.Taps; tap++)
                    *next++ = channel * padded.PlaneBytes + padded.OffsetOf(geometry.Taps[tap]);
            }
        }

        return offsets;
    }
}
