using System.Globalization;
using Reparam.Configuration;
using Reparam.Distributions.Divergences;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Penalties;

/// <summary>
/// A weight on the squared maximum mean discrepancy between the codes of a batch, one draw for each data point, and the
/// same number of draws of the prior. With weight 0 for the KL it gives the Wasserstein autoencoder of Tolstikhin et
/// al. (2018). With weight 1 - alpha for the KL and weight alpha + lambda - 1 for this penalty it gives the InfoVAE of
/// Zhao, Song and Ermon (2019). No gradient reaches the prior through its draws, so the prior must have no parameters.
/// </summary>
/// <remarks>
/// Both kernels are functions of |x - y|^2 / c with c = 2 D bandwidth^2 for codes of length D. For two draws of N(0,
/// s^2 I) E|x - y|^2 = 2 D s^2. With bandwidth s the kernel of a typical pair of prior draws is therefore 1/2 (inverse
/// multiquadratic) or 1/e (Gaussian) for every D. If the width did not grow with sqrt(D), the kernel would be exp(-D),
/// and in ten dimensions the discrepancy would carry almost no information.
/// </remarks>
public sealed class AggregateDiscrepancy : Penalty
{
    private readonly double _weight, _bandwidth;
    private readonly DiscrepancyKernel _kernel;

    /// <summary>The penalty with a weight and a kernel.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="kernel">The kernel; the inverse multiquadratic one by default.</param>
    /// <param name="bandwidth">The width of the kernel. 1 fits a prior N(0, I); for N(0, s^2 I) give s.</param>
    public AggregateDiscrepancy(
        double weight, DiscrepancyKernel kernel = DiscrepancyKernel.InverseMultiquadratic, double bandwidth = 1)
    {
        _weight = Weight(weight, nameof(weight));
        _kernel = kernel;
        _bandwidth = bandwidth > 0 && double.IsFinite(bandwidth) ? bandwidth : throw new ArgumentOutOfRangeException(
            nameof(bandwidth), bandwidth, "The width of a kernel must be positive and finite.");
    }

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture,
        $"MMD x {_weight}, {(_kernel == DiscrepancyKernel.Gaussian ? "Gaussian" : "inverse multiquadratic")} kernel " +
        $"of width {_bandwidth}");

    /// <summary>True: the discrepancy is not negative. Its unbiased estimate on a batch may be negative.</summary>
    public override bool IsNonNegative => true;

    /// <inheritdoc/>
    public override bool SamplesPrior => true;

    /// <inheritdoc/>
    public override bool ComparesData => true;

    /// <inheritdoc/>
    public override bool NeedsPath => true;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The draws were not made by
    /// <see cref="LatentTerm.Draw"/>.</exception>
    public override Tensor Evaluate(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        // A batch with one data point has no pair to compare.
        if (pass.Count < 2) return Tensor.Zeros([], pass.LogLikelihood.DType);
        Tensor codes = Codes(pass), prior = PriorCodes(pass);
        // The Gaussian kernel has the scale 2 w^2, so w = bandwidth sqrt(D) gives c = 2 D bandwidth^2 for both kernels.
        Tensor discrepancy = _kernel == DiscrepancyKernel.Gaussian
            ? MaximumMeanDiscrepancy.Gaussian(codes, prior, _bandwidth * Math.Sqrt(codes.Shape[1]))
            : MaximumMeanDiscrepancy.InverseMultiquadratic(codes, prior, _bandwidth);
        return discrepancy * _weight;
    }
}

