using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The Dirichlet distribution on the simplex: log p(x) = sum (a_k - 1) log x_k + log Gamma(sum a_k) - sum log Gamma(a_k), a density on the first K - 1 coordinates.
/// </summary>
/// <remarks>A draw is K gamma draws over their sum, in logarithms, with the implicit gradient of each (Figurnov, Mohamed and Mnih 2018).</remarks>
public sealed class Dirichlet : ReparameterizedDistribution
{
    /// <summary>From concentrations a, batch + [K], positive.</summary>
    /// <exception cref="ArgumentException">There are fewer than two, or one is not positive.</exception>
    public Dirichlet(Tensor concentration)
        : base(Categorical.RequireOutcomes(Checked.NotNull(concentration)), concentration.Shape[^1..], concentration.DType)
    {
        if (concentration.Shape[^1] < 2) throw new ArgumentException($"A Dirichlet has at least two coordinates, got shape {concentration.Shape}.", nameof(concentration));
        Concentration = Checked.Positive(concentration);
    }

    /// <summary>a, batch + [K].</summary>
    public Tensor Concentration { get; }

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.Simplex, 0, 1, DType);

    /// <summary>a / sum a.</summary>
    public override Tensor Mean => Concentration / Total;

    /// <summary>m (1 - m) / (1 + sum a), m the mean.</summary>
    public override Tensor Variance => Mean * (1 - Mean) / (Total + 1);

    private Tensor Total => Concentration.Sum(^1, keepAxis: true);

    /// <summary>log B(a), in Float64.</summary>
    private Tensor LogNormalizer => Wide(Concentration).LogGamma().Sum(^1) - Wide(Concentration).Sum(^1).LogGamma();

    /// <summary>E[log x_k] = digamma(a_k) - digamma(sum a), in Float64.</summary>
    private Tensor MeanLogs => Wide(Concentration).Digamma() - Wide(Concentration).Sum(^1, keepAxis: true).Digamma();

    /// <summary>softmax of the logarithms of gamma draws; coordinates are kept above 0.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor logs = Gamma.LogStandardDraw(Concentration.To(DType.Float64), UniformNoise(rng, sampleShape, DType.Float64));
        return KeepPositive(logs.SoftMax(^1).To(DType));
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value)
    {
        Tensor outside = (1 - Formulas.Within(value, 0, 1)).Sum(^1);
        Tensor x = Wide(Tensor.Where(Formulas.Within(value, 0, 1), value, 0.5));
        Tensor density = Formulas.XLogY(Wide(Concentration) - 1, x).Sum(^1) - LogNormalizer;
        return Tensor.Where(Tensor.Less(outside, 0.5), density.To(DType), double.NegativeInfinity);
    }

    /// <summary>log B(a) - sum (a_k - 1) E[log x_k].</summary>
    public override Tensor Entropy() => (LogNormalizer - ((Wide(Concentration) - 1) * MeanLogs).Sum(^1)).To(DType);

    /// <summary>Against a Dirichlet: log B(b) - log B(a) + sum (a_k - b_k) E[log x_k].</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) =>
        other is Dirichlet p ? (p.LogNormalizer - LogNormalizer + ((Wide(Concentration) - Wide(p.Concentration)) * MeanLogs).Sum(^1)).To(DType) : null;
}
