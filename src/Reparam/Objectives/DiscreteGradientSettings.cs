using System.Globalization;
using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>Settings of how gradients reach discrete latents.</summary>
public abstract record DiscreteGradientSettings : Settings
{
    /// <summary>The gradient, of a model that has discrete latents.</summary>
    public abstract DiscreteGradient Make(ObjectiveParts parts);

    /// <summary>Whether the settings say no more than a configuration without them.</summary>
    public bool IsDefault => Kind == AutomaticGradientSettings.Definition && this == Kind.Default;
}

/// <summary>Settings of a temperature that falls with the steps.</summary>
public abstract record RelaxedGradientSettings : DiscreteGradientSettings
{
    /// <summary>The temperature at the first step.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>r of exp(-r t), by which the temperature falls with step t.</summary>
    public double TemperatureRate { get; init; }

    /// <summary>Below this the temperature never falls.</summary>
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
                $"lies above 0 and not above the temperature, {Temperature}; it is {TemperatureFloor}."));
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
            "rate r of exp(-r step), by which the temperature falls", Bounds.NonNegative),
        Setting.Real<RelaxedGradientSettings>(
            "temperature_floor", s => s.TemperatureFloor, (s, v) => s with { TemperatureFloor = v },
            "where the temperature stops falling", Bounds.Positive),
    ];
}

/// <summary>Settings of the gradient that goes with the model: enumeration of a class, a Gumbel-Softmax of other
/// latents.</summary>
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
                "objective.discrete.temperature belongs to a Gumbel-Softmax, and classes are enumerated where " +
                "nothing is said; leave it out, or set objective.discrete to gumbel-softmax.");
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

/// <summary>Settings of <see cref="DiscreteGradient.GumbelSoftmax"/> with exact draws forward.</summary>
public sealed record StraightThroughGumbelSoftmaxSettings : RelaxedGradientSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<StraightThroughGumbelSoftmaxSettings>(
        "straight-through-gumbel-softmax", "exact draws forward, relaxed ones backward", OfTemperature);

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
        "straight-through", "the gradient passes a draw as if it were its probabilities");

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
                "'semi-supervised', and this model has none; leave it out.");
    }
}