/// <summary>Settings of a Wasserstein autoencoder (Tolstikhin et al. 2018): an <see cref="AggregateDiscrepancy"/>
/// instead of the KL.</summary>
public sealed record WaeMmdSettings : BoundSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<WaeMmdSettings>(
        "wae-mmd", "the MMD between codes and draws of the prior, without a KL",
        [
            .. OfDraws,
            Setting.Real<WaeMmdSettings>("penalty", s => s.Penalty, (s, v) => s with { Penalty = v },
                "weight of the discrepancy", Bounds.NonNegative),
            Setting.Choice<WaeMmdSettings, DiscrepancyKernel>(
                "kernel", s => s.Kernel, (s, v) => s with { Kernel = v }, "kernel of the discrepancy",
                ("inverse-multiquadratic", DiscrepancyKernel.InverseMultiquadratic),
                ("gaussian", DiscrepancyKernel.Gaussian)),
            Setting.Real<WaeMmdSettings>("bandwidth", s => s.Bandwidth, (s, v) => s with { Bandwidth = v },
                "width of the kernel, in standard deviations of the prior", Bounds.Positive),
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The weight of the discrepancy.</summary>
    public double Penalty { get; init; } = 10;

    /// <summary>The kernel.</summary>
    public DiscrepancyKernel Kernel { get; init; } = DiscrepancyKernel.InverseMultiquadratic;

    /// <summary>The width of the kernel, in standard deviations of the prior.</summary>
    public double Bandwidth { get; init; } = 1;

    /// <inheritdoc/>
    public override bool MaximizesBound => false;

    /// <inheritdoc/>
    public override Elbo Make(ObjectiveParts parts) =>
        Bound(parts, 0, new AggregateDiscrepancy(Penalty, Kernel, Bandwidth));
}

/// <summary>Settings of an InfoVAE (Zhao et al. 2019): the KL has the weight 1 - alpha, the
/// <see cref="AggregateDiscrepancy"/> has the weight alpha + lambda - 1.</summary>
public sealed record InfoVaeSettings : BoundSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<InfoVaeSettings>(
        "info-vae", "a part of the KL replaced by the MMD between codes and prior",
        [
            .. OfDraws, .. OfKL,
            Setting.Real<InfoVaeSettings>("penalty", s => s.Penalty, (s, v) => s with { Penalty = v },
                "weight of the discrepancy, lambda in the paper", Bounds.NonNegative),
            Setting.Real<InfoVaeSettings>(
                "alpha", s => s.Alpha, (s, v) => s with { Alpha = v }, "fraction of the KL that is removed",
                new Bounds(double.NegativeInfinity, 1)),
            Setting.Choice<InfoVaeSettings, DiscrepancyKernel>(
                "kernel", s => s.Kernel, (s, v) => s with { Kernel = v }, "kernel of the discrepancy",
                ("inverse-multiquadratic", DiscrepancyKernel.InverseMultiquadratic),
                ("gaussian", DiscrepancyKernel.Gaussian)),
            Setting.Real<InfoVaeSettings>("bandwidth", s => s.Bandwidth, (s, v) => s with { Bandwidth = v },
                "width of the kernel, in standard deviations of the prior", Bounds.Positive),
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>lambda in the paper; the weight of the discrepancy is alpha + lambda - 1.</summary>
    public double Penalty { get; init; } = 1000;

    /// <summary>The kernel.</summary>
    public DiscrepancyKernel Kernel { get; init; } = DiscrepancyKernel.InverseMultiquadratic;

    /// <summary>The width of the kernel, in standard deviations of the prior.</summary>
    public double Bandwidth { get; init; } = 1;

    /// <summary>alpha, the fraction of the KL that is removed.</summary>
    public double Alpha { get; init; }

    /// <inheritdoc/>
    public override void Require(string path = "")
    {
        base.Require(path);
        if (Alpha + Penalty < 1)
        {
            throw new InvalidConfigException(
                string.Create(CultureInfo.InvariantCulture, $"{path} 'info-vae' gives its penalty the weight alpha + " +
                $"penalty - 1, which is negative here ({Alpha} + {Penalty} - 1); raise {path}.penalty."));
        }
    }

    /// <inheritdoc/>
    public override bool MaximizesBound => false;

    /// <inheritdoc/>
    public override Elbo Make(ObjectiveParts parts) =>
        Bound(parts, 1 - Alpha, new AggregateDiscrepancy(Alpha + Penalty - 1, Kernel, Bandwidth));
}
