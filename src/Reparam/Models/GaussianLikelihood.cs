using System.Globalization;
using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// Independent Gaussian elements (Kingma and Welling 2013, appendix C.2). p(x|z) is a density, so its logarithm depends
/// on the unit of the data and can be positive. A learned or predicted scale has a lower bound (log-variance >=
/// <see cref="MinimumLogVariance"/>): without a bound, a constant pixel would drive the density to infinity.
/// </summary>
public sealed class GaussianLikelihood : Likelihood
{
    /// <summary>The lower bound of a learned or predicted log-variance: a standard deviation of 0.0025, which is less
    /// than one grey level of 1/255.</summary>
    public const double MinimumLogVariance = -12;

    private readonly GaussianScale _kind;
    private readonly double _initialScale;
    private readonly bool _sigmoidMean;

    /// <summary>Makes the likelihood with the given source of scale.</summary>
    /// <param name="kind">Where the scale comes from.</param>
    /// <param name="scale">The fixed scale, or the initial value of the shared one; positive.</param>
    /// <param name="sigmoidMean">Whether means pass through a sigmoid into (0, 1).</param>
    public GaussianLikelihood(GaussianScale kind, double scale, bool sigmoidMean)
    {
        if (!(scale > 0) || !double.IsFinite(scale))
            throw new ArgumentOutOfRangeException(nameof(scale), "The standard deviation must be positive and finite.");
        _kind = kind;
        _initialScale = scale;
        _sigmoidMean = sigmoidMean;
    }

    /// <inheritdoc/>
    public override string Name => (_kind, _sigmoidMean) switch
    {
        (GaussianScale.Fixed, _) => _initialScale == 1 ? "gaussian"
            : $"gaussian:{_initialScale.ToString("R", CultureInfo.InvariantCulture)}",
        (GaussianScale.Shared, _) => "gaussian-learned",
        (GaussianScale.PerColumn, _) => "gaussian-columns",
        (GaussianScale.Optimal, _) => "gaussian-optimal",
        _ => _sigmoidMean ? "gaussian-sigmoid" : "gaussian-element",
    };

    /// <inheritdoc/>
    public override int OutputsPerElement => _kind == GaussianScale.PerElement ? 2 : 1;

    /// <inheritdoc/>
    public override bool IsDiscrete => false;

    /// <inheritdoc/>
    public override bool IsBounded => _sigmoidMean;

    /// <inheritdoc/>
    public override bool LearnsScale =>
        _kind is GaussianScale.Shared or GaussianScale.PerColumn or GaussianScale.PerElement;

    /// <inheritdoc/>
    protected internal override double RawMean(double mean) => _sigmoidMean ? LogOdds(mean) : mean;

    /// <inheritdoc/>
    protected internal override double RawScale(double deviation) =>
        AboveFloor(2 * PortableMath.Log(Math.Max(deviation, 1e-30)), MinimumLogVariance);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Initial)> LearnedScalars =>
        _kind == GaussianScale.Shared ? [("log_variance", 2 * PortableMath.Log(_initialScale))] : [];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Initial)> LearnedElements =>
        _kind == GaussianScale.PerColumn ? [("log_variance", 2 * PortableMath.Log(_initialScale))] : [];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Initial)> TrackedScalars => _kind == GaussianScale.Optimal
        ? [("variance", 0), ("variance_batches", 0)] : [];

    /// <inheritdoc/>
    public override Distribution Given(
        Tensor raw, Shape eventShape, IReadOnlyList<Parameter> scalars, bool training = false) =>
        _kind == GaussianScale.Optimal
            ? new OptimalNormal(Shaped(raw, eventShape), eventShape.Rank, scalars[0], scalars[1], training)
            : base.Given(raw, eventShape, scalars, training);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The scale is <see cref="GaussianScale.Optimal"/>: it is a number of a
    /// whole batch.</exception>
    protected internal override Normal Elements(Tensor raw, Shape eventShape, IReadOnlyList<Tensor> learned)
    {
        if (_kind == GaussianScale.Optimal)
        {
            throw new NotSupportedException(
                $"The scale of a {Name} likelihood is a number of a whole batch, so single elements have no " +
                "distribution of their own; use gaussian-columns or gaussian-learned.");
        }

        Tensor mean = raw, logVariance;
        if (_kind == GaussianScale.PerElement)
        {
            (mean, Tensor free) = raw.Halves(^1);
            // The lower bound plus a softplus: it is smooth, and its gradient is never 0, unlike that of a clamp.
            logVariance = Shaped((free - MinimumLogVariance).SoftPlus() + MinimumLogVariance, eventShape);
            mean = Shaped(mean, eventShape);
        }
        else
        {
            mean = Shaped(raw, eventShape);
            logVariance = (_kind is GaussianScale.Shared or GaussianScale.PerColumn
                ? (learned[0] - MinimumLogVariance).SoftPlus() + MinimumLogVariance
                : Tensor.Scalar(2 * PortableMath.Log(_initialScale), raw.DType)).BroadcastTo(mean.Shape);
        }

        return Normal.FromLogVariance(_sigmoidMean ? mean.Sigmoid() : mean, logVariance);
    }
}

/// <summary>Settings of <see cref="Likelihood.Gaussian"/>.</summary>
public sealed record GaussianLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<GaussianLikelihoodSettings>(
        "gaussian", "for real numbers: a normal with a fixed standard deviation",
        Setting.Real<GaussianLikelihoodSettings>(
            "scale", s => s.Scale, (s, v) => s with { Scale = v }, "standard deviation", Bounds.Positive).AfterColon());

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The standard deviation of each element.</summary>
    public double Scale { get; init; } = 1;

    /// <inheritdoc/>
    public override Likelihood Make() => Likelihood.Gaussian(Scale);
}

/// <summary>Settings of <see cref="Likelihood.GaussianLearned"/>.</summary>
public sealed record GaussianLearnedLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<GaussianLearnedLikelihoodSettings>(
        "gaussian-learned", "for real numbers: a normal with one learned standard deviation for all elements");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Likelihood Make() => Likelihood.GaussianLearned;
}

/// <summary>Settings of <see cref="Likelihood.GaussianOptimal"/>.</summary>
public sealed record GaussianOptimalLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<GaussianOptimalLikelihoodSettings>(
        "gaussian-optimal", "for real numbers: a normal with the standard deviation that maximises the likelihood of " +
            "each batch");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Likelihood Make() => Likelihood.GaussianOptimal;
}

/// <summary>Settings of <see cref="Likelihood.GaussianSigmoid"/>.</summary>
public sealed record GaussianSigmoidLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<GaussianSigmoidLikelihoodSettings>(
        "gaussian-sigmoid", "for numbers in [0, 1]: a normal whose mean and variance the network predicts for each " +
            "element");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Likelihood Make() => Likelihood.GaussianSigmoid;
}

/// <summary>Settings of <see cref="Likelihood.GaussianColumns"/>.</summary>
public sealed record GaussianColumnsLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<GaussianColumnsLikelihoodSettings>(
        "gaussian-columns", "for real numbers: a normal with a learned standard deviation for each element");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Likelihood Make() => Likelihood.GaussianColumns;
}
