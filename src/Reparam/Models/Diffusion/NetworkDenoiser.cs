using Reparam.Networks.Denoising;
using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>A network as a denoiser. The network reads the level as (gamma - gamma_0) / (gamma_1 - gamma_0), so the
/// schedule between the ends may change after training.</summary>
public sealed class NetworkDenoiser : Denoiser
{
    private readonly DenoisingNetwork _network;
    private readonly double _first, _span;
    private readonly bool _signs;

    /// <summary>A denoiser.</summary>
    /// <param name="network">The network.</param>
    /// <param name="prediction">What its output stands for.</param>
    /// <param name="first">gamma_0, the lowest noise level.</param>
    /// <param name="last">gamma_1, the highest noise level.</param>
    /// <param name="signs">Whether all data are -1 or 1; predicted data are then a tanh.</param>
    public NetworkDenoiser(
        DenoisingNetwork network, Prediction prediction, NoiseLevel first, NoiseLevel last, bool signs = false)
    {
        _network = Child("network", network);
        Prediction = prediction;
        (_first, _span, _signs) = (first.Gamma, last.Gamma - first.Gamma, signs);
    }

    /// <inheritdoc/>
    public override Prediction Prediction { get; }

    /// <inheritdoc/>
    public override int Context => _network.Context;

    /// <inheritdoc/>
    protected override Tensor Predict(Tensor z, Tensor gamma, Tensor alpha, Tensor sigma, Tensor? context)
    {
        Tensor output = _network.Forward(z, gamma.Affine(1 / _span, -_first / _span), context);
        return Prediction switch
        {
            Prediction.Noise => output + z,
            Prediction.Data when _signs => (output + alpha / sigma.Square() * z).Tanh(),
            _ => output,
        };
    }
}
