using Reparam.Tensors;

namespace Reparam.Training.Optimizers;

/// <summary>
/// What an optimiser remembers: the step count and its slots, each shaped like its parameter and named
/// <c>slot/parameter</c> in files.
/// </summary>
public sealed class OptimizerState
{
    private readonly Parameter[][] _slots;

    internal OptimizerState(IReadOnlyList<Parameter> parameters, IReadOnlyList<string> slots, double initial)
    {
        Parameters = parameters;
        _slots = [.. slots.Select(slot => parameters.Select(
            p => new Parameter($"{slot}/{p.Name}", Tensor.Full(p.Shape, initial, p.Value.DType))).ToArray())];
    }

    /// <summary>Steps taken.</summary>
    public long Step { get; set; }

    /// <summary>What is being trained.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>All slots of all parameters, for saving and loading.</summary>
    public IEnumerable<Parameter> AllSlots => _slots.SelectMany(s => s);

    /// <summary>A slot of one parameter, by number.</summary>
    public Parameter Slot(int slot, int parameter) => _slots[slot][parameter];
}
