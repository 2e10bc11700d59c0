using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>Independent Bernoulli elements, parameterised by logits (Kingma and Welling 2013, appendix C.1).</summary>
public sealed class BernoulliLikelihood : Likelihood
{
    /// <inheritdoc/>
    public override string Name => "bernoulli";

    /// <inheritdoc/>
    public override int OutputsPerElement => 1;

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <inheritdoc/>
    public override bool IsBounded => true;

    /// <inheritdoc/>
    protected internal override double RawMean(double mean) => LogOdds(mean);

    /// <inheritdoc/>
    protected internal override Bernoulli Elements(Tensor raw, Shape eventShape, IReadOnlyList<Tensor> learned) =>
        new(Shaped(raw, eventShape));
}

/// <summary>Settings of <see cref="Likelihood.Bernoulli"/>.</summary>
public sealed record BernoulliLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<BernoulliLikelihoodSettings>(
        "bernoulli", "for zeros and ones, or for grey levels in [0, 1] as probabilities");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Likelihood Make() => Likelihood.Bernoulli;
}
