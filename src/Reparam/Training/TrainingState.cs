using Reparam.Models;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Training;

/// <summary>
/// Everything that training changes. It is saved completely and restored exactly, bit for bit. The noise and the order
/// of the data are functions of the seed, <see cref="Step"/> and <see cref="Epoch"/>, so nothing else must be saved.
/// </summary>
public sealed class TrainingState
{
    /// <summary>The state before the first step.</summary>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="adversary">The objective's own network, <see cref="Objectives.Objective.Adversary"/>, which trains
    /// together with the model; null for an objective without one.</param>
    public TrainingState(LatentVariableModel model, Optimizer optimizer, Discriminator? adversary = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        Model = model;
        Adversary = adversary;
        Optimizer = optimizer.Start([.. model.Parameters, .. adversary?.Parameters ?? []]);
    }

    /// <summary>The model that is trained.</summary>
    public LatentVariableModel Model { get; }

    /// <summary>The objective's own network, which trains together with the model; null if there is none.</summary>
    public Discriminator? Adversary { get; }

    /// <summary>The parameters and buffers that hold NaN or infinity.</summary>
    internal IEnumerable<Parameter> NotFinite =>
        Model.State.Concat(Adversary?.State ?? []).Where(p => !p.Value.IsFinite());

    /// <summary>The state of the optimiser: its moments and its step count.</summary>
    public OptimizerState Optimizer { get; }

    /// <summary>The trained parameters, while the model holds their averages; null while it holds them
    /// itself.</summary>
    private IReadOnlyList<Tensor>? _trained;

    /// <summary>Whether the model holds the averages of its parameters (<see cref="UseAverages"/>).</summary>
    public bool UsesAverages => _trained is not null;

    /// <summary>Gives the model the averages of its parameters, if the optimiser keeps them, and keeps the trained
    /// parameters for <see cref="UseTrained"/>. <see cref="Trainer.Fit"/> ends with this.</summary>
    public void UseAverages()
    {
        if (UsesAverages || Optimizer.Averages.Count == 0) return;
        _trained = [.. Optimizer.Parameters.Select(p => p.Value.Keep())];
        for (int i = 0; i < _trained.Count; i++) Optimizer.Parameters[i].Assign(Optimizer.Averages[i].Value);
    }

    /// <summary>Gives the model its trained parameters again. A step needs them, and takes them itself.</summary>
    public void UseTrained()
    {
        if (_trained is null) return;
        for (int i = 0; i < _trained.Count; i++) Optimizer.Parameters[i].Assign(_trained[i]);
        _trained = null;
    }

    /// <summary>Number of steps taken.</summary>
    public long Step => Optimizer.Step;

    /// <summary>Number of finished epochs.</summary>
    public int Epoch { get; set; }

    /// <summary>Number of batches of the current epoch already taken.</summary>
    public int BatchInEpoch { get; set; }

    /// <summary>Sums over the current epoch so far.</summary>
    public BoundTotals Running { get; set; } = new();

    /// <summary>The best validation bound so far; -infinity before the first validation.</summary>
    public double BestBound { get; set; } = double.NegativeInfinity;

    /// <summary>The epoch that reached <see cref="BestBound"/>, from 1; 0 before the first validation.</summary>
    public int BestEpoch { get; set; }

    /// <summary>Whether early stopping has ended the run.</summary>
    public bool StoppedEarly { get; set; }

    /// <summary>The model's parameters and buffers at the best epoch; kept only if early stopping may need
    /// them.</summary>
    public IReadOnlyList<Tensor>? BestParameters { get; set; }
}
