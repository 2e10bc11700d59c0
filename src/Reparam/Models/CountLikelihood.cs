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

    // The mean of the counts of a datum that are all 0.
    private const double LeastOffset = 1e-6;

    private readonly bool _isDispersed, _isInflated, _hasOffset;

    private CountLikelihood(string name, bool isDispersed, bool isInflated, bool hasOffset = false) =>
        (Name, _isDispersed, _isInflated, _hasOffset) = (name, isDispersed, isInflated, hasOffset);

    /// <summary>Poisson counts: the variance is the mean.</summary>
    public static CountLikelihood Poisson { get; } = new("poisson", isDispersed: false, isInflated: false);

    /// <summary>Negative binomial counts: the variance is m + m^2 / r, with a learned r for each element.</summary>
    public static CountLikelihood NegativeBinomial { get; } = new("nb", isDispersed: true, isInflated: false);

    /// <summary>Negative binomial counts with extra zeros, whose log-odds the network predicts.</summary>
    public static CountLikelihood ZeroInflated { get; } = new("zinb", isDispersed: true, isInflated: true);

    /// <summary>
    /// The same counts given their mean t over the elements of the datum: log t is added to all log-means, so that the
    /// network predicts the shares of the elements and not how large the datum is, such as the depth of sequencing of a
    /// cell (Lopez et al. 2018). p(x|z, t) is scored; t itself is not modelled. Draws and means have the typical t of
    /// the training data.
    /// </summary>
    public CountLikelihood WithOffset => new(Name, _isDispersed, _isInflated, hasOffset: true);

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

    /// <summary>With an offset, the logarithm of the mean count of the training data.</summary>
    public override IReadOnlyList<(string Name, double Initial)> TrackedScalars =>
        _hasOffset ? [("log_offset", 0)] : [];

    /// <inheritdoc/>
    protected internal override double RawMean(double mean) => PortableMath.Log(Math.Max(mean, 1e-3));

    /// <inheritdoc/>
    protected internal override void Start(IReadOnlyList<double> mean, IReadOnlyList<double> deviation,
        Span<double> bias, IReadOnlyList<Parameter> scalars)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(scalars);
        double typical = _hasOffset ? Math.Max(mean.Average(), LeastOffset) : 1;
        if (_hasOffset)
            scalars[^1].Assign(Tensor.Scalar(PortableMath.Log(typical), scalars[^1].Value.DType));
        int groups = bias.Length / OutputsPerElement, each = mean.Count / groups;
        // A decoder of images has one bias for each channel.
        for (int g = 0; g < groups; g++) bias[g] = RawMean(mean.Skip(g * each).Take(each).Average() / typical);
        // Few extra zeros at the start: log-odds -2 is a share of 12 %.
        if (_isInflated) bias[groups..].Fill(-2);
    }

    /// <inheritdoc/>
    protected internal override Tensor Inputs(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.LogP1();
    }

    /// <inheritdoc/>
    public override Distribution Given(
        Tensor raw, Shape eventShape, IReadOnlyList<Parameter> scalars, bool training = false)
    {
        if (!_hasOffset) return base.Given(raw, eventShape, scalars, training);
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentNullException.ThrowIfNull(scalars);
        Tensor[] learned = [.. scalars.SkipLast(1).Select(s => s.Value)];
        return new OffsetCounts(raw.Shape[..^1], eventShape, scalars[^1].Value, LeastOffset, offset =>
        {
            if (!_isInflated) return Elements(raw + offset, eventShape, learned);
            (Tensor logMean, Tensor gate) = raw.Halves(^1);
            Tensor moved = logMean + offset;
            return Elements(Tensor.Concat(^1, moved, gate.BroadcastTo(moved.Shape)), eventShape, learned);
        });
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

/// <summary>What the settings of all likelihoods of counts have.</summary>
public abstract record CountLikelihoodSettings : LikelihoodSettings
{
    /// <summary>Whether the mean of a datum's counts is given, as an offset of all log-means.</summary>
    public bool HasOffset { get; init; }

    /// <summary>The likelihood without an offset.</summary>
    protected abstract CountLikelihood Plain { get; }

    /// <summary>The settings of all likelihoods of counts.</summary>
    protected static Setting[] Shared =>
    [
        Setting.Choice<CountLikelihoodSettings, bool>(
            "offset", s => s.HasOffset, (s, v) => s with { HasOffset = v },
            "what a datum's log-means have in common: nothing, or the logarithm of the mean of its counts",
            ("none", false), ("total", true)),
    ];

    /// <inheritdoc/>
    public sealed override Likelihood Make() => HasOffset ? Plain.WithOffset : Plain;

    /// <inheritdoc/>
    public sealed override EncoderInput Input(Shape eventShape, Rng rng) => new ElementInput(Plain, eventShape);
}

/// <summary>Settings of <see cref="CountLikelihood.Poisson"/>.</summary>
public sealed record PoissonLikelihoodSettings : CountLikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<PoissonLikelihoodSettings>(
        "poisson", "for counts: Poisson, whose variance is its mean", Shared);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    protected override CountLikelihood Plain => CountLikelihood.Poisson;
}

/// <summary>Settings of <see cref="CountLikelihood.NegativeBinomial"/>.</summary>
public sealed record NegativeBinomialLikelihoodSettings : CountLikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<NegativeBinomialLikelihoodSettings>(
        "nb", "for counts with a large spread: negative binomial with a learned dispersion for each element", Shared);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    protected override CountLikelihood Plain => CountLikelihood.NegativeBinomial;
}

/// <summary>Settings of <see cref="CountLikelihood.ZeroInflated"/>.</summary>
public sealed record ZeroInflatedLikelihoodSettings : CountLikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<ZeroInflatedLikelihoodSettings>(
        "zinb", "for counts with many zeros: negative binomial with extra zeros", Shared);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    protected override CountLikelihood Plain => CountLikelihood.ZeroInflated;
}
