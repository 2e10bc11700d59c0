using Reparam.Distributions.Bijectors;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>A chain of coupling layers, each with a multilayer perceptron of its own, and a reversal between two.</summary>
internal sealed class CouplingFlow : Flow
{
    private readonly (Sequential Hidden, Linear Head)[] _layers;
    private readonly Transformer _transformer;
    private readonly int _kept;

    public CouplingFlow(int size, int layers, IReadOnlyList<int> hidden, int context, Transformer transformer, Rng rng, DType dtype)
        : base(size, context)
    {
        RequireLayers(layers);
        if (size < 2) throw new ArgumentOutOfRangeException(nameof(size), size, "A coupling needs at least two elements: one to keep and one to map.");
        _transformer = transformer;
        _kept = size / 2;
        _layers = [.. Enumerable.Range(0, layers).Select(i =>
        {
            Rng own = rng.Split((uint)i);
            var network = Child(FormattableString.Invariant($"{i}"), new Sequential(_kept + context, hidden, Activation.Relu, Initializer.PyTorch, own.Split("hidden"), dtype));
            // Weights of 0: the flow starts as the identity, or what the transformer makes of numbers that are 0.
            var head = Child(FormattableString.Invariant($"{i}-head"), new Linear(network.Outputs, (size - _kept) * transformer.Parameters, Initializer.SmallNormal, own.Split("head"), dtype));
            return (network, head);
        })];
    }

    public override Bijector Map(Tensor? context = null)
    {
        context = Checked(context);
        List<Bijector> maps = [];
        foreach ((Sequential hidden, Linear head) in _layers)
        {
            if (maps.Count > 0) maps.Add(Permute.Reverse(Size));
            maps.Add(new Distributions.Bijectors.Coupling(_kept, x => head.Forward(hidden.Forward(Joined(x))), _transformer));
        }

        return new Chain(maps);

        Tensor Joined(Tensor x) => context is null ? x : Tensor.Concat(^1, x, context.BroadcastTo(x.Shape[..^1] + [Context]));
    }
}
