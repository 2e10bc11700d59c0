namespace Reparam.Training.Runs;

/// <summary>The objective of a run.</summary>
public sealed record ObjectiveConfig
{
    /// <summary>
    /// The bound <c>elbo</c>; with a penalty on the codes of a batch <c>beta-tcvae</c>, <c>factor-vae</c>, <c>dip-vae-i</c>, <c>dip-vae-ii</c>, <c>info-vae</c>, <c>wae-mmd</c> or <c>aae</c>; against a discriminator of data <c>vae-gan</c>; with a loss for q of its own <c>wake-sleep</c>; of several weighted draws <c>iwae</c>, <c>miwae</c>, <c>piwae</c>,
    /// <c>ciwae</c>, <c>renyi</c> or <c>rws</c> (reweighted wake-sleep).
    /// </summary>
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

    /// <summary>Free nats of KL for all dimensions of a latent together; 0 for none.</summary>
    public double FreeNats { get; init; }

    /// <summary>The estimator: of the ELBO <c>closed-form-kl</c> (SGVB B), <c>sampled</c> (SGVB A) or <c>sticking-the-landing</c>; of the importance-weighted bound <c>sampled</c>,
    /// <c>sticking-the-landing</c> or <c>doubly-reparameterized</c>.</summary>
    public string Estimator { get; init; } = "closed-form-kl";

    /// <summary>How the gradient reaches discrete latents: <c>gumbel-softmax</c>, <c>straight-through-gumbel-softmax</c>, <c>straight-through</c> or <c>score-function</c>, and for the class of a <c>semi-supervised</c> model
    /// <c>enumeration</c>. Other latents have no use for it. Null: enumeration there, gumbel-softmax elsewhere.</summary>
    public string? Discrete { get; init; }

    /// <summary>The temperature of a Gumbel-Softmax at the first step.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>r of exp(-r t), by which the temperature falls with step t.</summary>
    public double TemperatureRate { get; init; }

    /// <summary>Below this the temperature never falls.</summary>
    public double TemperatureFloor { get; init; } = 0.5;

    /// <summary>M groups of the draws of <c>miwae</c> and <c>piwae</c>.</summary>
    public int Groups { get; init; } = 8;

    /// <summary>The order of <c>renyi</c> (null: 0.5), the ELBO's share in <c>ciwae</c> (null: 0.05), the KL's part left out of <c>info-vae</c> (null: 0), what the likeness to the datum weighs for the decoder of <c>vae-gan</c> (null: 1).</summary>
    public double? Alpha { get; init; }

    /// <summary>
    /// The weight of the penalty. Null: 6 for <c>beta-tcvae</c> (its beta) and <c>factor-vae</c>, 10 for <c>dip-vae-i</c> and <c>-ii</c> (off the diagonal; on it ten times as much for I, as much for II), 1000 for <c>info-vae</c> (its lambda), 10 for
    /// <c>wae-mmd</c> and <c>aae</c>.
    /// </summary>
    public double? Penalty { get; init; }

    /// <summary>How <c>beta-tcvae</c> estimates the aggregate posterior: <c>stratified</c> or <c>weighted</c>.</summary>
    public string Sampling { get; init; } = "stratified";

    /// <summary>alpha of a <c>semi-supervised</c> model: all labels together weigh log q(y|x) by alpha times the number of all data (Kingma et al. 2014).</summary>
    public double Supervision { get; init; } = 0.1;

    /// <summary>The weight of what keeps the encoder of a <c>vq-vae</c> near its codebook.</summary>
    public double Commitment { get; init; } = 0.25;

    /// <summary>C of beta |KL - C|, in nats, the KL that costs nothing; 0 for none.</summary>
    public double Capacity { get; init; }

    /// <summary>Steps over which the capacity rises linearly from 0; 0 for none.</summary>
    public long CapacitySteps { get; init; }
}
