using Reparam.Configuration;
using Reparam.Objectives;

namespace Reparam.Training.Optimizers;

/// <summary>Settings of how a learning rate changes with the steps.</summary>
public abstract record RateScheduleSettings : Settings
{
    /// <summary>The rate by step, from the one it starts with.</summary>
    public abstract Schedule Make(double rate);
}

/// <summary>Settings of a rate that falls by a factor, at once or step by step.</summary>
public abstract record FallingRateSettings : RateScheduleSettings
{
    /// <summary>The factor.</summary>
    public double DecayFactor { get; init; }

    /// <summary>Steps between drops, until the end, or in the first stage.</summary>
    public long DecaySteps { get; init; }

    /// <inheritdoc/>
    public override void Require(string path = "")
    {
        base.Require(path);
        if (DecaySteps < 1)
        {
            throw new InvalidConfigException(
                $"{path} '{Kind.Name}' needs {path}.decay_steps of at least 1: --decay-steps.");
        }
    }

    /// <summary>The settings, with what each means to a kind.</summary>
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

    /// <summary>The factor of each step; 1, which does nothing, is refused.</summary>
    public double DecayFactor { get; init; } = 1;

    /// <inheritdoc/>
    public override void Require(string path = "")
    {
        base.Require(path);
        if (DecayFactor == 1)
        {
            throw new InvalidConfigException(
                $"{path} '{Kind.Name}' needs {path}.decay_factor, such as 0.9999: --decay-factor.");
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
        "cosine", "falls along a cosine", Of("final fraction", "steps until the end"));

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
        "stages", "falls by a factor in stages, each three times as long as the one before",
        Of("factor of a stage", "steps in the first stage"));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Schedule Make(double rate) => Schedule.Stages(rate, DecayFactor, DecaySteps);
}
