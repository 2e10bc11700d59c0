using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// The backend for the processor, with vectors and threads. This class checks extents and turns buffers into pointers.
/// Each family of kernels has its own folder and is written once for all vector widths (see <see cref="ILanes{L}"/>). A
/// pointer does not keep its buffer alive, and a tensor that no tape owns may become unreachable after its pointer is
/// taken. Every member therefore keeps its buffers alive until it returns.
/// </summary>
internal sealed unsafe partial class CpuBackend : Backend
{
    public override void Fill(TensorBuffer y, double value)
    {
        if (y.DType == DType.Float32) y.AsSpan<float>().Fill((float)value);
        else y.AsSpan<double>().Fill(value);
    }

    public override void Unary(UnaryKernel kernel, TensorBuffer x, TensorBuffer y, double p0 = 0, double p1 = 0)
    {
        Require(x.Length == y.Length && x.DType == y.DType);
        UnaryTask task = new() { Kernel = kernel, X = x.Pointer, Y = y.Pointer, Length = y.Length, P0 = p0, P1 = p1 };
        SimdLevel.Run(y.DType, ref task);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    public override void Binary(BinaryKernel kernel, TensorBuffer a, TensorBuffer b, TensorBuffer y,
        in BroadcastPlan plan, double p0 = 0, double p1 = 0)
    {
        Require(a.DType == y.DType && b.DType == y.DType && plan.Output.Size == y.Length);
        BinaryTask task = new()
        {
            Kernel = kernel, Rows = new BinaryRows(plan)
            {
                A = a.Pointer, B = b.Pointer, Y = y.Pointer, P0 = p0, P1 = p1,
            },
        };
        SimdLevel.Run(y.DType, ref task);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(y);
    }

    public override void Special(SpecialKernel kernel, TensorBuffer a, TensorBuffer? b, TensorBuffer? c, TensorBuffer y)
    {
        Require(Like(y, a) && Like(y, b) && Like(y, c));
        new SpecialTask { Kernel = kernel, A = a.Pointer, B = Address(b), C = Address(c), Y = y.Pointer,
            Length = y.Length, DType = y.DType }.Run();
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
        GC.KeepAlive(y);
    }

    public override void Reduce(ReduceKernel kernel, TensorBuffer x, TensorBuffer y, int outer, int reduce, int inner)
    {
        Require(x.DType == y.DType && x.Length == (long)outer * reduce * inner && y.Length == (long)outer * inner);
        ReduceTask task = new()
        {
            Kernel = kernel, X = x.Pointer, Y = y.Pointer, Outer = outer, Reduce = reduce, Inner = inner,
        };
        SimdLevel.Run(y.DType, ref task);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    public override void MatMul(TensorBuffer a, TensorBuffer b, TensorBuffer? bias, TensorBuffer c, in MatMulPlan plan)
    {
        Require(a.DType == c.DType && b.DType == c.DType
            && (bias is null || (bias.DType == c.DType && bias.Length == plan.N)));
        long size = (long)plan.M * plan.N * plan.Batch;
        Require(a.Length == (long)plan.M * plan.K * plan.Batch && b.Length == (long)plan.K * plan.N * plan.Batch
            && c.Length == size);
        if (plan.K == 0)
        {
            Fill(c, 0);
            if (bias is not null)
                Gather(bias, c, new StridedPlan { Extents = [plan.M * plan.Batch, plan.N], Strides = [0, 1] });
            EpilogueTask epilogue = new() { Nonlinearity = plan.Nonlinearity, C = c.Pointer, Length = c.Length };
            SimdLevel.Run(c.DType, ref epilogue);
            GC.KeepAlive(c);
            return;
        }

        MatMulTask task = new()
        {
            A = a.Pointer, B = b.Pointer, Bias = bias is null ? null : bias.Pointer, C = c.Pointer, Plan = plan,
        };
        if (plan.Batch == 1)
        {
            SimdLevel.Run(c.DType, ref task);
        }
        else
        {
            BatchMatMulTask batch = new() { First = task };
            SimdLevel.Run(c.DType, ref batch);
        }

        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(bias);
        GC.KeepAlive(c);
    }

    public override void Convolution(ConvolutionKernel kernel, TensorBuffer image, TensorBuffer weight,
        TensorBuffer features, TensorBuffer? bias, in ConvolutionPlan plan)
    {
        Require(image.DType == weight.DType && features.DType == weight.DType && plan.Channels % plan.Groups == 0
            && plan.Features % plan.Groups == 0);
        Require(
            image.Length == plan.ImageSize && weight.Length == plan.WeightSize && features.Length == plan.FeatureSize);
        Require(Math.Min(plan.ImageSize, Math.Min(plan.WeightSize, plan.FeatureSize)) > 0);
        bool ofImage = kernel == ConvolutionKernel.Image;
        Require(bias is null || (kernel != ConvolutionKernel.Weight && bias.DType == weight.DType
            && bias.Length == (ofImage ? plan.Channels : plan.Features)));
        if (kernel == ConvolutionKernel.Weight)
        {
            WeightGradientTask task = new()
            {
                Image = image.Pointer, Features = features.Pointer, Weight = weight.Pointer, Plan = plan,
            };
            SimdLevel.Run(weight.DType, ref task);
        }
        else if (ofImage && SpreadTask.Serves(plan))
        {
            SpreadTask task = new()
            {
                Features = features.Pointer, Weight = weight.Pointer, Bias = bias is null ? null : bias.Pointer,
                Image = image.Pointer, Plan = plan,
            };
            SimdLevel.Run(weight.DType, ref task);
        }
        else
        {
            (TensorBuffer source, TensorBuffer result) = ofImage ? (features, image) : (image, features);
            PatchProductTask task = new()
            {
                Source = source.Pointer, Weight = weight.Pointer, Bias = bias is null ? null : bias.Pointer,
                Result = result.Pointer, Plan = plan, OfImage = ofImage,
            };
            SimdLevel.Run(weight.DType, ref task);
        }

        GC.KeepAlive(image);
        GC.KeepAlive(weight);
        GC.KeepAlive(features);
        GC.KeepAlive(bias);
    }

    public override void Gather(TensorBuffer x, TensorBuffer y, in StridedPlan plan) =>
        Copy(x, y, plan, scatter: false);

    public override void Scatter(TensorBuffer x, TensorBuffer y, in StridedPlan plan) =>
        Copy(y, x, plan, scatter: true);

    public override void Density(
        DensityKernel kernel, TensorBuffer a, TensorBuffer b, TensorBuffer? c, TensorBuffer? d, TensorBuffer y,
        TensorBuffer? first, TensorBuffer? second,
        in DensityPlan plan)
    {
        (int rows, int columns) = (plan.Rows, plan.Columns);
        bool Fits(TensorBuffer? operand, int count) => operand is null
            || (operand.DType == y.DType && operand.Length == (long)count * columns);
        Require(y.Length == rows && Fits(a, plan.RowsA) && Fits(b, plan.RowsB) && Fits(c, plan.RowsC)
            && Fits(d, plan.RowsD) && Fits(first, rows) && Fits(second, rows));
        Require(rows == 0 || (plan.RowsA > 0 && plan.RowsB > 0 && plan.RowsC > 0 && plan.RowsD > 0));
        Require((c is not null || kernel == DensityKernel.BernoulliLogits)
            && (d is not null || kernel != DensityKernel.NormalKL)
            && ((first is null) == (second is null) || kernel == DensityKernel.BernoulliLogits));
        DensityTask task = new()
        {
            Kernel = kernel, Plan = plan, A = a.Pointer, B = b.Pointer, C = Address(c), D = Address(d), Y = y.Pointer,
            First = Address(first), Second = Address(second),
        };
        SimdLevel.Run(y.DType, ref task);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
        GC.KeepAlive(d);
        GC.KeepAlive(y);
        GC.KeepAlive(first);
        GC.KeepAlive(second);
    }

    public override double SumOfSquares(TensorBuffer x)
    {
        double sum = 0;
        SquaresTask task = new() { X = x.Pointer, Length = x.Length, Sum = &sum };
        SimdLevel.Run(x.DType, ref task);
        GC.KeepAlive(x);
        return sum;
    }

    public override void Random(
        RandomKernel kernel, TensorBuffer y, in NoiseStream stream, int outer, int samples, int inner,
        TensorBuffer? scale = null, TensorBuffer? loc = null)
    {
        Require(y.Length == (long)outer * samples * inner && Repeats(scale, y) && Repeats(loc, y)
            && (loc is null || (scale is not null && scale.Length == loc.Length)));
        NoiseTask task = new()
        {
            Kernel = kernel, Y = y.Pointer, Stream = stream, Outer = outer, Samples = samples, Inner = inner,
            Scale = Address(scale), Loc = Address(loc), Period = scale?.Length ?? 0,
        };
        SimdLevel.Run(y.DType, ref task);
        GC.KeepAlive(y);
        GC.KeepAlive(scale);
        GC.KeepAlive(loc);
    }

    public override void Update(UpdateKernel kernel, TensorBuffer parameter, TensorBuffer gradient, TensorBuffer? first,
        TensorBuffer? second, in UpdateScalars scalars)
    {
        bool needsFirst = kernel is UpdateKernel.Momentum or UpdateKernel.Adam or UpdateKernel.AdamW
            or UpdateKernel.Adamax;
        bool needsSecond = kernel is not (UpdateKernel.Sgd or UpdateKernel.Momentum);
        Require((first is not null || !needsFirst) && (second is not null || !needsSecond));
        Require(Like(parameter, gradient) && Like(parameter, first) && Like(parameter, second));
        UpdateTask task = new()
        {
            Kernel = kernel, Parameter = parameter.Pointer, Gradient = gradient.Pointer, Length = parameter.Length,
            Scalars = scalars,
            First = first is null ? null : first.Pointer, Second = second is null ? null : second.Pointer,
        };
        SimdLevel.Run(parameter.DType, ref task);
        GC.KeepAlive(parameter);
        GC.KeepAlive(gradient);
        GC.KeepAlive(first);
        GC.KeepAlive(second);
    }

    public override bool IsFinite(TensorBuffer x)
    {
        int failed = 0;
        FiniteTask task = new() { X = x.Pointer, Length = x.Length, Failed = &failed };
        SimdLevel.Run(x.DType, ref task);
        GC.KeepAlive(x);
        return failed == 0;
    }

    public override void FromBytes(ReadOnlySpan<byte> levels, TensorBuffer y, double scale, double offset)
    {
        Require(levels.Length == y.Length);
        fixed (byte* source = levels)
        {
            BytesTask task = new()
            {
                Levels = source, Y = y.Pointer, Length = y.Length, Scale = scale, Offset = offset,
            };
            SimdLevel.Run(y.DType, ref task);
            GC.KeepAlive(y);
        }
    }

    private static void Copy(TensorBuffer view, TensorBuffer dense, in StridedPlan plan, bool scatter)
    {
        Require(view.DType == dense.DType);
        StridedJob job = new(view.Pointer, dense.Pointer, TensorBuffer.SizeOf(dense.DType), plan, scatter);
        Require(job.Size == dense.Length);
        WorkerPool.For(job.Chunks, job.Size, ref job);
        GC.KeepAlive(view);
        GC.KeepAlive(dense);
    }

    private static byte* Address(TensorBuffer? buffer) => buffer is null ? null : buffer.Pointer;

    private static bool Repeats(TensorBuffer? operand, TensorBuffer y) =>
        operand is null
            || (operand.DType == y.DType && (y.Length == 0 || (operand.Length > 0 && y.Length % operand.Length == 0)));

    private static bool Like(TensorBuffer parameter, TensorBuffer? other) =>
        other is null || (other.DType == parameter.DType && other.Length == parameter.Length);

    /// <summary>Kernels write through pointers, so an operation that passes wrong extents must fail here.</summary>
    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new ArgumentException(
                "The buffers do not fit the operation: element types or lengths differ from the plan.");
        }
    }
}
