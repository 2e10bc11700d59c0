using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The chi-squared distribution with k degrees of freedom. It is a gamma distribution of shape k/2 and rate 1/2. Each
/// element of the parameters is a separate batch member.
/// </summary>
public sealed class Chi2 : ReparameterizedDistribution
{
    private readonly Gamma _gamma;

    /// <summary>
    /// Creates the distribution from the degrees of freedom, which are positive and need not be whole.
    /// </summary>
    /// <exception cref="ArgumentException">A number of degrees of freedom is not positive.</exception>
    public Chi2(Tensor degreesOfFreedom)
        : base(Checked.Positive(degreesOfFreedom).Shape, [], degreesOfFreedom.DType)
    {
        DegreesOfFreedom = degreesOfFreedom;
        _gamma = new Gamma(degreesOfFreedom * 0.5, Tensor.Full(degreesOfFreedom.Shape, 0.5, degreesOfFreedom.DType));
    }

    /// <summary>The degrees of freedom k. k is the mean.</summary>
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

    /// <summary>The entropy of the gamma distribution.</summary>
    protected override Tensor EntropyCore() => _gamma.Entropy();

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) =>
        upper ? _gamma.LogSurvivalFunction(value) : _gamma.LogCdf(value);

    /// <inheritdoc/>
    protected override Tensor InverseCdfCore(Tensor probability) => _gamma.InverseCdf(probability);

    /// <summary>The KL divergence to a gamma, an exponential or a chi-squared distribution.</summary>
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
