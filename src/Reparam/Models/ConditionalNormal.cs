using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A normal distribution of one vector given another vector h, N(mu(h), diag sigma(h)^2): hidden layers, then a linear
/// head. The first half of the head's output is mu, the second half is log sigma^2. Layered models use it between two
/// layers of latents.
/// </summary>
public sealed class ConditionalNormal : Module
{
    private readonly Sequential _hidden;
    private readonly Linear _head;

    /// <summary>Makes the network from vectors of length <paramref name="inputs"/> to vectors of length
    /// <paramref name="size"/>. With <paramref name="batchNorm"/> the hidden layers have batch normalisation.</summary>
    public ConditionalNormal(int inputs, int size, IReadOnlyList<int> hidden, Activation activation,
        Initializer initializer, Rng rng, DType dtype = DType.Float32, bool batchNorm = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentNullException.ThrowIfNull(initializer);
        ArgumentNullException.ThrowIfNull(rng);
        Size = size;
        _hidden = Child(
            "hidden", new Sequential(inputs, hidden, activation, initializer, rng.Split("hidden"), dtype, batchNorm));
        _head = Child(
            "head", new Linear(_hidden.Outputs, Shape.SizeOf(2, size), initializer, rng.Split("head"), dtype));
    }

    /// <summary>Length of the vector that is distributed.</summary>
    public int Size { get; }

    /// <summary>The distribution given vectors h of shape [..., inputs]. Its batch shape is [...].</summary>
    public DiagonalNormal Given(Tensor h)
    {
        (Tensor loc, Tensor logVariance) = _head.Forward(_hidden.Forward(h)).Halves(^1);
        return DiagonalNormal.FromLogVariance(loc, logVariance);
    }
}
