using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Backends.Cpu;

internal sealed class CpuBackend : Backend
{
    public override void Fill(TensorBuffer y, double value) => throw new NotSupportedException();
    public override void Unary(UnaryKernel kernel, TensorBuffer x, TensorBuffer y, double p0 = 0, double p1 = 0) => throw new NotSupportedException();
    public override void Binary(BinaryKernel kernel, TensorBuffer a, TensorBuffer b, TensorBuffer y, in BroadcastPlan plan, double p0 = 0, double p1 = 0) => throw new NotSupportedException();
    public override void Reduce(ReduceKernel kernel, TensorBuffer x, TensorBuffer y, int outer, int reduce, int inner) => throw new NotSupportedException();
    public override void MatMul(TensorBuffer a, TensorBuffer b, TensorBuffer? bias, TensorBuffer c, in MatMulPlan plan) => throw new NotSupportedException();
    public override void Gather(TensorBuffer x, TensorBuffer y, in StridedPlan plan) => throw new NotSupportedException();
    public override void Scatter(TensorBuffer x, TensorBuffer y, in StridedPlan plan) => throw new NotSupportedException();
    public override void Random(RandomKernel kernel, TensorBuffer y, in NoiseStream stream, int outer, int samples, int inner) => throw new NotSupportedException();
    public override void Update(UpdateKernel kernel, TensorBuffer parameter, TensorBuffer gradient, TensorBuffer? first, TensorBuffer? second, in UpdateScalars scalars) => throw new NotSupportedException();
    public override bool IsFinite(TensorBuffer x) => throw new NotSupportedException();
    public override void FromBytes(ReadOnlySpan<byte> levels, TensorBuffer y, double scale, double offset) => throw new NotSupportedException();
}
