using Reparam.Configuration;
using Reparam.Objectives;

namespace Reparam.Training.Optimizers;

/// <summary>Settings that make an <see cref="Optimizer"/>.</summary>
public abstract record OptimizerSettings : Settings
{
    /// <summary>The learning rate; with a schedule, the initial learning rate.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>How the learning rate changes with the step.</summary>
    public RateScheduleSettings Schedule { get; init; } = new ConstantRateSettings();

    /// <summary>Steps at the start over which the learning rate rises linearly from 0; 0 for no warm-up.</summary>
    public long WarmupSteps { get; init; }

    /// <summary>Weight decay; 1/N for N data is the N(0, I) prior on the weights of Kingma and Welling
    /// (2013).</summary>
    public double WeightDecay { get; init; }

    /// <summary>The norm above which gradients are scaled down; 0 never clips.</summary>
    public double GradientClip { get; init; }

    /// <inheritdoc cref="Optimizer.AverageDecay"/>
    public double AverageDecay { get; init; }

    /// <summary>Makes the optimiser.</summary>
    public abstract Optimizer Make();

    /// <summary>The learning rate by step.</summary>
    protected Schedule Rate
    {
        get
        {
            Schedule rate = Schedule.Make(LearningRate);
            return WarmupSteps > 0 ? rate.AfterWarmUp(WarmupSteps) : rate;
        }
    }

    /// <summary>The norm above which gradients are scaled down; infinity if gradients are not clipped.</summary>
    protected double Clip => GradientClip > 0 ? GradientClip : double.PositiveInfinity;

    /// <summary>The settings that all optimisers have.</summary>
    protected static Setting[] Shared =>
    [
        Setting.Real<OptimizerSettings>(
            "learning_rate", s => s.LearningRate, (s, v) => s with { LearningRate = v },
            "learning rate; a common value is 1e-3", Bounds.Positive).WithFlag("--lr"),
        Setting.Section<OptimizerSettings, RateScheduleSettings>(
            "schedule", s => s.Schedule, (s, v) => s with { Schedule = v }, "how the learning rate changes"),
        Setting.Whole<OptimizerSettings>(
            "warmup_steps", s => s.WarmupSteps, (s, v) => s with { WarmupSteps = v },
            "steps over which the learning rate rises from 0").WithFlag("--lr-warmup"),
        Setting.Real<OptimizerSettings>(
            "weight_decay", s => s.WeightDecay, (s, v) => s with { WeightDecay = v },
            "weight decay; 1/N for N data is the N(0, I) prior on weights", Bounds.NonNegative),
        Setting.Real<OptimizerSettings>(
            "gradient_clip", s => s.GradientClip, (s, v) => s with { GradientClip = v },
            "norm above which gradients are scaled down; 0 never clips", Bounds.NonNegative)
            .WithFlag("--clip"),
        Setting.Real<OptimizerSettings>(
            "average_decay", s => s.AverageDecay, (s, v) => s with { AverageDecay = v },
            "decay of a moving average of the parameters (EMA), which evaluation and samples use, such as 0.999; 0 " +
            "for none", Bounds.Fraction).WithFlag("--ema"),
    ];
}
