using Reparam.Tensors;

namespace Reparam.Training.Optimizers;

/// <summary>The state of an optimiser: the step count and the slots. Each slot has the shape of its parameter and the
/// name <c>slot/parameter</c> in files.</summary>
public sealed class OptimizerState
{
    private readonly Parameter[][] _slots;

    internal OptimizerState(IReadOnlyList<Parameter> parameters, IReadOnlyList<string> slots, double initial)
    {
        Parameters = parameters;
        _slots = [.. slots.Select(slot => parameters.Select(
            p => new Parameter($"{slot}/{p.Name}", Tensor.Full(p.Shape, initial, p.Value.DType))).ToArray())];
    }

    /// <summary>Number of steps taken.</summary>
    public long Step { get; set; }

    /// <summary>The parameters that are trained.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>All slots of all parameters, for saving and loading.</summary>
    public IEnumerable<Parameter> AllSlots => _slots.SelectMany(s => s);

    /// <summary>A slot of one parameter, by the number of the slot and the number of the parameter.</summary>
    public Parameter Slot(int slot, int parameter) => _slots[slot][parameter];
}
