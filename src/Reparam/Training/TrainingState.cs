using Reparam.Models;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Training;

/// <summary>
/// Everything that training changes: saved whole and restored to the bit. Noise and data order are functions of the
/// seed and of <see cref="Step"/> and <see cref="Epoch"/>, so nothing else needs saving.
/// </summary>
public sealed class TrainingState
{
    /// <summary>The state before the first step.</summary>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">The rule.</param>
    /// <param name="adversary">The objective's own network, <see cref="Objectives.Objective.Adversary"/>, which trains
    /// beside the model.</param>
    public TrainingState(LatentVariableModel model, Optimizer optimizer, Discriminator? adversary = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        Model = model;
        Adversary = adversary;
        Optimizer = optimizer.Start([.. model.Parameters, .. adversary?.Parameters ?? []]);
    }

    /// <summary>The model, whose parameters train.</summary>
    public LatentVariableModel Model { get; }

    /// <summary>The objective's own network, which trains beside the model; null for none.</summary>
    public Discriminator? Adversary { get; }

    /// <summary>Whether all parameters and buffers are finite.</summary>
    public bool IsFinite => NotFinite.FirstOrDefault() is null;

    /// <summary>The parameters and buffers that hold NaN or infinity.</summary>
    internal IEnumerable<Parameter> NotFinite =>
        Model.State.Concat(Adversary?.State ?? []).Where(p => !p.Value.IsFinite());

    /// <summary>Moments and step count.</summary>
    public OptimizerState Optimizer { get; }

    /// <summary>Steps taken.</summary>
    public long Step => Optimizer.Step;

    /// <summary>Epochs finished.</summary>
    public int Epoch { get; set; }

    /// <summary>Batches of the current epoch already taken.</summary>
    public int BatchInEpoch { get; set; }

    /// <summary>Sums over the current epoch so far.</summary>
    public BoundTotals Running { get; set; } = new();

    /// <summary>The best validation bound so far; -infinity before the first.</summary>
    public double BestBound { get; set; } = double.NegativeInfinity;

    /// <summary>The epoch it was reached in.</summary>
    public int BestEpoch { get; set; }

    /// <summary>Whether early stopping has ended the run.</summary>
    public bool StoppedEarly { get; set; }

    /// <summary>The model's parameters and buffers at the best epoch; kept only where early stopping may need
    /// them.</summary>
    public IReadOnlyList<Tensor>? BestParameters { get; set; }
}
