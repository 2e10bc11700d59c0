using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>p(x|z) with a multilayer perceptron whose head gives what the likelihood asks for, for each element of a datum.</summary>
public sealed class MlpDecoder : Decoder
{
    private readonly Sequential _hidden;
    private readonly Linear _head;
    private readonly Shape _eventShape;
    private readonly Parameter[] _scalars;

    /// <summary>A decoder from <paramref name="latent"/> dimensions to data of shape <paramref name="eventShape"/>.</summary>
    public MlpDecoder(
        Shape eventShape, int latent, IReadOnlyList<int> hidden, Activation activation, Likelihood likelihood, Initializer initializer, Rng rng,
        DType dtype = DType.Float32)
    {
        _eventShape = eventShape;
        Likelihood = likelihood;
        _hidden = Child("hidden", new Sequential(latent, hidden, activation, initializer, rng.Split("hidden"), dtype));
        _head = Child("head", new Linear(_hidden.Outputs, likelihood.OutputsPerElement * eventShape.Size, initializer, rng.Split("head"), dtype));
        _scalars = OwnScalars(likelihood, dtype);
    }

    /// <summary>What the head's output means.</summary>
    public Likelihood Likelihood { get; }

    /// <inheritdoc/>
    public override Distribution Given(Tensor z) => Likelihood.Given(_head.Forward(_hidden.Forward(z)), _eventShape, _scalars, Mode == ModuleMode.Training);
}
