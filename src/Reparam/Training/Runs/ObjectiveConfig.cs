namespace Reparam.Training.Runs;

/// <summary>The objective of a run.</summary>
public sealed record ObjectiveConfig
{
    /// <summary><c>elbo</c> or <c>iwae</c>.</summary>
    public string Kind { get; init; } = "elbo";

    /// <summary>Draws of the latents for each datum.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>Final weight of the KL.</summary>
    public double Beta { get; init; } = 1;

    /// <summary>Steps over which beta rises linearly from 0; 0 for none.</summary>
    public long WarmupSteps { get; init; }

    /// <summary>Steps in a cycle of cyclical annealing, half of them rising; 0 for none.</summary>
    public long CycleSteps { get; init; }

    /// <summary>Free nats of KL for each latent dimension; 0 for none.</summary>
    public double FreeBits { get; init; }

    /// <summary>The estimator: of the ELBO <c>closed-form-kl</c> (SGVB B), <c>sampled</c> (SGVB A) or <c>sticking-the-landing</c>; of the importance-weighted bound <c>sampled</c>,
    /// <c>sticking-the-landing</c> or <c>doubly-reparameterized</c>.</summary>
    public string Estimator { get; init; } = "closed-form-kl";

    /// <summary>How the gradient reaches discrete latents: <c>gumbel-softmax</c>, <c>straight-through-gumbel-softmax</c>, <c>straight-through</c> or <c>score-function</c>. Other latents have no use for it.</summary>
    public string Discrete { get; init; } = "gumbel-softmax";

    /// <summary>The temperature of a Gumbel-Softmax at the first step.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>r of exp(-r t), by which the temperature falls with step t.</summary>
    public double TemperatureRate { get; init; }

    /// <summary>Below this the temperature never falls.</summary>
    public double TemperatureFloor { get; init; } = 0.5;
}
