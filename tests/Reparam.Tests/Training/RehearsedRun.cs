using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training;
using Reparam.Training.Optimizers;
using Reparam.Training.Runs;

namespace Reparam.Tests.Training;

/// <summary>A configuration's model, objective and optimiser, and a batch of its data.</summary>
internal sealed class RehearsedRun
{
    private readonly RunConfig _config;
    private readonly Dataset _batch;
    private readonly Objective _objective;
    private readonly Optimizer _optimizer;
    private readonly TrainingState _state;
    private readonly int _count;

    public RehearsedRun(RunConfig config, Dataset train)
    {
        (_config, _count) = (config, train.Count);
        _batch = train[..Math.Min(_count, _config.Training.Batch)];
        Model = RunFactory.Model(_config);
        _objective = RunFactory.Objective(_config, _count);
        _optimizer = RunFactory.Optimizer(_config);
        _state = new TrainingState(Model, _optimizer, _objective.Adversary);
    }

    /// <summary>A saved run, by its name.</summary>
    public static RehearsedRun Saved(string name)
    {
        RunConfig config = ConfigOf(name);
        return new RehearsedRun(config, RunData.Load(config).Train);
    }

    /// <summary>The configuration of a saved run, with the full path of its data.</summary>
    public static RunConfig ConfigOf(string name)
    {
        string runs = ReferenceTable.PathOf("runs"), path = Path.Combine(runs, name, "config.json");
        RunConfig config = RunConfigJson.Read(File.ReadAllText(path), path);
        return config with { Data = config.Data with { Name = Path.Combine(runs, config.Data.Name) } };
    }

    public LatentVariableModel Model { get; }

    private IEnumerable<Parameter> Held =>
        [.. Model.State, .. _objective.Adversary?.State ?? [], .. _state.Optimizer.AllSlots];

    private Binarization Drawn => _batch.Kind == DataKind.Grey ? RunFactory.BinarizationOf(_config) : Binarization.None;

    public Rehearsal Rehearse() => Rehearsal.Of(
        () => RunFactory.Model(_config), _ => RunFactory.Objective(_config, _count), _batch.EventShape,
        _batch.Count, _optimizer, Drawn, _batch.Labels is not null);

    public Rehearsal Rehearse(LatentVariableModel model) =>
        Rehearsal.Of(model, _objective, _batch.EventShape, _batch.Count, _optimizer, Drawn, _batch.Labels is not null);

    /// <summary>Asserts that a rehearsal counts what a real step does.</summary>
    public Rehearsal Compare()
    {
        Rehearsal built = Rehearse(), given = Rehearse(Model);
        (long peak, LargestTensor ofStep) = RealStep();
        Assert.Equal(Model.ParameterCount, built.Parameters);
        Assert.Equal(peak, built.StepBytes);
        Assert.Equal(Held.Sum(p => 4L * p.Shape.Size), built.StateBytes);
        int largest = Held.Max(p => p.Shape.Size);
        Assert.Equal(Math.Max(ofStep.Elements, largest), built.Largest.Elements);
        if (ofStep.Elements > largest) Assert.Equal(ofStep, built.Largest);
        Assert.Equal(built, given);
        return built;
    }

    /// <summary>The step that a trainer takes, measured.</summary>
    public (long Peak, LargestTensor Largest) RealStep()
    {
        Binarization binarization = RunFactory.BinarizationOf(_config);
        var options = new TrainerOptions { BatchSize = _batch.Count, Binarization = binarization };
        Rng rng = RunFactory.RngOf(_config);
        var session = new TrainingSession(Model, _objective, _optimizer, options, _batch, _batch, rng);
        using var meter = new MemoryMeter();
        session.Step(_state, [.. Enumerable.Range(0, _batch.Count)]);
        return (meter.PeakBytes, meter.Largest!);
    }

    /// <summary>The bits of everything that training changes.</summary>
    public long[] Hashes() => [.. Held.Select(p =>
    {
        HashCode hash = default;
        foreach (float value in p.Value.AsSpan<float>()) hash.Add(BitConverter.SingleToInt32Bits(value));
        return (long)hash.ToHashCode();
    })];
}
