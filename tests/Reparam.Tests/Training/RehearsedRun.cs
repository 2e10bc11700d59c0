using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Processes;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training;
using Reparam.Training.Optimizers;
using Reparam.Runs;

namespace Reparam.Tests.Training;

/// <summary>A model, an objective and an optimiser, and a batch of data for the first step.</summary>
internal sealed class RehearsedRun
{
    private readonly Func<LatentVariableModel> _make;
    private readonly Func<Objective> _objectiveOf;
    private readonly Dataset _batch;
    private readonly Binarization _binarization;
    private readonly Objective _objective;
    private readonly Optimizer _optimizer;
    private readonly TrainingState _state;

    public RehearsedRun(
        Func<LatentVariableModel> make, Func<Objective> objective, Optimizer optimizer, Dataset batch,
        Binarization binarization = Binarization.None)
    {
        (_make, _objectiveOf, _optimizer, _batch, _binarization) = (make, objective, optimizer, batch, binarization);
        Model = make();
        _objective = objective();
        _state = new TrainingState(Model, _optimizer, _objective.Adversary);
    }

    /// <summary>A configuration's.</summary>
    public static RehearsedRun Of(RunSettings config, Dataset train) => new(
        () => RunFactory.Make(config, train.Count), () => RunFactory.Objective(config, train.Count),
        RunFactory.Optimizer(config),
        train[..Math.Min(train.Count, config.Training.Batch)], config.Data.Binarization ?? Binarization.None);

    /// <summary>A saved run, by its name.</summary>
    public static RehearsedRun Saved(string name)
    {
        RunSettings config = ConfigOf(name);
        return Of(config, RunData.Load(config).Train);
    }

    /// <summary>The configuration of a saved run, with the full path of its data.</summary>
    public static RunSettings ConfigOf(string name)
    {
        string runs = ReferenceTable.PathOf("runs"), path = Path.Combine(runs, name, "config.json");
        RunSettings config = RunSettingsJson.Read(File.ReadAllText(path), path);
        return config with { Data = config.Data with { Name = Path.Combine(runs, config.Data.Name) } };
    }

    public LatentVariableModel Model { get; }

    private IEnumerable<Parameter> Held =>
        [.. Model.State, .. _objective.Adversary?.State ?? [], .. _state.Optimizer.AllSlots];

    private Binarization Drawn => _batch.Kind == DataKind.Grey ? _binarization : Binarization.None;

    public Rehearsal Rehearse() => Rehearsal.Of(
        _make, _ => _objectiveOf(), _batch.EventShape, _batch.Count, _optimizer, Drawn, _batch.Labels is not null);

    public Rehearsal Rehearse(LatentVariableModel model) => Rehearsal.Of(
        model, _objective, _batch.EventShape, _batch.Count, _optimizer, Drawn, _batch.Labels is not null);

    /// <summary>Asserts that a rehearsal counts what a real step does.</summary>
    public Rehearsal Compare()
    {
        Rehearsal built = Rehearse(), given = Rehearse(Model);
        (long peak, LargestTensor ofStep) = RealStep();
        Assert.Equal(Model.ParameterCount, built.Parameters);
        Assert.Equal(peak, built.StepBytes);
        Assert.Equal(Held.Sum(p => (long)p.Shape.Size * (p.Value.DType == DType.Float32 ? 4 : 8)), built.StateBytes);
        int largest = Held.Max(p => p.Shape.Size);
        Assert.Equal(Math.Max(ofStep.Elements, largest), built.Largest.Elements);
        if (ofStep.Elements > largest) Assert.Equal(ofStep, built.Largest);
        Assert.Equal(built, given);
        return built;
    }

    /// <summary>The step that a trainer takes, measured.</summary>
    public (long Peak, LargestTensor Largest) RealStep()
    {
        var options = new TrainerOptions { BatchSize = _batch.Count, Binarization = _binarization };
        var session = new TrainingSession(Model, _objective, _optimizer, options, _batch, _batch, new Rng(3),
            Ranks.One);
        using var meter = new MemoryMeter();
        session.Step(_state, [.. Enumerable.Range(0, _batch.Count)], CancellationToken.None);
        return (meter.PeakBytes, meter.Largest!);
    }

    /// <summary>The bits of everything that training changes.</summary>
    public long[] Hashes() => [.. Held.Select(p =>
    {
        HashCode hash = default;
        for (int i = 0; i < p.Value.Size; i++) hash.Add(BitConverter.DoubleToInt64Bits(p.Value.At(i)));
        return (long)hash.ToHashCode();
    })];
}
