using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Backends;

/// <summary>
/// A backend that computes nothing, for tensors without elements (see <see cref="ShapeScope"/>): it touches no buffer.
/// The return values are chosen so that a computation continues.
/// </summary>
internal sealed class ShapeBackend : Backend
{
    public static ShapeBackend Instance { get; } = new();

    public override void Fill(TensorBuffer y, double value)
    {
    }

    public override void Unary(UnaryKernel kernel, TensorBuffer x, TensorBuffer y, double p0 = 0, double p1 = 0)
    {
    }

    public override void Binary(
        BinaryKernel kernel, TensorBuffer a, TensorBuffer b, TensorBuffer y, in BroadcastPlan plan, double p0 = 0,
        double p1 = 0)
    {
    }

    public override void Special(SpecialKernel kernel, TensorBuffer a, TensorBuffer? b, TensorBuffer? c, TensorBuffer y)
    {
    }

    public override void Reduce(ReduceKernel kernel, TensorBuffer x, TensorBuffer y, int outer, int reduce, int inner)
    {
    }

    public override void Density(
        DensityKernel kernel, TensorBuffer a, TensorBuffer b, TensorBuffer? c, TensorBuffer? d, TensorBuffer y,
        TensorBuffer? first, TensorBuffer? second, in DensityPlan plan)
    {
    }

    /// <summary>Returns 1, so that the norm of a gradient is not 0.</summary>
    public override double SumOfSquares(TensorBuffer x) => 1;

    public override void MatMul(TensorBuffer a, TensorBuffer b, TensorBuffer? bias, TensorBuffer c, in MatMulPlan plan)
    {
    }

    public override void Convolution(
        ConvolutionKernel kernel, TensorBuffer image, TensorBuffer weight, TensorBuffer features, TensorBuffer? bias,
        in ConvolutionPlan plan)
    {
    }

    public override void Gather(TensorBuffer x, TensorBuffer y, in StridedPlan plan)
    {
    }

    public override void Scatter(TensorBuffer x, TensorBuffer y, in StridedPlan plan)
    {
    }

    public override void Random(
        RandomKernel kernel, TensorBuffer y, in NoiseStream stream, int outer, int samples, int inner,
        TensorBuffer? scale = null, TensorBuffer? loc = null)
    {
    }

    public override void Update(
        UpdateKernel kernel, TensorBuffer parameter, TensorBuffer gradient, TensorBuffer? first, TensorBuffer? second,
        in UpdateScalars scalars)
    {
    }

    public override bool IsFinite(TensorBuffer x) => true;

    public override void FromBytes(ReadOnlySpan<byte> levels, TensorBuffer y, double scale, double offset)
    {
    }

    public override void CumulativeSum(
        TensorBuffer x, TensorBuffer y, int outer, int extent, int inner, bool backward)
    {
    }

    public override void Pick(TensorBuffer x, ReadOnlySpan<int> positions, TensorBuffer y, in PickPlan plan)
    {
    }

    public override void PickGradient(TensorBuffer g, ReadOnlySpan<int> positions, TensorBuffer dx, in PickPlan plan)
    {
    }

    /// <summary>All matrices are positive definite.</summary>
    public override int Cholesky(TensorBuffer a, TensorBuffer l, int n) => -1;

    public override void TriangularSolve(
        TensorBuffer l, TensorBuffer b, TensorBuffer x, int n, int columns, bool transpose)
    {
    }

    public override void Pool(
        PoolKernel kernel, TensorBuffer source, TensorBuffer? planes, TensorBuffer target, in PoolPlan plan)
    {
    }

    public override void Normalize(
        TensorBuffer x, TensorBuffer? weight, TensorBuffer? bias, TensorBuffer y, TensorBuffer statistics,
        in NormPlan plan)
    {
    }

    public override void NormalizeGradient(
        TensorBuffer g, TensorBuffer x, TensorBuffer? weight, TensorBuffer statistics, TensorBuffer dx,
        TensorBuffer? byWeight, TensorBuffer? byBias, in NormPlan plan)
    {
    }
}
