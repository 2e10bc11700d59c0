using Reparam.Configuration;
using Reparam.Objectives;

namespace Reparam.Training.Optimizers;

/// <summary>Settings of how a learning rate changes with the step.</summary>
public abstract record RateScheduleSettings : Settings
{
    /// <summary>Makes the schedule of the learning rate from the initial rate.</summary>
    public abstract Schedule Make(double rate);
}

/// <summary>Settings of a rate that falls by a factor, over a number of steps.</summary>
public abstract record FallingRateSettings : RateScheduleSettings
{
    /// <summary>The factor.</summary>
    public double DecayFactor { get; init; }

    /// <summary>Number of steps: between drops, until the end, or in the first stage, depending on the kind.</summary>
    public long DecaySteps { get; init; }

    /// <inheritdoc/>
    public override void Require(string path = "")
    {
        base.Require(path);
        if (DecaySteps < 1)
        {
            throw new InvalidConfigException(
                $"{path} '{Kind.Name}' needs {path}.decay_steps of at least 1: set it, or use --decay-steps.");
        }
    }

    /// <summary>The settings, with the help texts of a kind.</summary>
    protected static Setting[] Of(string factor, string steps) => [
        Setting.Real<FallingRateSettings>(
            "decay_factor", s => s.DecayFactor, (s, v) => s with { DecayFactor = v }, factor, Bounds.NonNegative),
        Setting.Whole<FallingRateSettings>(
            "decay_steps", s => s.DecaySteps, (s, v) => s with { DecaySteps = v }, steps)];
}

/// <summary>Settings of a rate that does not change.</summary>
public sealed record ConstantRateSettings : RateScheduleSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<ConstantRateSettings>("constant", "the same rate in all steps");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Schedule Make(double rate) => rate;
}

/// <summary>Settings of <see cref="Schedule.Step"/>.</summary>
public sealed record StepRateSettings : FallingRateSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<StepRateSettings>(
        "step", "drops by a factor", Of("factor of a drop", "steps between drops"));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Schedule Make(double rate) => Schedule.Step(rate, DecayFactor, DecaySteps);
}

/// <summary>Settings of <see cref="Schedule.Exponential"/>.</summary>
public sealed record ExponentialRateSettings : RateScheduleSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<ExponentialRateSettings>(
        "exponential", "falls by a factor each step",
        Setting.Real<ExponentialRateSettings>("decay_factor", s => s.DecayFactor, (s, v) => s with { DecayFactor = v },
            "factor of each step", Bounds.NonNegative));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The factor of each step. 1 would change nothing and is refused.</summary>
    public double DecayFactor { get; init; } = 1;

    /// <inheritdoc/>
    public override void Require(string path = "")
    {
        base.Require(path);
        if (DecayFactor == 1)
        {
            throw new InvalidConfigException(
                $"{path} '{Kind.Name}' needs {path}.decay_factor, such as 0.9999: set it, or use --decay-factor.");
        }
    }

    /// <inheritdoc/>
    public override Schedule Make(double rate) => Schedule.Exponential(rate, DecayFactor);
}

/// <summary>Settings of <see cref="Schedule.Cosine"/>.</summary>
public sealed record CosineRateSettings : FallingRateSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<CosineRateSettings>(
        "cosine", "falls along a cosine", Of("final rate divided by the initial rate", "steps until the end"));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Schedule Make(double rate) => Schedule.Cosine(rate, rate * DecayFactor, DecaySteps);
}

/// <summary>Settings of <see cref="Schedule.Stages"/>.</summary>
public sealed record StagesRateSettings : FallingRateSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<StagesRateSettings>(
        "stages", "falls by a factor in stages, each three times as long as the stage before",
        Of("factor of a stage", "steps in the first stage"));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Schedule Make(double rate) => Schedule.Stages(rate, DecayFactor, DecaySteps);
}
