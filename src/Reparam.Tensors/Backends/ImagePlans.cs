namespace Reparam.Tensors.Backends;

/// <summary>Windows that slide over planes [planes, H, W] and give outputs [planes, OH, OW]. Positions outside the
/// plane have no element.</summary>
internal enum PoolKernel
{
    /// <summary>y = scale * the sum over the window, row by row in order.</summary>
    Sum,

    /// <summary>The transpose of <see cref="Sum"/>: scale * g is added to every element of the window.</summary>
    SumGradient,

    /// <summary>The largest element of the window; NaN if an element is NaN.</summary>
    Max,

    /// <summary>Each g is added to the first NaN of its window, or, without a NaN, to the first of the largest
    /// elements.</summary>
    MaxGradient,
}

/// <summary>Extents of a pool: windows of Kernel elements every Stride elements, the first one Pad elements before the
/// plane.</summary>
internal readonly record struct PoolPlan(
    int Planes, int Height, int Width, int OutHeight, int OutWidth, int KernelHeight, int KernelWidth, int StrideY,
    int StrideX, int PadY, int PadX, double Scale);

/// <summary>
/// A normalisation of x[Outer, Channels, Inner]: the channels of each outer index are divided into Groups groups of
/// consecutive channels, of equal size. Each group is contiguous in memory and is a set with its own mean and variance.
/// Each channel has its own weight and bias.
/// </summary>
internal readonly record struct NormPlan(int Outer, int Channels, int Inner, int Groups, double Epsilon)
{
    /// <summary>Number of sets.</summary>
    public int Sets => Outer * Groups;

    /// <summary>Channels of a set.</summary>
    public int Run => Channels / Groups;
}
