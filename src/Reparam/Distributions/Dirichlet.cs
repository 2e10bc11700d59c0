using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The Dirichlet distribution on the simplex: log p(x) = sum (a_k - 1) log x_k + log Gamma(sum a_k) - sum log
/// Gamma(a_k). It is a density over the first K - 1 coordinates.
/// </summary>
/// <remarks>
/// A draw is K gamma draws divided by their sum, computed in logarithms. Each gamma draw has its implicit gradient
/// (Figurnov, Mohamed and Mnih 2018).
/// </remarks>
public sealed class Dirichlet : ReparameterizedDistribution
{
    /// <summary>Creates the distribution from the concentrations a, batch + [K], positive.</summary>
    /// <exception cref="ArgumentException">There are fewer than two concentrations, or a concentration is not
    /// positive.</exception>
    public Dirichlet(Tensor concentration)
        : base(
            Categorical.RequireOutcomes(Checked.NotNull(concentration)), concentration.Shape[^1..], concentration.DType)
    {
        if (concentration.Shape[^1] < 2)
        {
            throw new ArgumentException(
                $"concentration must have at least two elements along its last axis; got shape {concentration.Shape}.",
                nameof(concentration));
        }

        Concentration = Checked.Positive(concentration);
    }

    /// <summary>The concentrations a, batch + [K].</summary>
    public Tensor Concentration { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Dirichlet(Wide(Concentration));

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.Simplex, 0, 1, DType);

    /// <summary>a / sum a.</summary>
    public override Tensor Mean => Concentration / Total;

    /// <summary>m (1 - m) / (1 + sum a), where m is the mean.</summary>
    public override Tensor Variance => Mean * (1 - Mean) / (Total + 1);

    private Tensor Total => Concentration.Sum(^1, keepAxis: true);

    /// <summary>The softmax of the logarithms of gamma draws. The coordinates are kept above 0.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor logs = Gamma.LogStandardDraw(
            Concentration.To(DType.Float64), UniformNoise(rng, sampleShape, DType.Float64));
        return KeepPositive(logs.SoftMax(^1).To(DType));
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor inside = Formulas.Within(value, 0, 1) + Formulas.IsNaN(value), outside = (1 - inside).Sum(^1);
        Tensor x = Tensor.Where(inside, value, 0.5), total = Total;
        // Let s = sum a_k. The density is the product of the densities of gamma variables of shapes a_k at s x_k,
        // divided by the density of a gamma variable of shape s at s. The large parts cancel before they are computed.
        // s (sum x_k - 1) corrects for the rounding of x.
        Tensor gammas = Gamma.LogDensity(Concentration, total, x).Sum(^1), whole = total.Reshape(BatchShape);
        Tensor density = gammas - Tensor.LogGammaDensity(whole, whole) - whole.Log() + whole * (x.Sum(^1) - 1);
        return Tensor.Where(Tensor.Less(outside, 0.5), density, double.NegativeInfinity);
    }

    /// <summary>log B(a) - sum (a_k - 1) E[log x_k], computed from entropies of gamma variables.</summary>
    protected override Tensor EntropyCore()
    {
        Tensor total = Concentration.Sum(^1);
        return Concentration.GammaEntropy().Sum(^1) - total.GammaEntropy() - total.Digamma() * (EventShape[0] - 1);
    }

    /// <summary>
    /// The KL divergence to a Dirichlet: log B(b) - log B(a) + sum (a_k - b_k) E[log x_k]. It is computed as a sum of
    /// KL divergences of independent beta variables. Beta variable k is the share of x_k in what the coordinates before
    /// it leave over.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Dirichlet p) return null;
        int last = EventShape[0] - 1;
        Beta Breaks(Tensor a)
        {
            // For each coordinate, the sum of the coordinates that follow it.
            Tensor following = Tensor.Ones([last + 1, last + 1], DType).Tril(-1).BroadcastTo(
                a.Shape[..^1] + [last + 1, last + 1]);
            Tensor rest = Tensor.BatchMatMul(a.Reshape(a.Shape[..^1] + [1, last + 1]), following).Reshape(a.Shape);
            return new Beta(a.Slice(^1, 0, last), rest.Slice(^1, 0, last));
        }

        return Breaks(Concentration).ClosedFormKL(Breaks(p.Concentration))!.Sum(^1);
    }
}
