using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>p(x|z) with a multilayer perceptron. Its head outputs the parameters of the likelihood for each element of
/// a datum.</summary>
public sealed class MlpDecoder : Decoder
{
    private readonly Sequential _hidden;
    private readonly Linear _head;
    private readonly Shape _eventShape;
    private readonly Parameter[] _scalars;
    private readonly bool _skips;

    /// <summary>A decoder from <paramref name="latent"/> dimensions to data of shape <paramref name="eventShape"/>.
    /// With <paramref name="batchNorm"/> its hidden layers have batch normalisation. With <paramref name="skips"/> the
    /// head sees z beside the last hidden layer (<see cref="MlpNetworkSettings.Skips"/>).</summary>
    public MlpDecoder(
        Shape eventShape, int latent, IReadOnlyList<int> hidden, Activation activation, Likelihood likelihood,
        Initializer initializer, Rng rng,
        DType dtype = DType.Float32, bool batchNorm = false, bool skips = false)
    {
        _eventShape = eventShape;
        Likelihood = likelihood;
        _hidden = Child(
            "hidden", new Sequential(latent, hidden, activation, initializer, rng.Split("hidden"), dtype, batchNorm));
        _skips = skips;
        int outputs = likelihood.Outputs(eventShape), inputs = _hidden.Outputs + (skips ? latent : 0);
        _head = Child("head", new Linear(inputs, outputs, initializer, rng.Split("head"), dtype));
        _scalars = OwnScalars(likelihood, eventShape, dtype);
    }

    /// <summary>What the head's output means.</summary>
    public Likelihood Likelihood { get; }

    /// <summary>Sets the biases of the head so that the initial output is the mean of the data: each bias becomes the
    /// log odds of the element's mean, with the mean clamped to [0.001, 0.999] (as the authors of the
    /// importance-weighted autoencoder do).</summary>
    /// <param name="mean">The mean of each element of a datum.</param>
    /// <exception cref="NotSupportedException">The likelihood is not Bernoulli.</exception>
    /// <exception cref="ArgumentException">The number of means is not the number of elements of a datum.</exception>
    public void StartAt(IReadOnlyList<double> mean)
    {
        ArgumentNullException.ThrowIfNull(mean);
        if (Likelihood != Likelihood.Bernoulli)
        {
            throw new NotSupportedException(
                "The initial output can be set from a mean alone only for a Bernoulli likelihood. The " +
                    "likelihood of this " +
                $"decoder is {Likelihood.Name}.");
        }

        if (mean.Count != _eventShape.Size)
        {
            throw new ArgumentException(
                $"A datum has {_eventShape.Size} elements, but {mean.Count} means were given. Give one mean for each " +
                $"element.", nameof(mean));
        }

        double[] logOdds = [.. mean.Select(Likelihood.RawMean)];
        Parameter bias = _head.Bias!;
        Shape shape = bias.Shape;
        bias.Assign(bias.Value.DType == DType.Float32 ? Tensor.From([.. logOdds.Select(l => (float)l)], shape)
            : Tensor.From(logOdds, shape));
    }

    /// <inheritdoc/>
    internal override OutputHead Head => new(Likelihood, _head.Bias!, _scalars);

    /// <inheritdoc/>
    public override Distribution Given(Tensor z)
    {
        Tensor hidden = _hidden.Forward(z);
        if (_skips) hidden = Tensor.Concat(^1, hidden, z);
        return Likelihood.Given(_head.Forward(hidden), _eventShape, _scalars, Mode == ModuleMode.Training);
    }
}
