using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>
/// The multilayer perceptron of a coupling layer. The kept elements and the context have separate linear maps into the
/// first hidden layer, so that the map of the context is computed once for each datum and not for each draw. The
/// initial outputs are near 0.
/// </summary>
internal sealed class CouplingNetwork : Module
{
    private readonly Linear _input, _output;
    private readonly Linear? _context;
    private readonly Sequential _hidden;

    public CouplingNetwork(int inputs, int outputs, IReadOnlyList<int> hidden, int context, Rng rng, DType dtype)
    {
        if (hidden.Count == 0)
        {
            throw new ArgumentException(
                "The network of a coupling layer has at least one hidden layer.", nameof(hidden));
        }

        _input = Child("input", new Linear(inputs, hidden[0], Initializer.PyTorch, rng.Split("input"), dtype));
        if (context > 0)
        {
            _context = Child(
                "context", new Linear(context, hidden[0], Initializer.PyTorch, rng.Split("context"), dtype));
        }

        _hidden = Child("hidden", new Sequential(
            hidden[0], [.. hidden.Skip(1)], Activation.Relu, Initializer.PyTorch, rng.Split("hidden"), dtype));
        // Small weights: the flow starts near the map that the transformer gives for parameters 0, which is the
        // identity or near it.
        _output = Child(
            "output", new Linear(_hidden.Outputs, outputs, Initializer.SmallNormal, rng.Split("output"), dtype));
    }

    /// <summary>Maps kept elements [..., inputs] to [..., outputs]. The leading axes of the context broadcast against
    /// those of <paramref name="x"/>.</summary>
    public Tensor Forward(Tensor x, Tensor? context)
    {
        Tensor first = _input.Forward(x);
        if (context is not null) first += _context!.Forward(context);
        return _output.Forward(_hidden.Forward(Activation.Relu.Apply(first)));
    }
}
