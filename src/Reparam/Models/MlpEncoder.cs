using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// q(z|x) = N(mu(x), diag sigma(x)^2) with a multilayer perceptron (Kingma and Welling 2013, appendix C.2). The head [2Z, width] gives mu in
/// its first half and log sigma^2 in its second.
/// </summary>
public sealed class MlpEncoder : Encoder
{
    private readonly Sequential _hidden;
    private readonly Linear _head;

    /// <summary>An encoder from flattened data to <paramref name="latent"/> dimensions.</summary>
    public MlpEncoder(Shape eventShape, int latent, IReadOnlyList<int> hidden, Activation activation, Initializer initializer, Rng rng, DType dtype = DType.Float32)
    {
        _hidden = Child("hidden", new Sequential(eventShape.Size, hidden, activation, initializer, rng.Split("hidden"), dtype));
        _head = Child("head", new Linear(_hidden.Outputs, 2 * latent, initializer, rng.Split("head"), dtype));
    }

    /// <inheritdoc/>
    public override DiagonalNormal Given(Tensor x)
    {
        Tensor flat = x.Reshape([x.Shape[0], x.Shape[1..].Size]);
        (Tensor loc, Tensor logVariance) = _head.Forward(_hidden.Forward(flat)).Halves(^1);
        return DiagonalNormal.FromLogVariance(loc, logVariance);
    }
}
