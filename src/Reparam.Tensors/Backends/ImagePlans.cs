namespace Reparam.Tensors.Backends;

/// <summary>Windows that slide over planes [planes, H, W] to outputs [planes, OH, OW]. Elements outside the plane are
/// not there.</summary>
internal enum PoolKernel
{
    /// <summary>y = scale * the sum over the window, its rows in order.</summary>
    Sum,

    /// <summary>The transpose of <see cref="Sum"/>: each y spread over its window.</summary>
    SumGradient,

    /// <summary>The largest element of the window; NaN if any is.</summary>
    Max,

    /// <summary>Each g added to the first NaN of its window, or else to the first of the largest elements.</summary>
    MaxGradient,
}

/// <summary>Extents of a pool: windows of Kernel elements every Stride elements, the first one Pad elements before the
/// plane.</summary>
internal readonly record struct PoolPlan(
    int Planes, int Height, int Width, int OutHeight, int OutWidth, int KernelHeight, int KernelWidth, int StrideY,
    int StrideX, int PadY, int PadX, double Scale);

/// <summary>
/// A normalisation of x[Outer, Channels, Inner]: the channels of each outer index fall into Groups runs of equal
/// length, and each run, contiguous in memory, is a set with a mean and a variance of its own. Scale and offset belong
/// to a channel.
/// </summary>
internal readonly record struct NormPlan(int Outer, int Channels, int Inner, int Groups, double Epsilon)
{
    /// <summary>Number of sets.</summary>
    public int Sets => Outer * Groups;

    /// <summary>Channels of a set.</summary>
    public int Run => Channels / Groups;
}
