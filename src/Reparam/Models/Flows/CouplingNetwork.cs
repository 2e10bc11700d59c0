using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>
/// The multilayer perceptron of a coupling layer: the kept elements and the context each have a linear map into the
/// first hidden layer, so that what depends on the datum alone is not computed for each draw. Starts with outputs near
/// 0.
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
        // Small weights: the flow starts near the identity, or what the transformer makes of numbers that are 0.
        _output = Child(
            "output", new Linear(_hidden.Outputs, outputs, Initializer.SmallNormal, rng.Split("output"), dtype));
    }

    /// <summary>From kept elements [..., inputs] to [..., outputs], given the context that broadcasts against
    /// them.</summary>
    public Tensor Forward(Tensor x, Tensor? context)
    {
        Tensor first = _input.Forward(x);
        if (context is not null) first += _context!.Forward(context);
        return _output.Forward(_hidden.Forward(Activation.Relu.Apply(first)));
    }
}
