using Reparam.Configuration;
using Reparam.Objectives;

namespace Reparam.Training.Optimizers;

/// <summary>Settings that make an <see cref="Optimizer"/>.</summary>
public abstract record OptimizerSettings : Settings
{
    /// <summary>The learning rate, or the one it starts from.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>How the rate changes with the steps.</summary>
    public RateScheduleSettings Schedule { get; init; } = new ConstantRateSettings();

    /// <summary>Steps over which the rate rises linearly at the start.</summary>
    public long WarmupSteps { get; init; }

    /// <summary>Weight decay; 1/N over N data is the paper's N(0, I) prior on the weights.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The gradient norm above which gradients are scaled down; 0 never clips.</summary>
    public double GradientClip { get; init; }

    /// <summary>The optimiser.</summary>
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

    /// <summary>The gradient norm above which gradients are scaled down.</summary>
    protected double Clip => GradientClip > 0 ? GradientClip : double.PositiveInfinity;

    /// <summary>Settings that all optimisers have.</summary>
    protected static Setting[] Shared =>
    [
        Setting.Real<OptimizerSettings>(
            "learning_rate", s => s.LearningRate, (s, v) => s with { LearningRate = v },
            "learning rate; a common one is 1e-3", Bounds.Positive).WithFlag("--lr"),
        Setting.Section<OptimizerSettings, RateScheduleSettings>(
            "schedule", s => s.Schedule, (s, v) => s with { Schedule = v }, "how the learning rate changes"),
        Setting.Whole<OptimizerSettings>(
            "warmup_steps", s => s.WarmupSteps, (s, v) => s with { WarmupSteps = v },
            "steps over which the learning rate rises from 0").WithFlag("--lr-warmup"),
        Setting.Real<OptimizerSettings>(
            "weight_decay", s => s.WeightDecay, (s, v) => s with { WeightDecay = v },
            "weight decay; 1/N over N data is the N(0, I) prior on weights", Bounds.NonNegative),
        Setting.Real<OptimizerSettings>(
            "gradient_clip", s => s.GradientClip, (s, v) => s with { GradientClip = v },
            "gradient norm above which gradients are scaled down; 0 never", Bounds.NonNegative)
            .WithFlag("--clip"),
    ];
}
