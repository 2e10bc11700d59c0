using System.Diagnostics;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Backends;

/// <summary>A backend that times every call of another backend and reports it to a <see cref="WorkMeter"/>.</summary>
internal sealed class MeteredBackend(Backend inner, WorkMeter meter) : Backend
{
    public override void Fill(TensorBuffer y, double value)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Fill(y, value);
        Report("copies", "fill", start, [], [y]);
    }

    public override void Unary(UnaryKernel kernel, TensorBuffer x, TensorBuffer y, double p0 = 0, double p1 = 0)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Unary(kernel, x, y, p0, p1);
        Report("elementwise", $"{kernel} {x.Length}", start, [x], [y]);
    }

    public override void Binary(BinaryKernel kernel, TensorBuffer a, TensorBuffer b, TensorBuffer y,
        in BroadcastPlan plan, double p0 = 0, double p1 = 0)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Binary(kernel, a, b, y, plan, p0, p1);
        Report("elementwise", $"{kernel} {y.Length}", start, [a, b], [y]);
    }

    public override void Special(SpecialKernel kernel, TensorBuffer a, TensorBuffer? b, TensorBuffer? c, TensorBuffer y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Special(kernel, a, b, c, y);
        Report("special functions", $"{kernel} {y.Length}", start, [a, b, c], [y]);
    }

    public override void Reduce(ReduceKernel kernel, TensorBuffer x, TensorBuffer y, int outer, int reduce, int extent)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Reduce(kernel, x, y, outer, reduce, extent);
        Report("reductions", $"{kernel} {outer}x{reduce}x{extent}", start, [x], [y]);
    }

    public override void MatMul(TensorBuffer a, TensorBuffer b, TensorBuffer? bias, TensorBuffer c, in MatMulPlan plan)
    {
        long start = Stopwatch.GetTimestamp();
        inner.MatMul(a, b, bias, c, plan);
        string form = (plan.TransposeA ? "t" : "n") + (plan.TransposeB ? "t" : "n");
        string batch = plan.Batch == 1 ? "" : $"{plan.Batch} of ";
        Report("products", $"product {form} {batch}{plan.M}x{plan.N}x{plan.K}", start, [a, b], [c],
            2.0 * plan.Batch * plan.M * plan.N * plan.K);
    }

    public override void Convolution(ConvolutionKernel kernel, TensorBuffer image, TensorBuffer weight,
        TensorBuffer features, TensorBuffer? bias, in ConvolutionPlan plan)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Convolution(kernel, image, weight, features, bias, plan);
        string extents = $"{plan.Batch}x{plan.Channels}x{plan.Image.Height}x{plan.Image.Width} to " +
            $"{plan.Features}x{plan.Grid.Height}x{plan.Grid.Width}";
        double flops = 2.0 * plan.FeatureSize * (plan.Channels / plan.Groups) * plan.Taps;
        TensorBuffer result = kernel switch
        {
            ConvolutionKernel.Features => features, ConvolutionKernel.Image => image, _ => weight,
        };
        ReadOnlySpan<TensorBuffer?> operands = kernel switch
        {
            ConvolutionKernel.Features => [image, weight], ConvolutionKernel.Image => [weight, features],
            _ => [image, features],
        };
        Report("convolutions", $"{kernel} {extents}", start, operands, [result], flops);
    }

    public override void Pool(
        PoolKernel kernel, TensorBuffer source, TensorBuffer? planes, TensorBuffer target, in PoolPlan plan)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Pool(kernel, source, planes, target, plan);
        Report("pools", $"{kernel} {plan.Planes}x{plan.Height}x{plan.Width} to {plan.OutHeight}x{plan.OutWidth}", start,
            [source, planes], [target]);
    }

    public override void Normalize(TensorBuffer x, TensorBuffer? weight, TensorBuffer? bias, TensorBuffer y,
        TensorBuffer statistics, in NormPlan plan)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Normalize(x, weight, bias, y, statistics, plan);
        Report("norms", $"norm {plan.Outer}x{plan.Channels}x{plan.Inner} in {plan.Groups}", start, [x], [y]);
    }

    public override void NormalizeGradient(
        TensorBuffer g, TensorBuffer x, TensorBuffer? weight, TensorBuffer statistics, TensorBuffer dx,
        TensorBuffer? byWeight, TensorBuffer? byBias, in NormPlan plan)
    {
        long start = Stopwatch.GetTimestamp();
        inner.NormalizeGradient(g, x, weight, statistics, dx, byWeight, byBias, plan);
        Report("norms", $"norm-gradient {plan.Outer}x{plan.Channels}x{plan.Inner} in {plan.Groups}", start,
            [g, x], [dx, byWeight, byBias]);
    }

    public override void CumulativeSum(TensorBuffer x, TensorBuffer y, int outer, int extent, int count, bool backward)
    {
        long start = Stopwatch.GetTimestamp();
        inner.CumulativeSum(x, y, outer, extent, count, backward);
        Report("reductions", $"cumulative-sum {outer}x{extent}x{count}", start, [x], [y]);
    }

    public override void Pick(TensorBuffer x, ReadOnlySpan<int> positions, TensorBuffer y, in PickPlan plan)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Pick(x, positions, y, plan);
        Report("copies", $"pick {plan.Outer}x{plan.Count}x{plan.Inner} of {plan.Extent}", start, [y], [y]);
    }

    public override void PickGradient(TensorBuffer g, ReadOnlySpan<int> positions, TensorBuffer dx, in PickPlan plan)
    {
        long start = Stopwatch.GetTimestamp();
        inner.PickGradient(g, positions, dx, plan);
        string name = $"pick-gradient {plan.Outer}x{plan.Count}x{plan.Inner} of {plan.Extent}";
        Report("copies", name, start, [g], [dx]);
    }

    public override int Cholesky(TensorBuffer a, TensorBuffer l, int n)
    {
        long start = Stopwatch.GetTimestamp();
        int failed = inner.Cholesky(a, l, n);
        Report(
            "factorisations", $"cholesky {l.Length} of {n}x{n}", start, [a], [l], (double)l.Length * n / 3);
        return failed;
    }

    public override void TriangularSolve(
        TensorBuffer l, TensorBuffer b, TensorBuffer x, int n, int columns, bool transpose)
    {
        long start = Stopwatch.GetTimestamp();
        inner.TriangularSolve(l, b, x, n, columns, transpose);
        Report("factorisations", $"triangular-solve {n}x{n} for {x.Length}", start, [l, b], [x],
            (double)x.Length * n);
    }

    public override void Gather(TensorBuffer x, TensorBuffer y, in StridedPlan plan)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Gather(x, y, plan);
        Report("copies", $"gather {y.Length}", start, [y], [y]);
    }

    public override void Scatter(TensorBuffer x, TensorBuffer y, in StridedPlan plan)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Scatter(x, y, plan);
        Report("copies", $"scatter {x.Length}", start, [x], [y]);
    }

    public override void Density(
        DensityKernel kernel, TensorBuffer a, TensorBuffer b, TensorBuffer? c, TensorBuffer? d, TensorBuffer y,
        TensorBuffer? first, TensorBuffer? second,
        in DensityPlan plan)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Density(kernel, a, b, c, d, y, first, second, plan);
        Report("densities", $"{kernel} {plan.Rows}x{plan.Columns}", start,
            [a, b, c, d], [y, first, second]);
    }

    public override double SumOfSquares(TensorBuffer x)
    {
        long start = Stopwatch.GetTimestamp();
        double sum = inner.SumOfSquares(x);
        Report("reductions", $"sum-of-squares {x.Length}", start, [x], []);
        return sum;
    }

    public override void Random(
        RandomKernel kernel, TensorBuffer y, in NoiseStream stream, int outer, int samples, int extent,
        TensorBuffer? scale = null, TensorBuffer? loc = null)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Random(kernel, y, stream, outer, samples, extent, scale, loc);
        Report("noise", $"{kernel} {y.Length}", start, [scale, loc], [y]);
    }

    public override void Update(UpdateKernel kernel, TensorBuffer parameter, TensorBuffer gradient, TensorBuffer? first,
        TensorBuffer? second, in UpdateScalars scalars)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Update(kernel, parameter, gradient, first, second, scalars);
        Report("updates", $"{kernel} {parameter.Length}", start,
            [parameter, gradient, first, second], [parameter, first, second]);
    }

    public override bool IsFinite(TensorBuffer x)
    {
        long start = Stopwatch.GetTimestamp();
        bool finite = inner.IsFinite(x);
        Report("checks", $"is-finite {x.Length}", start, [x], []);
        return finite;
    }

    public override void FromBytes(ReadOnlySpan<byte> levels, TensorBuffer y, double scale, double offset)
    {
        long start = Stopwatch.GetTimestamp();
        inner.FromBytes(levels, y, scale, offset);
        Report("copies", $"from-bytes {y.Length}", start, [], [y]);
    }

    private void Report(
        string kind, string name, long start, ReadOnlySpan<TensorBuffer?> operands, ReadOnlySpan<TensorBuffer?> results,
        double flops = 0)
    {
        long ticks = Stopwatch.GetTimestamp() - start, denormals = 0;
        double bytes = 0;
        foreach (TensorBuffer? buffer in operands) bytes += Bytes(buffer);
        foreach (TensorBuffer? buffer in results)
        {
            bytes += Bytes(buffer);
            if (meter.CountsDenormals && buffer is not null) denormals += Denormals(buffer);
        }

        meter.Add(kind, name, ticks, flops, bytes, denormals);
    }

    private static double Bytes(TensorBuffer? buffer) => buffer is null ? 0
        : (double)buffer.Length * TensorBuffer.SizeOf(buffer.DType);

    private static long Denormals(TensorBuffer buffer)
    {
        long count = 0;
        if (buffer.DType == DType.Float32)
        {
            foreach (float x in buffer.AsSpan<float>()) if (float.IsSubnormal(x)) count++;
        }
        else
        {
            foreach (double x in buffer.AsSpan<double>()) if (double.IsSubnormal(x)) count++;
        }

        return count;
    }
}
