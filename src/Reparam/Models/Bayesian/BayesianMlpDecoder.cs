using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models.Bayesian;

/// <summary>
/// p(x|z, theta) with a <see cref="BayesianMlp"/> whose weights theta have a posterior. A VAE with this decoder infers
/// both latents and parameters (Kingma and Welling 2013, appendix F). The encoder's weights are not variables of this
/// generative model, so they are points.
/// </summary>
public sealed class BayesianMlpDecoder : Decoder
{
    private readonly BayesianMlp _network;
    private readonly Shape _eventShape;
    private readonly Parameter[] _scalars;

    /// <summary>A decoder from <paramref name="latent"/> dimensions to data of shape
    /// <paramref name="eventShape"/>.</summary>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="latent">Z, the length of a latent vector.</param>
    /// <param name="hidden">Widths of the hidden layers; may be empty.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="likelihood">The distribution that the network's outputs parameterise. A scale that the likelihood
    /// learns is a point, not a distribution.</param>
    /// <param name="initializer">How the initial means of the weights are drawn.</param>
    /// <param name="rng">Source of the initial means.</param>
    /// <param name="priorScale">The standard deviation of the prior of each weight; by default 1, as in Kingma and
    /// Welling (2013).</param>
    /// <param name="noise">How outputs are drawn.</param>
    /// <param name="dtype">Element type.</param>
    public BayesianMlpDecoder(
        Shape eventShape, int latent, IReadOnlyList<int> hidden, Activation activation, Likelihood likelihood,
        Initializer initializer, Rng rng, double priorScale = 1,
        WeightNoise noise = WeightNoise.LocalReparameterization, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        ArgumentNullException.ThrowIfNull(rng);
        _eventShape = eventShape;
        Likelihood = likelihood;
        int outputs = likelihood.Outputs(eventShape);
        _network = Child("network", new BayesianMlp(
            latent, hidden, outputs, activation, rng.Split("network"), priorScale, noise, initializer, dtype));
        _scalars = OwnScalars(likelihood, eventShape, dtype);
    }

    /// <summary>The distribution that the network's outputs parameterise.</summary>
    public Likelihood Likelihood { get; }

    /// <inheritdoc/>
    internal override OutputHead Head => new(Likelihood, _network.HeadBias, _scalars);

    /// <summary>p(x|z, theta) under the means of the weights.</summary>
    public override Distribution Given(Tensor z) => Read(_network.Forward(z, null));

    /// <summary>p(x|z, theta) under a draw of the weights, with pathwise gradients to the parameters of their
    /// posterior.</summary>
    public override Distribution Given(Tensor z, Rng rng) => Read(_network.Forward(z, rng));

    private Distribution Read(Tensor outputs) =>
        Likelihood.Given(outputs, _eventShape, _scalars, Mode == ModuleMode.Training);
}
