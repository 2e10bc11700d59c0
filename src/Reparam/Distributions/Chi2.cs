using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The chi-squared distribution of k degrees of freedom: a gamma of shape k/2 and rate 1/2, every element a batch
/// member of its own.
/// </summary>
public sealed class Chi2 : ReparameterizedDistribution
{
    private readonly Gamma _gamma;

    /// <summary>From the degrees of freedom, positive, not necessarily whole.</summary>
    /// <exception cref="ArgumentException">A parameter is not positive.</exception>
    public Chi2(Tensor degreesOfFreedom)
        : base(Checked.Positive(degreesOfFreedom).Shape, [], degreesOfFreedom.DType)
    {
        DegreesOfFreedom = degreesOfFreedom;
        _gamma = new Gamma(degreesOfFreedom * 0.5, Tensor.Full(degreesOfFreedom.Shape, 0.5, degreesOfFreedom.DType));
    }

    /// <summary>k, which is the mean.</summary>
    public Tensor DegreesOfFreedom { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Chi2(Wide(DegreesOfFreedom));

    /// <inheritdoc/>
    public override Support Support => _gamma.Support;

    /// <summary>The degrees of freedom k.</summary>
    public override Tensor Mean => DegreesOfFreedom;

    /// <summary>2k, twice the degrees of freedom.</summary>
    public override Tensor Variance => DegreesOfFreedom * 2;

    /// <summary>k - 2, or 0 where k is below 2.</summary>
    public override Tensor Mode => _gamma.Mode;

    /// <summary>A gamma draw, with its implicit gradient.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) => _gamma.RSample(rng, sampleShape);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => _gamma.LogProb(value);

    /// <summary>That of the gamma.</summary>
    protected override Tensor EntropyCore() => _gamma.Entropy();

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) =>
        upper ? _gamma.LogSurvivalFunction(value) : _gamma.LogCdf(value);

    /// <inheritdoc/>
    protected override Tensor InverseCdfCore(Tensor probability) => _gamma.InverseCdf(probability);

    /// <summary>Against a gamma, an exponential or a chi-squared distribution.</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => Gamma.FamilyKL(this, other);

    /// <inheritdoc/>
    protected internal override Tensor? ExpectedLogProb(Distribution other) => _gamma.ExpectedLogProb(other);

    /// <inheritdoc/>
    protected internal override Tensor? MeanLog => _gamma.MeanLog;

    /// <inheritdoc/>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c) => _gamma.MeanExp(t, c);

    /// <inheritdoc/>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit) => _gamma.MeanPower(k, unit);

    /// <inheritdoc/>
    protected internal override Tensor? MeanAbsoluteDeviation(Tensor c) => _gamma.MeanAbsoluteDeviation(c);
}
