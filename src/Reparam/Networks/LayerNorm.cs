using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// Layer normalisation over the last axes (Ba, Kiros and Hinton 2016; see <see cref="Tensor.LayerNorm"/>). Parameters
/// <c>weight</c> of ones and <c>bias</c> of zeros, both of the shape of those axes.
/// </summary>
public sealed class LayerNorm : Layer
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly double _epsilon;

    /// <summary>A layer over the last axes, which have the extents <paramref name="shape"/>.</summary>
    /// <exception cref="ArgumentException">The shape has no axes.</exception>
    public LayerNorm(Shape shape, double epsilon = 1e-5, DType dtype = DType.Float32)
    {
        if (shape.Rank == 0) throw new ArgumentException("A layer normalises over at least one axis.", nameof(shape));
        _epsilon = epsilon;
        _weight = Own("weight", Tensor.Ones(shape, dtype));
        _bias = Own("bias", Tensor.Zeros(shape, dtype));
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Tensor.LayerNorm(x, ^_weight.Shape.Rank, _weight, _bias, _epsilon);
}
