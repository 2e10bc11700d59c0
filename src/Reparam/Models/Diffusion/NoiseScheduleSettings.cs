using Reparam.Configuration;

namespace Reparam.Models.Diffusion;

/// <summary>Settings that make a <see cref="NoiseSchedule"/>.</summary>
public abstract record NoiseScheduleSettings : Settings
{
    // At these levels alpha or sigma is 2e-7, the precision of a Float32.
    private static readonly Bounds s_gamma = new(-31, 31);

    /// <summary>gamma at t = 0; null for the usual value of the kind of data
    /// (<see cref="DiffusionEnd.UsualFirst"/>).</summary>
    public double? GammaMin { get; init; }

    /// <summary>gamma at t = 1; null for the usual value of the kind of data
    /// (<see cref="DiffusionEnd.UsualLast"/>).</summary>
    public double? GammaMax { get; init; }

    /// <summary>Makes the schedule.</summary>
    /// <param name="end">The kind of data.</param>
    /// <exception cref="InvalidConfigException">gamma_max is not above gamma_min.</exception>
    public NoiseSchedule Make(DiffusionEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        double first = GammaMin ?? end.UsualFirst, last = GammaMax ?? end.UsualLast;
        return last > first ? Make(first, last) : throw new InvalidConfigException(FormattableString.Invariant(
            $"model.noise.gamma_max is {last} and gamma_min is {first}; noise grows, so gamma_max must be larger."));
    }

    /// <summary>Makes the schedule between two levels.</summary>
    protected abstract NoiseSchedule Make(double first, double last);

    /// <summary>The settings that all schedules have.</summary>
    private protected static Setting[] OfEnds =>
    [
        Setting.OpenReal<NoiseScheduleSettings>("gamma_min", s => s.GammaMin, (s, v) => s with { GammaMin = v },
            "-log of the signal-to-noise ratio at the data; by default -4 for zeros and ones, -13.3 for grey levels " +
            "and -12 for real numbers", s_gamma),
        Setting.OpenReal<NoiseScheduleSettings>("gamma_max", s => s.GammaMax, (s, v) => s with { GammaMax = v },
            "-log of the signal-to-noise ratio at the noise; 8 by default", s_gamma),
    ];
}

/// <summary>Settings of a <see cref="LinearSchedule"/>.</summary>
public sealed record LinearScheduleSettings : NoiseScheduleSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<LinearScheduleSettings>(
        "linear", "gamma grows at one rate", OfEnds);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    protected override NoiseSchedule Make(double first, double last) => new LinearSchedule(first, last);
}

/// <summary>Settings of a <see cref="LearnedSchedule"/>.</summary>
public sealed record LearnedScheduleSettings : NoiseScheduleSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<LearnedScheduleSettings>(
        "learned", "adapted in training to the denoiser's errors, so that the bound's estimate varies least", OfEnds);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    protected override NoiseSchedule Make(double first, double last) => new LearnedSchedule(first, last);
}

/// <summary>Settings of a <see cref="CosineSchedule"/>.</summary>
public sealed record CosineScheduleSettings : NoiseScheduleSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<CosineScheduleSettings>(
        "cosine", "the factor of the data falls along a cosine", OfEnds);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    protected override NoiseSchedule Make(double first, double last) => new CosineSchedule(first, last);
}

/// <summary>Settings of a <see cref="GeometricSchedule"/>.</summary>
public sealed record GeometricScheduleSettings : NoiseScheduleSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<GeometricScheduleSettings>(
        "geometric", "the variance of the noise grows by one factor", OfEnds);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    protected override NoiseSchedule Make(double first, double last) => new GeometricSchedule(first, last);
}
