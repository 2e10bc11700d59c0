using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>The parameters of a map: trainable numbers, or a linear function of a context. They start as normal draws
/// with a small standard deviation by default. At the start they do not depend on the context.</summary>
internal sealed class FreeNumbers : Module
{
    private readonly Parameter _offset;
    private readonly Parameter? _weight;

    public FreeNumbers(int count, int context, Rng rng, DType dtype, double start = 0.1)
    {
        _offset = Own("offset", rng.Normal([count], dtype) * start);
        if (context > 0) _weight = Own("weight", Tensor.Zeros([count, context], dtype));
    }

    /// <summary>[count], or [..., count] given a context.</summary>
    public Tensor Given(Tensor? context) => _weight is null || context is null ? _offset.Value
        : Tensor.Linear(context, _weight, _offset);
}
