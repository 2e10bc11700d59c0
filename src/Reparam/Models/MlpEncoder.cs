using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>q(z|x) with a multilayer perceptron (Kingma and Welling 2013, appendix C.2).</summary>
public sealed class MlpEncoder : NetworkEncoder
{
    private readonly Sequential _hidden;

    /// <summary>An encoder from flattened data to <paramref name="latent"/> variables of a <paramref name="family"/>,
    /// normal by default. With <paramref name="batchNorm"/> its hidden layers have batch normalisation.</summary>
    public MlpEncoder(
        Shape eventShape, int latent, IReadOnlyList<int> hidden, Activation activation, Initializer initializer,
        Rng rng, DType dtype = DType.Float32,
        PosteriorFamily? family = null, bool batchNorm = false)
        : base(latent, family)
    {
        ArgumentNullException.ThrowIfNull(rng);
        _hidden = Child("hidden",
            new Sequential(eventShape.Size, hidden, activation, initializer, rng.Split("hidden"), dtype, batchNorm));
        AddHead(_hidden.Outputs, initializer, rng, dtype);
    }

    /// <inheritdoc/>
    public override Tensor Hidden(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return _hidden.Forward(x.Reshape([x.Shape[0], x.Shape[1..].Size]));
    }
}
