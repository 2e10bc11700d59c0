using Reparam.Configuration;
using Reparam.Objectives.Penalties;

namespace Reparam.Objectives;

/// <summary>Settings of objectives that are an <see cref="Elbo"/>, with or without a penalty. Each kind lists which of
/// these settings it takes.</summary>
public abstract record BoundSettings : ObjectiveSettings
{
    /// <summary>The estimator of the ELBO.</summary>
    public ElboEstimator Estimator { get; init; } = ElboEstimator.ClosedFormKL;

    /// <summary>How gradients reach discrete latents.</summary>
    public DiscreteGradientSettings Discrete { get; init; } = new AutomaticGradientSettings();

    /// <summary>The final weight of the KL.</summary>
    public double Beta { get; init; } = 1;

    /// <summary>Steps over which beta rises linearly from 0; 0 for no warm-up.</summary>
    public long WarmupSteps { get; init; }

    /// <summary>Steps in one cycle of cyclical annealing; beta rises over the first half of each cycle. 0 for no
    /// cycles.</summary>
    public long CycleSteps { get; init; }

    /// <summary>Free nats of KL for each latent dimension; 0 for no free nats.</summary>
    public double FreeBits { get; init; }

    /// <summary>Free nats of KL for all dimensions of a latent together; 0 for no free nats.</summary>
    public double FreeNats { get; init; }

    /// <summary>The capacity C in beta |KL - C|, in nats: a KL of C costs nothing. 0 for no capacity.</summary>
    public double Capacity { get; init; }

    /// <summary>Steps over which the capacity rises linearly from 0; 0 for a constant capacity.</summary>
    public long CapacitySteps { get; init; }

    /// <summary>Whether free bits, free nats or a capacity are set, so that a part of the KL costs nothing.</summary>
    public bool HasFreeKL => FreeBits > 0 || FreeNats > 0 || Capacity > 0;

    /// <summary>Whether the weight of the KL differs from 1, either finally or during a warm-up or a cycle.</summary>
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
            throw new InvalidConfigException("objective.capacity_steps needs objective.capacity above 0: set both.");
    }

    /// <summary>The ELBO with the given penalties added to its loss.</summary>
    protected Elbo Bound(ObjectiveParts parts, params IReadOnlyList<Penalty> penalties) =>
        Bound(parts, Beta, penalties);

    /// <summary>The ELBO with the given final weight of the KL, and with the given penalties added to its
    /// loss.</summary>
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

    /// <summary>A weight that rises once from 0 to beta, rises from 0 to beta in each cycle, or is constant.</summary>
    internal static Schedule Annealed(double beta, long warmup, long cycle) =>
        warmup > 0 ? Schedule.Linear(0, beta, warmup) : cycle > 0 ? Schedule.Cyclical(0, beta, cycle) : beta;

    /// <summary>The settings of samples, estimator and gradient of discrete latents.</summary>
    protected static Setting[] OfDraws =>
    [
        SamplesSetting,
        Setting.Choice<BoundSettings, ElboEstimator>(
            "estimator", s => s.Estimator, (s, v) => s with { Estimator = v },
            "estimator of the bound: KL in closed form (SGVB B), sampled KL (SGVB A), or sampled KL with the path " +
            "gradient only",
            ("closed-form-kl", ElboEstimator.ClosedFormKL), ("sampled", ElboEstimator.Sampled),
            ("sticking-the-landing", ElboEstimator.StickingTheLanding)),
        Setting.Section<BoundSettings, DiscreteGradientSettings>(
            "discrete", s => s.Discrete, (s, v) => s with { Discrete = v }, "gradient of discrete latents"),
    ];

    /// <summary>The setting of the weight of the KL.</summary>
    protected static Setting BetaSetting { get; } =
        Setting.Real<BoundSettings>(
            "beta", s => s.Beta, (s, v) => s with { Beta = v }, "final weight of the KL", Bounds.NonNegative);

    /// <summary>The settings of how the weight of the KL changes with the step, of the free bits and of the
    /// capacity.</summary>
    protected static Setting[] OfKL =>
    [
        Setting.Whole<BoundSettings>(
            "warmup_steps", s => s.WarmupSteps, (s, v) => s with { WarmupSteps = v },
            "steps over which beta rises from 0").WithFlag("--warmup"),
        Setting.Whole<BoundSettings>(
            "cycle_steps", s => s.CycleSteps, (s, v) => s with { CycleSteps = v },
            "steps in one cycle of cyclical annealing").WithFlag("--cycle"),
        Setting.Real<BoundSettings>(
            "free_bits", s => s.FreeBits, (s, v) => s with { FreeBits = v },
            "free nats of KL for each latent dimension", Bounds.NonNegative),
        Setting.Real<BoundSettings>(
            "free_nats", s => s.FreeNats, (s, v) => s with { FreeNats = v },
            "free nats of KL for all dimensions of a latent together", Bounds.NonNegative),
        Setting.Real<BoundSettings>(
            "capacity", s => s.Capacity, (s, v) => s with { Capacity = v },
            "capacity C in beta |KL - C|, in nats: a KL of C costs nothing", Bounds.NonNegative),
        Setting.Whole<BoundSettings>(
            "capacity_steps", s => s.CapacitySteps, (s, v) => s with { CapacitySteps = v },
            "steps over which the capacity rises from 0"),
    ];
}
