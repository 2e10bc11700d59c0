using System.Globalization;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models.Bayesian;

/// <summary>A multilayer perceptron with uncertain weights. Hidden layer i is a <see cref="BayesianLinear"/> named i,
/// with a nonlinearity after it. The output layer is a <see cref="BayesianLinear"/> named <c>head</c>.</summary>
public sealed class BayesianMlp : Module
{
    private readonly BayesianLinear[] _hidden;
    private readonly BayesianLinear _head;
    private readonly Activation _activation;

    /// <summary>A network from <paramref name="inputs"/> through <paramref name="hidden"/> to
    /// <paramref name="outputs"/>.</summary>
    /// <param name="inputs">Length of x.</param>
    /// <param name="hidden">Widths of the hidden layers; may be empty.</param>
    /// <param name="outputs">Length of y.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="rng">Source of the initial means.</param>
    /// <param name="priorScale">The standard deviation of the prior of each weight and bias.</param>
    /// <param name="noise">How outputs are drawn.</param>
    /// <param name="initializer">How the initial means are drawn; <see cref="Initializer.PyTorch"/> by default.</param>
    /// <param name="dtype">Element type.</param>
    public BayesianMlp(
        int inputs, IReadOnlyList<int> hidden, int outputs, Activation activation, Rng rng, double priorScale = 1,
        WeightNoise noise = WeightNoise.LocalReparameterization, Initializer? initializer = null,
        DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(activation);
        ArgumentNullException.ThrowIfNull(rng);
        _activation = activation;
        _hidden = new BayesianLinear[hidden.Count];
        for (int i = 0; i < hidden.Count; i++)
        {
            string name = i.ToString(CultureInfo.InvariantCulture);
            _hidden[i] = Child(
                name, new BayesianLinear(inputs, hidden[i], rng.Split(name), priorScale, noise, initializer, dtype));
            inputs = hidden[i];
        }

        _head = Child(
            "head", new BayesianLinear(inputs, outputs, rng.Split("head"), priorScale, noise, initializer, dtype));
    }

    /// <summary>The means of the last layer's biases.</summary>
    internal Parameter HeadBias => _head.BiasLoc;

    /// <summary>y [..., B, outputs] for x [..., B, inputs] under a draw of the weights, with pathwise gradients to the
    /// parameters of their posterior. If <paramref name="rng"/> is null, the network uses the means of the
    /// weights.</summary>
    public Tensor Forward(Tensor x, Rng? rng)
    {
        foreach (BayesianLinear layer in _hidden) x = _activation.Apply(layer.Forward(x, rng));
        return _head.Forward(x, rng);
    }
}
