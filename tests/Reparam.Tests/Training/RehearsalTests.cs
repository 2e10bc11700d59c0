using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training;
using Reparam.Training.Optimizers;
using Reparam.Training.Runs;

namespace Reparam.Tests.Training;

/// <summary>A step on shapes alone counts exactly what a real first step counts, for every kind of run, and changes nothing.</summary>
public sealed class RehearsalTests(ITestOutputHelper output)
{
    private static readonly string s_runs = ReferenceTable.PathOf("runs");

    public static TheoryData<string> Names => [.. ReferenceTable.Load("runs/index.json").Root.EnumerateArray().Select(run => run.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Rehearsal_counts_what_a_real_step_counts(string name)
    {
        var run = new Run(name);
        Rehearsal built = run.Rehearse(), given = run.Rehearse(run.Model);
        long[] before = run.Hashes();
        (long peak, LargestTensor ofStep) = run.RealStep();
        output.WriteLine($"{name}: {built.Parameters} parameters, {built.StateBytes} + {built.StepBytes} bytes, largest {built.Largest.Shape} {built.Largest.Origin}");

        Assert.Equal(run.Model.ParameterCount, built.Parameters);
        Assert.Equal(peak, built.StepBytes);
        Assert.Equal(run.StateBytes, built.StateBytes);
        Assert.Equal(Math.Max(ofStep.Elements, run.LargestHeld), built.Largest.Elements);
        if (ofStep.Elements > run.LargestHeld) Assert.Equal(ofStep, built.Largest);
        Assert.Equal(built, given);
        Assert.NotEqual(before, run.Hashes());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rehearsal_changes_nothing_of_a_real_model(string name)
    {
        var run = new Run(name);
        LatentVariableModel model = run.Model;
        object?[] Seen() => [.. model.Tree.Select(m => (object?)m.Mode)];
        long[] hashes = run.Hashes();
        object?[] modes = Seen();
        run.Rehearse(model);
        Assert.Equal(hashes, run.Hashes());
        Assert.Equal(modes, Seen());
        Assert.False(ShapeScope.IsOn);
        run.RealStep();
        long[] after = run.Hashes();
        var fresh = new Run(name);
        fresh.RealStep();
        Assert.Equal(fresh.Hashes(), after);
    }

    /// <summary>A saved run's configuration, its model and a batch of its data.</summary>
    private sealed class Run
    {
        private readonly RunConfig _config;
        private readonly Dataset _batch;
        private readonly Objective _objective;
        private readonly Optimizer _optimizer;
        private readonly TrainingState _state;
        private readonly int _count;

        public Run(string name)
        {
            string path = Path.Combine(s_runs, name, "config.json");
            RunConfig config = RunConfigJson.Read(File.ReadAllText(path), path);
            _config = config with { Data = config.Data with { Name = Path.Combine(s_runs, config.Data.Name) } };
            Dataset train = RunData.Load(_config).Train;
            _count = train.Count;
            _batch = train[..Math.Min(_count, _config.Training.Batch)];
            Model = RunFactory.Model(_config);
            _objective = RunFactory.Objective(_config, _count);
            _optimizer = RunFactory.Optimizer(_config);
            _state = new TrainingState(Model, _optimizer, _objective.Adversary);
        }

        public LatentVariableModel Model { get; }

        private IEnumerable<Parameter> Held => [.. Model.State, .. _objective.Adversary?.State ?? [], .. _state.Optimizer.AllSlots];

        public long StateBytes => Held.Sum(p => 4L * p.Shape.Size);

        public int LargestHeld => Held.Max(p => p.Shape.Size);

        private Binarization Drawn => _batch.Kind == DataKind.Grey ? RunFactory.BinarizationOf(_config) : Binarization.None;

        public Rehearsal Rehearse() => Rehearsal.Of(
            () => RunFactory.Model(_config), _ => RunFactory.Objective(_config, _count), _batch.EventShape, _batch.Count, _optimizer, Drawn, _batch.Labels is not null);

        public Rehearsal Rehearse(LatentVariableModel model) =>
            Rehearsal.Of(model, _objective, _batch.EventShape, _batch.Count, _optimizer, Drawn, _batch.Labels is not null);

        /// <summary>The step that a trainer takes, measured.</summary>
        public (long Peak, LargestTensor Largest) RealStep()
        {
            var options = new TrainerOptions { BatchSize = _batch.Count, Binarization = RunFactory.BinarizationOf(_config) };
            var session = new TrainingSession(Model, _objective, _optimizer, options, _batch, _batch, RunFactory.RngOf(_config));
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
}
