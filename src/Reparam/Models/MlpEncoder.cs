using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>q(z|x) with a multilayer perceptron (Kingma and Welling 2013, appendix C.2).</summary>
public sealed class MlpEncoder : NetworkEncoder
{
    private readonly Sequential _hidden;
    private readonly bool _skips;

    /// <summary>An encoder from flattened data to <paramref name="latent"/> variables of a <paramref name="family"/>,
    /// normal by default. With <paramref name="batchNorm"/> its hidden layers have batch normalisation. With
    /// <paramref name="skips"/> the head sees the data beside the last hidden layer
    /// (<see cref="MlpNetworkSettings.Skips"/>).</summary>
    public MlpEncoder(
        Shape eventShape, int latent, IReadOnlyList<int> hidden, Activation activation, Initializer initializer,
        Rng rng, DType dtype = DType.Float32,
        PosteriorFamily? family = null, bool batchNorm = false, bool skips = false)
        : base(latent, family)
    {
        ArgumentNullException.ThrowIfNull(rng);
        _hidden = Child("hidden",
            new Sequential(eventShape.Size, hidden, activation, initializer, rng.Split("hidden"), dtype, batchNorm));
        _skips = skips;
        AddHead(_hidden.Outputs + (skips ? eventShape.Size : 0), initializer, rng, dtype);
    }

    /// <inheritdoc/>
    public override Tensor Hidden(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor flat = x.Reshape([x.Shape[0], x.Shape[1..].Size]), hidden = _hidden.Forward(flat);
        return _skips ? Tensor.Concat(^1, hidden, flat) : hidden;
    }
}
