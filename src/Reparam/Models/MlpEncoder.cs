using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>q(z|x) = N(mu(x), diag sigma(x)^2) with a multilayer perceptron (Kingma and Welling 2013, appendix C.2).</summary>
public sealed class MlpEncoder : NormalEncoder
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
    protected override Linear Head => _head;

    /// <inheritdoc/>
    public override Tensor Hidden(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return _hidden.Forward(x.Reshape([x.Shape[0], x.Shape[1..].Size]));
    }
}
