using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Backends;

/// <summary>
/// The only interface between operations and the machine. Operations pass buffers, extents and scalars, never a tensor.
/// All buffers of a call have the same element type; outputs never alias inputs unless a member says so. Every member
/// obeys the reproducibility contract: the same inputs give the same bits for any number of threads and any vector
/// width with FMA.
/// </summary>
internal abstract class Backend
{
    /// <summary>The backend that operations of this thread call: inside a <see cref="ShapeScope"/> the backend that
    /// computes nothing, else <see cref="Installed"/>.</summary>
    public static Backend Current => ShapeScope.IsOn ? ShapeBackend.Instance : Installed;

    /// <summary>The backend of the process. It is replaced only while a <see cref="WorkMeter"/> measures.</summary>
    public static Backend Installed { get; set; } = new Cpu.CpuBackend();

    /// <summary>Sets every element to <paramref name="value"/>.</summary>
    public abstract void Fill(TensorBuffer y, double value);

    /// <summary>y[i] = kernel(x[i]; p0, p1). <paramref name="y"/> may be <paramref name="x"/>.</summary>
    public abstract void Unary(UnaryKernel kernel, TensorBuffer x, TensorBuffer y, double p0 = 0, double p1 = 0);

    /// <summary>y[i] = kernel(a[i'], b[i'']; p0, p1), where the plan describes how a and b broadcast to the
    /// output.</summary>
    public abstract void Binary(BinaryKernel kernel, TensorBuffer a, TensorBuffer b, TensorBuffer y,
        in BroadcastPlan plan, double p0 = 0, double p1 = 0);

    /// <summary>y[i] = kernel(a[i], b[i], c[i]), with as many operands as the kernel has arguments, each of the length
    /// of y. Computed in double and rounded once.</summary>
    public abstract void Special(
        SpecialKernel kernel, TensorBuffer a, TensorBuffer? b, TensorBuffer? c, TensorBuffer y);

    /// <summary>Reduces the middle axis of x[outer, reduce, inner] to y[outer, inner]. An empty reduction gives the
    /// kernel's identity.</summary>
    public abstract void Reduce(ReduceKernel kernel, TensorBuffer x, TensorBuffer y, int outer, int reduce, int inner);

    /// <summary>y[row] = the sum of the kernel's terms over the columns. If their buffers are given, the derivatives of
    /// the term of each element are written too.</summary>
    public abstract void Density(
        DensityKernel kernel, TensorBuffer a, TensorBuffer b, TensorBuffer? c, TensorBuffer? d, TensorBuffer y,
        TensorBuffer? first, TensorBuffer? second,
        in DensityPlan plan);

    /// <summary>The sum of the squares of all elements. The squares of a block are summed in the element type, in the
    /// order of the canonical tree; the sums of the blocks are added in double.</summary>
    public abstract double SumOfSquares(TensorBuffer x);

    /// <summary>
    /// c = f(op(a) op(b) + bias), where op(a) is [M, K], op(b) is [K, N] and c is [M, N]. A bias, [N], is added to
    /// every row. The plan says whether op transposes, and gives the nonlinearity f. Each element is a sum of K
    /// products: one FMA chain from zero for each block of a fixed length; the blocks are added in order, the bias
    /// last. For a plan for which the method <c>MatMulTask.SumsInLanes</c> is true, each lane of a vector sums a part
    /// of the K products instead, and the lanes are added last. With a batch, this is repeated for each matrix.
    /// </summary>
    public abstract void MatMul(TensorBuffer a, TensorBuffer b, TensorBuffer? bias, TensorBuffer c, in MatMulPlan plan);

    /// <summary>
    /// Computes one of the three tensors of a convolution from the other two (see <see cref="ConvolutionKernel"/>). The
    /// order of summation is that of a matrix product: over (channel, tap) or, for the weight, over positions, in parts
    /// fixed by the extents. The bias, one number per channel of the result, is added last; the weight has no bias. No
    /// extent is 0.
    /// </summary>
    public abstract void Convolution(ConvolutionKernel kernel, TensorBuffer image, TensorBuffer weight,
        TensorBuffer features, TensorBuffer? bias, in ConvolutionPlan plan);

    /// <summary>y (contiguous) = the strided view of x.</summary>
    public abstract void Gather(TensorBuffer x, TensorBuffer y, in StridedPlan plan);

    /// <summary>The strided view of y = x (contiguous). Elements outside the view keep their values.</summary>
    public abstract void Scatter(TensorBuffer x, TensorBuffer y, in StridedPlan plan);

