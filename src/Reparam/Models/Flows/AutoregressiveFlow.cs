using Reparam.Distributions.Bijectors;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>A chain of autoregressive maps. Each map has its own MADE, and the order of the elements is reversed
/// between two maps.</summary>
internal sealed class AutoregressiveFlow : Flow
{
    private readonly Made[] _layers;
    private readonly Transformer _transformer;
    private readonly bool _onOutputs;

    public AutoregressiveFlow(int size, int layers, IReadOnlyList<int> hidden, int context, Transformer transformer,
        bool onOutputs, Rng rng, DType dtype)
        : base(size, context)
    {
        RequireLayers(layers);
        (_transformer, _onOutputs) = (transformer, onOutputs);
        _layers = [.. Enumerable.Range(0, layers).Select(i => Child(
            FormattableString.Invariant($"{i}"), new Made(size, transformer.Parameters, hidden, context,
                Activation.Relu, Initializer.PyTorch, rng.Split((uint)i), dtype)))];
    }

    public override Bijector Map(Tensor? context = null)
    {
        context = Checked(context);
        List<Bijector> maps = [];
        foreach (Made layer in _layers)
        {
            if (maps.Count > 0) maps.Add(Permute.Reverse(Size));
            Tensor Conditioner(Tensor x) => layer.Forward(x, context);
            maps.Add(_onOutputs ? Autoregressive.OnOutputs(Conditioner, _transformer)
                : Autoregressive.OnInputs(Conditioner, _transformer));
        }

        return new Chain(maps);
    }
}
