using Reparam.Configuration;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Runs;

namespace Reparam.Cli.Diagnostics;

/// <summary>What is known of a run: what it was asked to do, how its epochs went, and what its model makes of data
/// now.</summary>
/// <param name="Config">The run's configuration.</param>
/// <param name="Run">The run's folder, as a command would name it.</param>
internal sealed record Evidence(RunSettings Config, string Run)
{
    private Elbo? _elbo;

    /// <summary>The kinds that the configuration may name.</summary>
    public Catalog Catalog { get; init; } = Catalog.BuiltIn;

    /// <summary>The epochs' numbers.</summary>
    public RunMetrics History { get; init; } = new();

    /// <summary>The bound on the data looked at; null where the run has no checkpoint.</summary>
    public BoundReport? Bound { get; init; }

    /// <summary>Where the KL goes; null where that cannot be told.</summary>
    public AggregatePosterior? Split { get; init; }

    /// <summary>How the scale that the decoder learned or fitted goes with what it leaves over; null where it has none
    /// of its own.</summary>
    public ScaleFit? Scale { get; init; }

    /// <summary>Latent variables, of all latents together.</summary>
    public int Units { get; init; } = Config.Model.Latent;

    /// <summary>The step of the checkpoint that was evaluated.</summary>
    public long CheckpointStep { get; init; }

    /// <summary>Whether grey levels are scored by a Bernoulli.</summary>
    public bool IsGreyBernoulli { get; init; }

    /// <summary>Where and how training diverged, and between what values the data lay, where that was noted; null where
    /// it did not.</summary>
    public (long Step, int Epoch, string Origin, (double Minimum, double Maximum)? Data)? Divergence { get; init; }

    /// <summary>Steps in an epoch; 0 before one is finished.</summary>
    public long StepsPerEpoch => History.Epochs == 0 ? 0 : History.Steps / History.Epochs;

    /// <summary>Training data, to a batch.</summary>
    public int TrainCount => (int)Math.Min(int.MaxValue, StepsPerEpoch * Config.Training.Batch);

    /// <summary>The weight of the KL at a step; 1 for objectives that have none.</summary>
    public double BetaAt(long step) => (_elbo ??= RunFactory.Objective(Config, Math.Max(1, TrainCount)) as Elbo
        ?? new Elbo()).Beta.At(Math.Max(0, step));
}
