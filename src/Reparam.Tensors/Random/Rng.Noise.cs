using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Rng
{
    /// <summary>Independent standard normal numbers (Box-Muller over Philox).</summary>
    /// <param name="shape">Extents of the result.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="sampleAxis">The axis that counts samples. Row i along this axis is a function of the global sample
    /// index (first sample + i) and of the position within the sample; it does not depend on the extent of the
    /// axis.</param>
    public Tensor Normal(Shape shape, DType dtype = DType.Float32, int sampleAxis = 0) =>
        Noise(RandomKernel.Normal, shape, dtype, sampleAxis);

    /// <summary>Independent uniform numbers in [0, 1). The arguments are the same as for
    /// <see cref="Normal"/>.</summary>
    public Tensor Uniform(Shape shape, DType dtype = DType.Float32, int sampleAxis = 0) =>
        Noise(RandomKernel.Uniform, shape, dtype, sampleAxis);

    /// <summary>Independent uniform numbers in the open interval (0, 1), whose logarithm is always finite. The
    /// arguments are the same as for <see cref="Normal"/>.</summary>
    public Tensor UniformOpen(Shape shape, DType dtype = DType.Float32, int sampleAxis = 0) =>
        Noise(RandomKernel.UniformOpen, shape, dtype, sampleAxis);

    /// <summary>A uniformly random order of 0..count-1 (Fisher-Yates).</summary>
    public int[] Permutation(int count)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) order[i] = i;
        for (int i = count - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private Tensor Noise(RandomKernel kernel, Shape shape, DType dtype, int sampleAxis)
    {
        Tensor y = Tensor.Uninitialized(shape, dtype);
        (int outer, int samples, int inner) = Layout(shape, sampleAxis);
        Backend.Current.Random(kernel, y.Buffer, NextStream(), outer, samples, inner);
        return y;
    }

    /// <summary>The sizes before, of and after the axis that counts samples.</summary>
    internal static (int Outer, int Samples, int Inner) Layout(Shape shape, int sampleAxis)
    {
        if (shape.Rank == 0) return (1, 1, 1);
        int axis = shape.AxisOf(sampleAxis);
        return (shape[..axis].Size, shape[axis], shape[(axis + 1)..].Size);
    }
}
