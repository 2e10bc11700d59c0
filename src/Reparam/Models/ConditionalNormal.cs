using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A normal over one vector given another, N(mu(h), diag sigma(h)^2): hidden layers, then a linear head with mu in its
/// first half and log sigma^2 in its second. What joins one layer of latents to the next.
/// </summary>
public sealed class ConditionalNormal : Module
{
    private readonly Sequential _hidden;
    private readonly Linear _head;

    /// <summary>From vectors of length <paramref name="inputs"/> to vectors of length <paramref name="size"/>; the
    /// hidden layers normalised over the batch with <paramref name="batchNorm"/>.</summary>
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

    /// <summary>Length of the vector that it is a distribution over.</summary>
    public int Size { get; }

    /// <summary>The distribution for each of [..., inputs]; its batch is [...].</summary>
    public DiagonalNormal Given(Tensor h)
    {
        (Tensor loc, Tensor logVariance) = _head.Forward(_hidden.Forward(h)).Halves(^1);
        return DiagonalNormal.FromLogVariance(loc, logVariance);
    }
}
