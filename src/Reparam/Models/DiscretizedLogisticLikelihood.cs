using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// Independent discretised logistic elements over 256 grey levels. The network predicts a mean, mapped to (0, 1) by a
/// sigmoid, and a scale for each element of each datum. p(x|z) is a probability, so bits per dimension are comparable
/// with published numbers.
/// </summary>
public sealed class DiscretizedLogisticLikelihood : Likelihood
{
    // The smallest scale is about 1/10 of a grey level. With a smaller scale, nearly all mass would still be in one
    // cell.
    private const double MinimumLogScale = -8;

    /// <inheritdoc/>
    public override string Name => "logistic256";

    /// <inheritdoc/>
    public override int OutputsPerElement => 2;

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <inheritdoc/>
    public override bool IsBounded => true;

    /// <inheritdoc/>
    public override bool LearnsScale => true;

    /// <inheritdoc/>
    protected internal override double RawMean(double mean) => LogOdds(mean);

    /// <inheritdoc/>
    // A logistic distribution of scale t has the standard deviation t pi / sqrt 3.
    protected internal override double RawScale(double deviation) =>
        AboveFloor(PortableMath.Log(Math.Max(deviation * Math.Sqrt(3) / Math.PI, 1e-30)), MinimumLogScale);

    /// <inheritdoc/>
    protected internal override DiscretizedLogistic Elements(
        Tensor raw, Shape eventShape, IReadOnlyList<Tensor> learned)
    {
        (Tensor mean, Tensor free) = raw.Halves(^1);
        Tensor logScale = (free - MinimumLogScale).SoftPlus() + MinimumLogScale;
        return new DiscretizedLogistic(Shaped(mean.Sigmoid(), eventShape), Shaped(logScale, eventShape));
    }
}

/// <summary>Settings of <see cref="Likelihood.DiscretizedLogistic"/>.</summary>
public sealed record DiscretizedLogisticLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<DiscretizedLogisticLikelihoodSettings>(
        "logistic256", "discretised logistic over 256 grey levels");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Likelihood Make() => Likelihood.DiscretizedLogistic;
}
