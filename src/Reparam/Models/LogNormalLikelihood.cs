using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// Independent positive elements whose logarithm is normal: the network predicts the mean of the logarithm, and
/// training learns its standard deviation for each element. log p(x|z) is in nats per datum, a density in the unit of
/// the data.
/// </summary>
public sealed class LogNormalLikelihood : Likelihood
{
    // exp(-6) = 0.0025, the lower bound of the scale of a GaussianLikelihood.
    private const double MinimumLogScale = GaussianLikelihood.MinimumLogVariance / 2;

    /// <inheritdoc/>
    public override string Name => "log-normal";

    /// <inheritdoc/>
    public override int OutputsPerElement => 1;

    /// <inheritdoc/>
    public override bool IsDiscrete => false;

    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool IsPositive => true;

    /// <inheritdoc/>
    public override bool LearnsScale => true;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Initial)> LearnedElements => [("log_scale", 0)];

    /// <summary>log x.</summary>
    protected internal override Tensor Inputs(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Log();
    }

    /// <summary>Starts at the moments of the data: the logarithm has the variance s^2 = log(1 + v / m^2) and the mean
    /// log m - s^2 / 2, for the mean m and the variance v of an element.</summary>
    protected internal override void Start(IReadOnlyList<double> mean, IReadOnlyList<double> deviation,
        Span<double> bias, IReadOnlyList<Parameter> scalars)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        ArgumentNullException.ThrowIfNull(scalars);
        double[] scales = new double[mean.Count];
        double[] centres = new double[mean.Count];
        for (int j = 0; j < mean.Count; j++)
        {
            double m = Math.Max(mean[j], double.Epsilon), ratio = deviation[j] / m;
            double variance = PortableMath.LogP1(ratio * ratio);
            centres[j] = PortableMath.Log(m) - 0.5 * variance;
            scales[j] = AboveFloor(0.5 * PortableMath.Log(Math.Max(variance, 1e-30)), MinimumLogScale);
        }

        // A decoder of images has one bias for each channel.
        int each = mean.Count / bias.Length;
        for (int g = 0; g < bias.Length; g++) bias[g] = centres.AsSpan(g * each, each).ToArray().Average();
        scalars[0].Assign(Tensor.From(scales, scalars[0].Shape).To(scalars[0].Value.DType));
    }

    /// <inheritdoc/>
    protected internal override LogNormal Elements(Tensor raw, Shape eventShape, IReadOnlyList<Tensor> learned)
    {
        ArgumentNullException.ThrowIfNull(learned);
        Tensor loc = Shaped(raw, eventShape);
        return new LogNormal(
            loc, ((learned[0] - MinimumLogScale).SoftPlus() + MinimumLogScale).Exp().BroadcastTo(loc.Shape));
    }
}

/// <summary>Settings of a <see cref="LogNormalLikelihood"/>.</summary>
public sealed record LogNormalLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<LogNormalLikelihoodSettings>(
        "log-normal", "for positive numbers: their logarithm is normal, with a learned standard deviation for each " +
            "element");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Likelihood Make() => new LogNormalLikelihood();

    /// <inheritdoc/>
    public override EncoderInput Input(Shape eventShape, Rng rng) => new ElementInput(Make(), eventShape);
}
