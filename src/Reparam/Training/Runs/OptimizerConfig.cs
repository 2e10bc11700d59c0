namespace Reparam.Training.Runs;

/// <summary>The optimiser of a run.</summary>
public sealed record OptimizerConfig
{
    /// <summary><c>adam</c>, <c>adamw</c>, <c>adagrad</c>, <c>adamax</c>, <c>rmsprop</c> or <c>sgd</c>.</summary>
    public string Kind { get; init; } = "adam";

    /// <summary>The learning rate, or the one it starts from.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary><c>constant</c>, <c>step</c>, <c>exponential</c>, <c>cosine</c> or <c>stages</c>, of which each is three times as long as the one before.</summary>
    public string Schedule { get; init; } = "constant";

    /// <summary>Steps between drops (<c>step</c>), until the end (<c>cosine</c>), or in the first stage.</summary>
    public long DecaySteps { get; init; }

    /// <summary>The factor of a drop (<c>step</c>, <c>stages</c>), of each step (<c>exponential</c>), or the final fraction (<c>cosine</c>).</summary>
    public double DecayFactor { get; init; }

    /// <summary>Steps over which the rate rises linearly at the start.</summary>
    public long WarmupSteps { get; init; }

    /// <summary>Momentum, for <c>sgd</c> and <c>rmsprop</c>.</summary>
    public double Momentum { get; init; }

    /// <summary>How slowly the mean of the gradient is forgotten, for <c>adam</c> and <c>adamw</c>.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>How slowly the mean of its square is forgotten, for <c>adam</c> and <c>adamw</c>.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>What is added to the root of that mean, for <c>adam</c> and <c>adamw</c>; a gradient much smaller hardly moves a parameter.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Weight decay; 1/N over N data is the paper's N(0, I) prior on the weights.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The gradient norm above which gradients are scaled down; 0 never clips.</summary>
    public double GradientClip { get; init; }
}
