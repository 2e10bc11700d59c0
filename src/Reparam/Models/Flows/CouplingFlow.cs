using Reparam.Distributions.Bijectors;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>A chain of coupling layers. Each layer has its own multilayer perceptron, and the order of the elements is
/// reversed between two layers.</summary>
internal sealed class CouplingFlow : Flow
{
    private readonly CouplingNetwork[] _layers;
    private readonly Transformer _transformer;
    private readonly int _kept;

    public CouplingFlow(
        int size, int layers, IReadOnlyList<int> hidden, int context, Transformer transformer, Rng rng, DType dtype)
        : base(size, context)
    {
        RequireLayers(layers);
        if (size < 2)
        {
            throw new ArgumentOutOfRangeException(
                nameof(size), size, "A coupling layer needs at least two elements: one that it keeps and one that it " +
                    "maps.");
        }

        _transformer = transformer;
        _kept = size / 2;
        _layers = [.. Enumerable.Range(0, layers).Select(i => Child(
            FormattableString.Invariant($"{i}"),
            new CouplingNetwork(
                _kept, Shape.SizeOf(size - _kept, transformer.Parameters), hidden, context, rng.Split((uint)i),
                dtype)))];
    }

    public override Bijector Map(Tensor? context = null)
    {
        context = Checked(context);
        List<Bijector> maps = [];
        foreach (CouplingNetwork layer in _layers)
        {
            if (maps.Count > 0) maps.Add(Permute.Reverse(Size));
            maps.Add(new Distributions.Bijectors.Coupling(_kept, x => layer.Forward(x, context), _transformer));
        }

        return new Chain(maps);
    }
}
