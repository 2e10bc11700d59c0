using System.Globalization;
using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// Independent elements with Student's t distribution of fixed degrees of freedom, and a learned scale for each
/// element. Its tails are heavier than those of a normal, so that outliers in the training data pull the mean less
/// (Lange, Little and Taylor 1989).
/// </summary>
public sealed class StudentTLikelihood : Likelihood
{
    // exp(-6) = 0.0025 of the unit, the lower bound of the scale of a GaussianLikelihood.
    private const double MinimumLogScale = GaussianLikelihood.MinimumLogVariance / 2;

    /// <summary>The likelihood with the given degrees of freedom, above 2, so that the variance is finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The degrees of freedom are not a finite number above
    /// 2.</exception>
    public StudentTLikelihood(double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 2) || !double.IsFinite(degreesOfFreedom))
        {
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom),
                "The degrees of freedom must be finite and above 2, so that the variance is finite.");
        }

        DegreesOfFreedom = degreesOfFreedom;
    }

    /// <summary>The degrees of freedom.</summary>
    public double DegreesOfFreedom { get; }

    /// <inheritdoc/>
    public override string Name => $"student-t:{DegreesOfFreedom.ToString("R", CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    public override int OutputsPerElement => 1;

    /// <inheritdoc/>
    public override bool IsDiscrete => false;

    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool LearnsScale => true;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Initial)> LearnedElements => [("log_scale", 0)];

    /// <inheritdoc/>
    // The standard deviation is sqrt(v / (v - 2)) scales.
    protected internal override double RawScale(double deviation) => AboveFloor(
        PortableMath.Log(Math.Max(deviation * Math.Sqrt((DegreesOfFreedom - 2) / DegreesOfFreedom), 1e-30)),
        MinimumLogScale);

    /// <inheritdoc/>
    protected internal override StudentT Elements(Tensor raw, Shape eventShape, IReadOnlyList<Tensor> learned)
    {
        ArgumentNullException.ThrowIfNull(learned);
        Tensor loc = Shaped(raw, eventShape);
        Tensor scale = ((learned[0] - MinimumLogScale).SoftPlus() + MinimumLogScale).Exp().BroadcastTo(loc.Shape);
        return new StudentT(Tensor.Full(loc.Shape, DegreesOfFreedom, loc.DType), loc, scale);
    }
}

/// <summary>Settings of a <see cref="StudentTLikelihood"/>.</summary>
public sealed record StudentTLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<StudentTLikelihoodSettings>(
        "student-t", "for real numbers with outliers: Student's t with a learned scale for each element",
        Setting.Real<StudentTLikelihoodSettings>("freedom", s => s.Freedom, (s, v) => s with { Freedom = v },
            "degrees of freedom", new Bounds(2, double.PositiveInfinity, IsAbove: true)).AfterColon());

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The degrees of freedom.</summary>
    public double Freedom { get; init; } = 4;

    /// <inheritdoc/>
    public override Likelihood Make() => new StudentTLikelihood(Freedom);
}