    /// <summary>
    /// Fills y[outer, samples, inner] with noise that is a pure function of the stream and the position (see
    /// <see cref="NoiseStream"/>). If <paramref name="scale"/> is given, y is scale * e for the noise e; if
    /// <paramref name="loc"/> is given too, y is fma(scale, e, loc). If scale and loc have fewer elements than y, their
    /// elements repeat.
    /// </summary>
    public abstract void Random(
        RandomKernel kernel, TensorBuffer y, in NoiseStream stream, int outer, int samples, int inner,
        TensorBuffer? scale = null, TensorBuffer? loc = null);

    /// <summary>One optimiser step in place over a parameter and its state (see <see cref="UpdateKernel"/>).</summary>
    public abstract void Update(UpdateKernel kernel, TensorBuffer parameter, TensorBuffer gradient, TensorBuffer? first,
        TensorBuffer? second, in UpdateScalars scalars);

    /// <summary>Whether every element is finite.</summary>
    public abstract bool IsFinite(TensorBuffer x);

    /// <summary>y[i] = levels[i] * scale + offset, the conversion of stored 8-bit data to a batch.</summary>
    public abstract void FromBytes(ReadOnlySpan<byte> levels, TensorBuffer y, double scale, double offset);

    /// <summary>y[outer, extent, inner] = the cumulative sums of x along its middle axis, from the end if
    /// <paramref name="backward"/>. The elements are added in double, in order, and every result is rounded
    /// once.</summary>
    public abstract void CumulativeSum(TensorBuffer x, TensorBuffer y, int outer, int extent, int inner, bool backward);

    /// <summary>y[outer, j, inner] = x[outer, p, inner], where p is the position for j, or for this element if the plan
    /// has a position for each element.</summary>
    public abstract void Pick(TensorBuffer x, ReadOnlySpan<int> positions, TensorBuffer y, in PickPlan plan);

    /// <summary>The gradient of <see cref="Pick"/>: dx starts as 0, and every g[outer, j, inner] is added to dx[outer,
    /// p, inner], in the order of j.</summary>
    public abstract void PickGradient(TensorBuffer g, ReadOnlySpan<int> positions, TensorBuffer dx, in PickPlan plan);

    /// <summary>The lower Cholesky factors of consecutive matrices [n, n], with zeros above the diagonal. Sums are
    /// computed in double, in order. Returns the index of the first matrix that is not positive definite, or -1 if all
    /// are.</summary>
    public abstract int Cholesky(TensorBuffer a, TensorBuffer l, int n);

    /// <summary>x [n, columns] with l x = b, or l^T x = b, for consecutive lower-triangular matrices l [n, n]. Sums are
    /// computed in double, in order.</summary>
    public abstract void TriangularSolve(
        TensorBuffer l, TensorBuffer b, TensorBuffer x, int n, int columns, bool transpose);

    /// <summary>
    /// Slides windows over planes (see <see cref="PoolKernel"/>). Sum and Max read the planes from
    /// <paramref name="source"/> and write outputs to <paramref name="target"/>; the gradients read g from
    /// <paramref name="source"/> and write planes to <paramref name="target"/>. MaxGradient finds the maxima in
    /// <paramref name="planes"/>.
    /// </summary>
    public abstract void Pool(
        PoolKernel kernel, TensorBuffer source, TensorBuffer? planes, TensorBuffer target, in PoolPlan plan);

    /// <summary>y = (x - mean) / sqrt(variance + epsilon) * weight + bias, with the mean and the biased variance of
    /// each set (see <see cref="NormPlan"/>), in two passes. <paramref name="statistics"/> [3, sets] receives mean, 1 /
    /// sqrt(variance + epsilon) and variance.</summary>
    public abstract void Normalize(TensorBuffer x, TensorBuffer? weight, TensorBuffer? bias, TensorBuffer y,
        TensorBuffer statistics, in NormPlan plan);

    /// <summary>The gradients of <see cref="Normalize"/>: dx, and for each outer index and channel the sums over the
    /// inner axis of g (x - mean) / sqrt(variance + epsilon) in <paramref name="byWeight"/> (given if the weight is
    /// given) and of g in <paramref name="byBias"/> (not given if Inner is 1, because it equals g then).</summary>
    public abstract void NormalizeGradient(
        TensorBuffer g, TensorBuffer x, TensorBuffer? weight, TensorBuffer statistics, TensorBuffer dx,
        TensorBuffer? byWeight, TensorBuffer? byBias, in NormPlan plan);
}
