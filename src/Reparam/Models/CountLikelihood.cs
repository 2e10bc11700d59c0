using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// Independent counts 0, 1, 2, ... whose log-mean the network predicts: Poisson counts, or negative binomial counts
/// with a learned dispersion for each element, with or without extra zeros (Lopez et al. 2018). log p(x|z) is in nats
/// per datum.
/// </summary>
public sealed class CountLikelihood : Likelihood
{
    // The bound of the predicted log-mean. Outside of it the gradient is 0, and the mean stays finite.
    private const double LargestLogMean = 30;

    private readonly bool _isDispersed, _isInflated;

    private CountLikelihood(string name, bool isDispersed, bool isInflated) =>
        (Name, _isDispersed, _isInflated) = (name, isDispersed, isInflated);

    /// <summary>Poisson counts: the variance is the mean.</summary>
    public static CountLikelihood Poisson { get; } = new("poisson", isDispersed: false, isInflated: false);

    /// <summary>Negative binomial counts: the variance is m + m^2 / r, with a learned r for each element.</summary>
    public static CountLikelihood NegativeBinomial { get; } = new("nb", isDispersed: true, isInflated: false);

    /// <summary>Negative binomial counts with extra zeros, whose log-odds the network predicts.</summary>
    public static CountLikelihood ZeroInflated { get; } = new("zinb", isDispersed: true, isInflated: true);

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int OutputsPerElement => _isInflated ? 2 : 1;

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool ScoresCounts => true;

    /// <inheritdoc/>
    public override bool StartsAtData => true;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Initial)> LearnedElements =>
        _isDispersed ? [("log_dispersion", 0)] : [];

    /// <inheritdoc/>
    protected internal override double RawMean(double mean) => PortableMath.Log(Math.Max(mean, 1e-3));

    /// <inheritdoc/>
    protected internal override void Start(IReadOnlyList<double> mean, IReadOnlyList<double> deviation,
        Span<double> bias, IReadOnlyList<Parameter> scalars)
    {
        ArgumentNullException.ThrowIfNull(mean);
        for (int j = 0; j < mean.Count; j++) bias[j] = RawMean(mean[j]);
        // Few extra zeros at the start: log-odds -2 is a share of 12 %.
        if (_isInflated) bias[mean.Count..].Fill(-2);
    }

    /// <inheritdoc/>
    protected internal override Tensor Inputs(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.LogP1();
    }

    /// <inheritdoc/>
    protected internal override Distribution Elements(Tensor raw, Shape eventShape, IReadOnlyList<Tensor> learned)
    {
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentNullException.ThrowIfNull(learned);
        Tensor logMean = raw, gate = raw;
        if (_isInflated) (logMean, gate) = raw.Halves(^1);
        Tensor mean = Shaped(logMean, eventShape).Clamp(-LargestLogMean, LargestLogMean).Exp();
        if (!_isDispersed) return new Poisson(mean);
        Tensor failures = learned[0].Clamp(-LargestLogMean, LargestLogMean).Exp().BroadcastTo(mean.Shape);
        var counts = Distributions.NegativeBinomial.FromMean(failures, mean);
        return _isInflated ? new ZeroInflated(counts, Shaped(gate, eventShape)) : counts;
    }
}

/// <summary>Settings of <see cref="CountLikelihood.Poisson"/>.</summary>
public sealed record PoissonLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<PoissonLikelihoodSettings>(
        "poisson", "for counts: Poisson, whose variance is its mean");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Likelihood Make() => CountLikelihood.Poisson;
}

/// <summary>Settings of <see cref="CountLikelihood.NegativeBinomial"/>.</summary>
public sealed record NegativeBinomialLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<NegativeBinomialLikelihoodSettings>(
        "nb", "for counts with a large spread: negative binomial with a learned dispersion for each element");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Likelihood Make() => CountLikelihood.NegativeBinomial;
}

/// <summary>Settings of <see cref="CountLikelihood.ZeroInflated"/>.</summary>
public sealed record ZeroInflatedLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<ZeroInflatedLikelihoodSettings>(
        "zinb", "for counts with many zeros: negative binomial with extra zeros");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Likelihood Make() => CountLikelihood.ZeroInflated;
}
