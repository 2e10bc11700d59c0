using System.Globalization;
using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>Settings of how gradients reach discrete latents.</summary>
public abstract record DiscreteGradientSettings : Settings
{
    /// <summary>Makes the gradient for a model that has discrete latents.</summary>
    public abstract DiscreteGradient Make(ObjectiveParts parts);

    /// <summary>Whether the settings are those of a configuration that does not mention them.</summary>
    public bool IsDefault => Kind == AutomaticGradientSettings.Definition && this == Kind.Default;
}

/// <summary>Settings of gradients with a temperature that may fall with the step.</summary>
public abstract record RelaxedGradientSettings : DiscreteGradientSettings
{
    /// <summary>The temperature at the first step.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>The rate r: at step t the temperature is the first one times exp(-r t). 0 for a constant
    /// temperature.</summary>
    public double TemperatureRate { get; init; }

    /// <summary>The lowest temperature; the temperature never falls below it.</summary>
    public double TemperatureFloor { get; init; } = 0.5;

    /// <summary>The temperature by step.</summary>
    protected Schedule Cooling => TemperatureRate > 0
        ? Schedule.Exponential(Temperature, PortableMath.Exp(-TemperatureRate)).AtLeast(TemperatureFloor)
        : Temperature;

    /// <inheritdoc/>
    public override void Require(string path = "")
    {
        base.Require(path);
        if (TemperatureRate > 0 && TemperatureFloor > Temperature)
        {
            throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture, $"{path}.temperature_floor " +
                $"must be above 0 and at most the temperature, {Temperature}; it is {TemperatureFloor}."));
        }
    }

    /// <summary>The settings of the temperature.</summary>
    protected static Setting[] OfTemperature =>
    [
        Setting.Real<RelaxedGradientSettings>(
            "temperature", s => s.Temperature, (s, v) => s with { Temperature = v },
            "temperature of a Gumbel-Softmax at the first step", Bounds.Positive),
        Setting.Real<RelaxedGradientSettings>(
            "temperature_rate", s => s.TemperatureRate, (s, v) => s with { TemperatureRate = v },
            "rate r of the factor exp(-r step), by which the temperature falls", Bounds.NonNegative),
        Setting.Real<RelaxedGradientSettings>(
            "temperature_floor", s => s.TemperatureFloor, (s, v) => s with { TemperatureFloor = v },
            "lowest temperature", Bounds.Positive),
    ];
}

/// <summary>Settings that choose the gradient by the model: enumeration for the class of a semi-supervised model,
/// Gumbel-Softmax for other discrete latents.</summary>
public sealed record AutomaticGradientSettings : RelaxedGradientSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<AutomaticGradientSettings>(
        "auto", "enumeration of the class of a semi-supervised model, gumbel-softmax for other discrete latents",
        OfTemperature);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override DiscreteGradient Make(ObjectiveParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (!parts.HasClasses) return DiscreteGradient.GumbelSoftmax(Cooling);
        return IsDefault
            ? DiscreteGradient.Enumeration
            : throw new InvalidConfigException(
                "objective.discrete.temperature belongs to a Gumbel-Softmax, and objective.discrete 'auto' " +
                "enumerates the classes of this model; remove the temperature, or set objective.discrete to " +
                "gumbel-softmax.");
    }
}

/// <summary>Settings of <see cref="DiscreteGradient.GumbelSoftmax"/>.</summary>
public sealed record GumbelSoftmaxSettings : RelaxedGradientSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<GumbelSoftmaxSettings>(
        "gumbel-softmax", "relaxed draws", OfTemperature);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override DiscreteGradient Make(ObjectiveParts parts) => DiscreteGradient.GumbelSoftmax(Cooling);
}

/// <summary>Settings of <see cref="DiscreteGradient.GumbelSoftmax"/> with exact draws in the forward pass.</summary>
public sealed record StraightThroughGumbelSoftmaxSettings : RelaxedGradientSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<StraightThroughGumbelSoftmaxSettings>(
        "straight-through-gumbel-softmax", "exact draws forward, relaxed draws backward", OfTemperature);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override DiscreteGradient Make(ObjectiveParts parts) =>
        DiscreteGradient.GumbelSoftmax(Cooling, straightThrough: true);
}

/// <summary>Settings of <see cref="DiscreteGradient.StraightThrough"/>.</summary>
public sealed record StraightThroughSettings : DiscreteGradientSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<StraightThroughSettings>(
        "straight-through", "exact draws; the gradient treats a draw as if it were its probabilities");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override DiscreteGradient Make(ObjectiveParts parts) => DiscreteGradient.StraightThrough;
}

/// <summary>Settings of <see cref="DiscreteGradient.ScoreFunction"/>.</summary>
public sealed record ScoreFunctionSettings : DiscreteGradientSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<ScoreFunctionSettings>(
        "score-function", "unbiased, with a leave-one-out baseline");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override DiscreteGradient Make(ObjectiveParts parts) => DiscreteGradient.ScoreFunction;
}

/// <summary>Settings of <see cref="DiscreteGradient.Enumeration"/>.</summary>
public sealed record EnumerationSettings : DiscreteGradientSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<EnumerationSettings>(
        "enumeration", "the sum over the class of a semi-supervised model");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override DiscreteGradient Make(ObjectiveParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.HasClasses
            ? DiscreteGradient.Enumeration
            : throw new InvalidConfigException("objective.discrete 'enumeration' sums over the class of model.kind " +
                "'semi-supervised', and this model has no class; remove objective.discrete.");
    }
}
