using Reparam.Configuration;

namespace Reparam.Models;

/// <summary>Settings of a posterior of independent normals.</summary>
public sealed record NormalPosteriorSettings : PosteriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<NormalPosteriorSettings>("normal", "independent normals, one " +
        "for each latent");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override PosteriorFamily Family => PosteriorFamily.Normal;
}

/// <summary>Settings of a posterior that is a point, which makes an autoencoder.</summary>
public sealed record PointPosteriorSettings : PosteriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<PointPosteriorSettings>(
        "point", "a point instead of a distribution, which makes an autoencoder");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override PosteriorFamily Family => PosteriorFamily.Point;
}

/// <summary>Settings of a posterior that is a normal with a full covariance.</summary>
public sealed record FullCovariancePosteriorSettings : PosteriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<FullCovariancePosteriorSettings>(
        "full", "a normal with a full covariance");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override PosteriorFamily Family => PosteriorFamily.FullCovariance;

    /// <summary>The limit is 512, because each datum has a matrix of latent x latent numbers.</summary>
    public override int LargestLatent => 512;
}

/// <summary>Settings of a posterior that is a normal with a low-rank plus diagonal covariance.</summary>
public sealed record LowRankPosteriorSettings : PosteriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<LowRankPosteriorSettings>(
        "low-rank", "a normal with a low-rank plus diagonal covariance",
        Setting.Whole<LowRankPosteriorSettings>(
            "columns", s => s.Columns, (s, v) => s with { Columns = v }, "number of columns of the low-rank " +
                "factor", 1, 64).AfterColon());

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The number of columns of the low-rank factor.</summary>
    public int Columns { get; init; } = 2;

    /// <inheritdoc/>
    public override PosteriorFamily Family => PosteriorFamily.LowRank(Columns);
}

/// <summary>Settings of a posterior that is a mixture of normals. The gradients of its weights are mostly noise once
/// the components are separated.</summary>
public sealed record MixturePosteriorSettings : PosteriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<MixturePosteriorSettings>(
        "mixture", "a mixture of normals; the gradients of its weights are mostly noise once the components are " +
            "separated",
        Setting.Whole<MixturePosteriorSettings>(
            "components", s => s.Components, (s, v) => s with { Components = v }, "number of components", 2,
            64).AfterColon());

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The number of components.</summary>
    public int Components { get; init; } = 5;

    /// <inheritdoc/>
    public override PosteriorFamily Family => PosteriorFamily.Mixture(Components);
}

/// <summary>Settings of a von Mises-Fisher posterior on the unit sphere.</summary>
public sealed record VonMisesFisherPosteriorSettings : PosteriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<VonMisesFisherPosteriorSettings>(
        "vmf", "von Mises-Fisher on the unit sphere");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override PosteriorFamily Family => PosteriorFamily.VonMisesFisher;

    /// <inheritdoc/>
    public override int SmallestLatent => 2;
}

/// <summary>Settings of a power spherical posterior on the unit sphere.</summary>
public sealed record PowerSphericalPosteriorSettings : PosteriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<PowerSphericalPosteriorSettings>(
        "power-spherical", "power spherical on the unit sphere");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override PosteriorFamily Family => PosteriorFamily.PowerSpherical;

    /// <inheritdoc/>
    public override int SmallestLatent => 2;
}

/// <summary>Settings of a posterior of independent Bernoulli variables.</summary>
public sealed record BernoulliPosteriorSettings : PosteriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<BernoulliPosteriorSettings>("bernoulli", "independent Bernoulli " +
        "variables");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override PosteriorFamily Family => PosteriorFamily.Bernoulli;
}

/// <summary>Settings of a posterior of independent one-hot variables.</summary>
public sealed record CategoricalPosteriorSettings : PosteriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<CategoricalPosteriorSettings>(
        "categorical", "independent one-hot variables",
        Setting.Whole<CategoricalPosteriorSettings>(
            "outcomes", s => s.Outcomes, (s, v) => s with { Outcomes = v }, "number of outcomes of each variable", 2,
            1000).AfterColon());

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The number of outcomes of each variable.</summary>
    public int Outcomes { get; init; } = 10;

    /// <inheritdoc/>
    public override PosteriorFamily Family => PosteriorFamily.Categorical(Outcomes);
}
