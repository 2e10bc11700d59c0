using Reparam.Configuration;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Runs;

namespace Reparam.Cli.Diagnostics;

/// <summary>What is known about a run: its configuration, the metrics of its epochs, and the evaluation of its model
/// on data.</summary>
/// <param name="Config">The run's configuration.</param>
/// <param name="Run">The run's folder, as it is written in a command.</param>
internal sealed record Evidence(RunSettings Config, string Run)
{
    private Elbo? _elbo;

    /// <summary>The kinds that the configuration may name.</summary>
    public Catalog Catalog { get; init; } = Catalog.BuiltIn;

    /// <summary>The metrics of the epochs.</summary>
    public RunMetrics History { get; init; } = new();

    /// <summary>The bound on the evaluated data; null where the run has no checkpoint.</summary>
    public BoundReport? Bound { get; init; }

    /// <summary>The parts of the KL; null where they cannot be computed.</summary>
    public AggregatePosterior? Split { get; init; }

    /// <summary>How well the scale that the decoder learned or fitted agrees with the residuals; null where the decoder
    /// does not learn or fit a scale.</summary>
    public ScaleFit? Scale { get; init; }

    /// <summary>The number of latent variables in all latents together.</summary>
    public int Units { get; init; } = Config.Model.Latent;

    /// <summary>The step of the checkpoint that was evaluated.</summary>
    public long CheckpointStep { get; init; }

    /// <summary>Whether a Bernoulli likelihood scores grey levels.</summary>
    public bool IsGreyBernoulli { get; init; }

    /// <summary>Where and how training diverged, with the range of the data if it was recorded; null where training did
    /// not diverge.</summary>
    public (long Step, int Epoch, string Origin, (double Minimum, double Maximum)? Data)? Divergence { get; init; }

    /// <summary>Steps in an epoch; 0 before the first epoch is finished.</summary>
    public long StepsPerEpoch => History.Epochs == 0 ? 0 : History.Steps / History.Epochs;

    /// <summary>The number of training data, to within a batch.</summary>
    public int TrainCount => (int)Math.Min(int.MaxValue, StepsPerEpoch * Config.Training.Batch);

    /// <summary>The weight of the KL at a step; 1 for objectives without such a weight.</summary>
    public double BetaAt(long step) => (_elbo ??= RunFactory.Objective(Config, Math.Max(1, TrainCount)) as Elbo
        ?? new Elbo()).Beta.At(Math.Max(0, step));
}
