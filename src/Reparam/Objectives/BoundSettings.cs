using Reparam.Configuration;
using Reparam.Objectives.Penalties;

namespace Reparam.Objectives;

/// <summary>
/// Settings of objectives that are an <see cref="Elbo"/>, alone or with a penalty. A kind lists those that it takes.
/// </summary>
public abstract record BoundSettings : ObjectiveSettings
{
    /// <summary>The estimator of the ELBO.</summary>
    public ElboEstimator Estimator { get; init; } = ElboEstimator.ClosedFormKL;

    /// <summary>How gradients reach discrete latents.</summary>
    public DiscreteGradientSettings Discrete { get; init; } = new AutomaticGradientSettings();

    /// <summary>The final weight of the KL.</summary>
    public double Beta { get; init; } = 1;

    /// <summary>Steps over which beta rises linearly from 0; 0 for none.</summary>
    public long WarmupSteps { get; init; }

    /// <summary>Steps in a cycle of cyclical annealing, half of them rising; 0 for none.</summary>
    public long CycleSteps { get; init; }

    /// <summary>Free nats of KL for each latent dimension; 0 for none.</summary>
    public double FreeBits { get; init; }

    /// <summary>Free nats of KL for all dimensions of a latent together; 0 for none.</summary>
    public double FreeNats { get; init; }

    /// <summary>C of beta |KL - C|, in nats, the KL that costs nothing; 0 for none.</summary>
    public double Capacity { get; init; }

    /// <summary>Steps over which the capacity rises linearly from 0; 0 for none.</summary>
    public long CapacitySteps { get; init; }

    /// <summary>Whether a part of the KL costs nothing.</summary>
    public bool HasFreeKL => FreeBits > 0 || FreeNats > 0 || Capacity > 0;

    /// <summary>Whether the KL has another weight than 1, at the end or on the way.</summary>
    public bool WeighsKL => Beta != 1 || WarmupSteps > 0 || CycleSteps > 0;

    /// <inheritdoc/>
    public override DiscreteGradientSettings? DiscreteSettings => Discrete;

    /// <inheritdoc/>
    public override void Require(string path = "")
    {
        base.Require(path);
        if (FreeBits > 0 && FreeNats > 0)
        {
            throw new InvalidConfigException(
                "objective.free_bits and objective.free_nats exclude each other; set one to 0.");
        }

        if (WarmupSteps > 0 && CycleSteps > 0)
        {
            throw new InvalidConfigException(
                "objective.warmup_steps and objective.cycle_steps exclude each other; set one to 0.");
        }

        if (CapacitySteps > 0 && Capacity == 0)
            throw new InvalidConfigException("objective.capacity_steps needs an objective.capacity to rise to.");
    }

    /// <summary>The bound with penalties beside it.</summary>
    protected Elbo Bound(ObjectiveParts parts, params IReadOnlyList<Penalty> penalties) =>
        Bound(parts, Beta, penalties);

    /// <summary>The bound with another weight of the KL.</summary>
    protected Elbo Bound(ObjectiveParts parts, double beta, params IReadOnlyList<Penalty> penalties)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return new Elbo(Samples)
        {
            Discrete = parts.HasDiscreteLatents ? Discrete.Make(parts) : DiscreteGradient.ScoreFunction,
            DataCount = parts.DataCount,
            Beta = Annealed(beta, WarmupSteps, CycleSteps),
            Capacity = Capacity == 0 ? null : CapacitySteps > 0 ? Schedule.Linear(
                0, Capacity, CapacitySteps) : Capacity,
            FreeBits = FreeBits > 0 ? Objectives.FreeBits.PerDimension(
                FreeBits) : FreeNats > 0 ? Objectives.FreeBits.Total(FreeNats) : Objectives.FreeBits.None,
            Penalties = penalties,
            Estimator = Estimator,
        };
    }

    /// <summary>A weight that rises once, rises in cycles, or stays.</summary>
    internal static Schedule Annealed(double beta, long warmup, long cycle) =>
        warmup > 0 ? Schedule.Linear(0, beta, warmup) : cycle > 0 ? Schedule.Cyclical(0, beta, cycle) : beta;

    /// <summary>Samples, estimator and gradient of discrete latents.</summary>
    protected static Setting[] OfDraws =>
    [
        SamplesSetting,
        Setting.Choice<BoundSettings, ElboEstimator>(
            "estimator", s => s.Estimator, (s, v) => s with { Estimator = v },
            "estimator of the bound: KL in closed form (SGVB B), sampled (SGVB A), or its path alone",
            ("closed-form-kl", ElboEstimator.ClosedFormKL), ("sampled", ElboEstimator.Sampled),
            ("sticking-the-landing", ElboEstimator.StickingTheLanding)),
        Setting.Section<BoundSettings, DiscreteGradientSettings>(
            "discrete", s => s.Discrete, (s, v) => s with { Discrete = v }, "gradient of discrete latents"),
    ];

    /// <summary>The weight of the KL.</summary>
    protected static Setting BetaSetting { get; } =
        Setting.Real<BoundSettings>(
            "beta", s => s.Beta, (s, v) => s with { Beta = v }, "final weight of the KL", Bounds.NonNegative);

    /// <summary>How the KL is weighed by step, and what of it costs nothing.</summary>
    protected static Setting[] OfKL =>
    [
        Setting.Whole<BoundSettings>(
            "warmup_steps", s => s.WarmupSteps, (s, v) => s with { WarmupSteps = v },
            "steps over which beta rises from 0").WithFlag("--warmup"),
        Setting.Whole<BoundSettings>(
            "cycle_steps", s => s.CycleSteps, (s, v) => s with { CycleSteps = v },
            "steps in a cycle of cyclical annealing").WithFlag("--cycle"),
        Setting.Real<BoundSettings>(
            "free_bits", s => s.FreeBits, (s, v) => s with { FreeBits = v },
            "free nats of KL for each latent dimension", Bounds.NonNegative),
        Setting.Real<BoundSettings>(
            "free_nats", s => s.FreeNats, (s, v) => s with { FreeNats = v },
            "free nats of KL for all dimensions of a latent together", Bounds.NonNegative),
        Setting.Real<BoundSettings>(
            "capacity", s => s.Capacity, (s, v) => s with { Capacity = v },
            "nats of KL that cost nothing, C of beta |KL - C|", Bounds.NonNegative),
        Setting.Whole<BoundSettings>(
            "capacity_steps", s => s.CapacitySteps, (s, v) => s with { CapacitySteps = v },
            "steps over which the capacity rises from 0"),
    ];
}
