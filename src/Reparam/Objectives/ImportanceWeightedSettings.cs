using System.Globalization;
using Reparam.Configuration;

namespace Reparam.Objectives;

/// <summary>Settings of an <see cref="ImportanceWeightedElbo"/>.</summary>
public abstract record ImportanceWeightedSettings : ObjectiveSettings
{
    /// <summary>Which gradient of the bound.</summary>
    public PathGradient Gradient { get; init; } = PathGradient.Total;

    /// <summary>Groups of the draws; 1 where a kind has none.</summary>
    public int Groups { get; init; } = 1;

    /// <inheritdoc/>
    public override void Require(string path = "")
    {
        base.Require(path);
        if (Samples < Groups || Samples % Groups != 0)
        {
            throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture, $"{path} '{Kind.Name}' " +
                $"divides {Samples} draws into {Groups} groups of one size: set {path}.samples to a multiple of " +
                $"{Groups}, or {path}.groups to a divisor of {Samples}."));
        }
    }

    /// <inheritdoc/>
    public override ImportanceWeightedElbo Make(ObjectiveParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.HasDiscreteLatents && Samples / Groups < 2
            ? throw new InvalidConfigException(
                $"objective '{Kind.Name}' with discrete latents needs objective.samples of at least " +
                $"2{(Groups > 1 ? " in each group" : "")}, for each draw to be measured by the others.")
            : Bound();
    }

    private protected abstract ImportanceWeightedElbo Bound();

    /// <summary>Samples and gradient.</summary>
    protected static Setting[] OfWeights =>
    [
        SamplesSetting,
        Setting.Choice<ImportanceWeightedSettings, PathGradient>(
            "estimator", s => s.Gradient, (s, v) => s with { Gradient = v },
            "gradient of the bound: all of it, or its path",
            ("sampled", PathGradient.Total), ("sticking-the-landing", PathGradient.StickingTheLanding),
            ("doubly-reparameterized", PathGradient.DoublyReparameterized)),
    ];

    /// <summary>The groups.</summary>
    protected static Setting GroupsSetting { get; } =
        Setting.Whole<ImportanceWeightedSettings>(
            "groups", s => s.Groups, (s, v) => s with { Groups = v }, "groups of the draws", 1, 100_000);
}

/// <summary>Settings of the importance-weighted bound (Burda et al. 2016).</summary>
public sealed record IwaeSettings : ImportanceWeightedSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<IwaeSettings>(
        "iwae", "the importance-weighted bound of several draws", OfWeights);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    private protected override ImportanceWeightedElbo Bound() => new(Samples) { Gradient = Gradient };
}

/// <summary>Settings of the mean of importance-weighted bounds of groups of draws (Rainforth et al. 2018).</summary>
public sealed record MiwaeSettings : ImportanceWeightedSettings
{
    /// <summary>Eight groups.</summary>
    public MiwaeSettings() => (Groups, Samples) = (8, 8);

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<MiwaeSettings>(
        "miwae", "the mean of the bounds of groups of draws", [.. OfWeights, GroupsSetting]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    private protected override ImportanceWeightedElbo Bound() => new(Samples) { Gradient = Gradient, Groups = Groups };
}

/// <summary>Settings of the bound whose encoder learns from groups of draws (Rainforth et al. 2018).</summary>
public sealed record PiwaeSettings : ImportanceWeightedSettings
{
    /// <summary>Eight groups.</summary>
    public PiwaeSettings() => (Groups, Samples) = (8, 8);

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<PiwaeSettings>(
        "piwae", "the decoder learns from all draws, the encoder from groups of them", [.. OfWeights, GroupsSetting]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    private protected override ImportanceWeightedElbo Bound() => new(Samples)
    {
        Gradient = Gradient, Groups = Groups, Partial = true,
    };
}

/// <summary>Settings of a bound between the ELBO and the importance-weighted one (Rainforth et al. 2018).</summary>
public sealed record CiwaeSettings : ImportanceWeightedSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<CiwaeSettings>(
        "ciwae", "a bound between the ELBO and the importance-weighted one",
        [
            .. OfWeights,
            Setting.Real<CiwaeSettings>("elbo_share", s => s.ElboShare, (s, v) => s with { ElboShare = v },
                "the ELBO's share", new Bounds(0, 1)),
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The ELBO's share.</summary>
    public double ElboShare { get; init; } = 0.05;

    private protected override ImportanceWeightedElbo Bound() => new(Samples)
    {
        Gradient = Gradient, ElboShare = ElboShare,
    };
}

/// <summary>Settings of the variational Renyi bound (Li and Turner 2016).</summary>
public sealed record RenyiSettings : ImportanceWeightedSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<RenyiSettings>(
        "renyi", "the variational Renyi bound",
        [
            .. OfWeights,
            Setting.Real<RenyiSettings>(
                "order", s => s.Order, (s, v) => s with { Order = v }, "order of the divergence", Bounds.Finite),
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The order of the divergence; 0 for the importance-weighted bound, 1 for the ELBO.</summary>
    public double Order { get; init; } = 0.5;

    private protected override ImportanceWeightedElbo Bound() => new(Samples) { Gradient = Gradient, Order = Order };
}
