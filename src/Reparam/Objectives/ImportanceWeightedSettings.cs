using System.Globalization;
using Reparam.Configuration;

namespace Reparam.Objectives;

/// <summary>Settings of an <see cref="ImportanceWeightedElbo"/>.</summary>
public abstract record ImportanceWeightedSettings : ObjectiveSettings
{
    /// <summary>How the gradient of the bound reaches the encoder.</summary>
    public PathGradient Gradient { get; init; } = PathGradient.Total;

    /// <summary>Number of groups of the draws; 1 for a kind without groups.</summary>
    public int Groups { get; init; } = 1;

    /// <inheritdoc/>
    public override void Require(string path = "")
    {
        base.Require(path);
        if (Samples < Groups || Samples % Groups != 0)
        {
            throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture, $"{path} '{Kind.Name}' " +
                $"divides {Samples} draws into {Groups} groups of equal size: set {path}.samples to a multiple of " +
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
                $"2{(Groups > 1 ? " in each group" : "")}, because each draw is compared with the others.")
            : Bound();
    }

    private protected abstract ImportanceWeightedElbo Bound();

    /// <summary>The settings of samples and gradient.</summary>
    protected static Setting[] OfWeights =>
    [
        SamplesSetting,
        Setting.Choice<ImportanceWeightedSettings, PathGradient>(
            "estimator", s => s.Gradient, (s, v) => s with { Gradient = v },
            "gradient of the bound: the total gradient, or one through the path of the draws",
            ("sampled", PathGradient.Total), ("sticking-the-landing", PathGradient.StickingTheLanding),
            ("doubly-reparameterized", PathGradient.DoublyReparameterized)),
    ];

    /// <summary>The setting of the number of groups.</summary>
    protected static Setting GroupsSetting { get; } =
        Setting.Whole<ImportanceWeightedSettings>(
            "groups", s => s.Groups, (s, v) => s with { Groups = v }, "number of groups of the draws", 1, 100_000);
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

/// <summary>Settings of MIWAE, the mean of the importance-weighted bounds of groups of draws (Rainforth et al.
/// 2018).</summary>
public sealed record MiwaeSettings : ImportanceWeightedSettings
{
    /// <summary>Eight draws in eight groups.</summary>
    public MiwaeSettings() => (Groups, Samples) = (8, 8);

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<MiwaeSettings>(
        "miwae", "the mean of the bounds of groups of draws", [.. OfWeights, GroupsSetting]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    private protected override ImportanceWeightedElbo Bound() => new(Samples) { Gradient = Gradient, Groups = Groups };
}

/// <summary>Settings of PIWAE: the decoder learns from the bound of all draws, the encoder from groups of draws
/// (Rainforth et al. 2018).</summary>
public sealed record PiwaeSettings : ImportanceWeightedSettings
{
    /// <summary>Eight draws in eight groups.</summary>
    public PiwaeSettings() => (Groups, Samples) = (8, 8);

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<PiwaeSettings>(
        "piwae", "the decoder learns from all draws, the encoder from groups of draws", [.. OfWeights, GroupsSetting]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    private protected override ImportanceWeightedElbo Bound() => new(Samples)
    {
        Gradient = Gradient, Groups = Groups, Partial = true,
    };
}

/// <summary>Settings of CIWAE, a weighted mean of the ELBO and the importance-weighted bound (Rainforth et al.
/// 2018).</summary>
public sealed record CiwaeSettings : ImportanceWeightedSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<CiwaeSettings>(
        "ciwae", "a weighted mean of the ELBO and the importance-weighted bound",
        [
            .. OfWeights,
            Setting.Real<CiwaeSettings>("elbo_share", s => s.ElboShare, (s, v) => s with { ElboShare = v },
                "weight of the ELBO in the mean", new Bounds(0, 1)),
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The weight of the ELBO in the mean.</summary>
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
