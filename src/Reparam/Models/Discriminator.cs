using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A network that distinguishes two kinds of vectors: d(v) is the log odds that v is of the first kind. At the optimum
/// of <see cref="Loss"/>, d(v) = log p_first(v) - log p_second(v), the logarithm of a ratio of densities that need not
/// be known (Sugiyama, Suzuki and Kanamori 2012; Goodfellow et al. 2014).
/// </summary>
public sealed class Discriminator : Module
{
    private readonly Sequential _hidden;
    private readonly Linear _head;

    /// <summary>A network over vectors of length <paramref name="size"/>.</summary>
    /// <param name="size">The length of the vectors.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="hidden">Widths of the hidden layers; [256, 256] by default.</param>
    /// <param name="dtype">Element type.</param>
    public Discriminator(int size, Rng rng, IReadOnlyList<int>? hidden = null, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentNullException.ThrowIfNull(rng);
        Size = size;
        _hidden = Child("adversary", new Sequential(
            size, hidden ?? [256, 256], Activation.LeakyRelu, Initializer.PyTorch, rng.Split("hidden"), dtype));
        _head = Child("adversary_head", new Linear(_hidden.Outputs, 1, Initializer.PyTorch, rng.Split("head"), dtype));
    }

    /// <summary>Length of the vectors.</summary>
    public int Size { get; }

    /// <summary>d(v) for vectors [N, size]: [N].</summary>
    public Tensor LogOdds(Tensor vectors) => Judge(vectors).LogOdds;

    /// <summary>d(v), [N], and the last hidden layer, [N, H].</summary>
    public (Tensor LogOdds, Tensor Features) Judge(Tensor vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        Tensor features = _hidden.Forward(vectors);
        return (_head.Forward(features).Reshape([vectors.Shape[0]]), features);
    }

    /// <summary>The cross-entropy of the classification, a scalar: the mean of softplus(-d) over the first kind plus
    /// the mean of softplus(d) over the second kind. No gradient reaches the vectors.</summary>
    public Tensor Loss(Tensor first, Tensor second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return (-LogOdds(first.Detach())).SoftPlus().Mean() + LogOdds(second.Detach()).SoftPlus().Mean();
    }
}
