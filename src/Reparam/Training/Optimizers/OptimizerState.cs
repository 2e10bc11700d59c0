using Reparam.Tensors;

namespace Reparam.Training.Optimizers;

/// <summary>The state of an optimiser: the step count, the slots and, if the optimiser keeps them, the averages of the
/// parameters. Each slot has the shape of its parameter and the name <c>slot/parameter</c> in files.</summary>
public sealed class OptimizerState
{
    private readonly Parameter[][] _slots;

    internal OptimizerState(
        IReadOnlyList<Parameter> parameters, IReadOnlyList<string> slots, double initial, bool averages)
    {
        Parameters = parameters;
        _slots = [.. slots.Select(slot => parameters.Select(
            p => new Parameter($"{slot}/{p.Name}", Tensor.Full(p.Shape, initial, p.Value.DType))).ToArray())];
        if (averages) Averages = [.. parameters.Select(p => new Parameter($"average/{p.Name}", p.Value))];
    }

    /// <summary>Number of steps taken.</summary>
    public long Step { get; set; }

    /// <summary>The parameters that are trained.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The moving averages of the parameters (<see cref="Optimizer.AverageDecay"/>); empty for none.</summary>
    public IReadOnlyList<Parameter> Averages { get; } = [];

    /// <summary>All slots of all parameters, and the averages, for saving and loading.</summary>
    public IEnumerable<Parameter> AllSlots => _slots.SelectMany(s => s).Concat(Averages);

    /// <summary>A slot of one parameter, by the number of the slot and the number of the parameter.</summary>
    public Parameter Slot(int slot, int parameter) => _slots[slot][parameter];

    /// <summary>Moves the averages towards the parameters.</summary>
    internal void Average(double decay)
    {
        using var scope = new TensorScope();
        for (int i = 0; i < Averages.Count; i++)
        {
            Tensor average = Averages[i].Value;
            Averages[i].Assign(average + (Parameters[i].Value - average) * (1 - decay));
        }
    }
}
