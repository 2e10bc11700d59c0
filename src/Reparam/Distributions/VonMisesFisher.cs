using Reparam.Tensors;
using Reparam.Tensors.Special;

namespace Reparam.Distributions;

/// <summary>
/// The von Mises-Fisher distribution on the unit sphere in m >= 2 dimensions: log p(x) = k mu . x + (m/2 - 1) log k -
/// (m/2) log 2 pi - log I_(m/2-1)(k), a density with respect to area, where mu is the direction and k the concentration
/// (Mardia and Jupp 2000, 9.3.4). It is uniform at k = 0. It is the distribution of the latent variable of
/// hyperspherical autoencoders (Davidson, Falorsi, De Cao, Kipf and Tomczak 2018).
/// </summary>
/// <remarks>
/// The angle of a draw from mu is the quantile of uniform noise, with the implicit gradient of Figurnov, Mohamed and
/// Mnih (2018). The direction of the draw around mu comes from normal noise. A reflection moves the draw to mu. Nothing
/// is rejected, so for fixed noise a draw is a smooth function of both parameters. All of this runs in Float64. A draw
/// in Float32 is rounded by 1e-7, which is the width of the distribution itself where k is 1e14. Only the direction of
/// a value matters: its length, which rounding leaves near 1, is divided out.
/// </remarks>
public sealed class VonMisesFisher : ReparameterizedDistribution
{
    // In Float64, converted once, because the terms of a gradient with respect to the concentration cancel.
    private readonly Tensor _unit, _k;

    /// <summary>
    /// Creates the distribution from directions (batch + [m], m at least 2) and concentrations (finite, 0 or more). A
    /// direction may have any length except 0. The length is divided out, also in the gradient. The concentrations have
    /// the shape of the batch, or a shape that broadcasts with it.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit, a direction is 0 or infinite, or a concentration is
    /// negative or infinite.</exception>
    public VonMisesFisher(Tensor direction, Tensor concentration)
        : base(Sphere.Batch(direction, concentration), direction.Shape[^1..], direction.DType)
    {
        _unit = Checked.To(Sphere.Unit(direction), BatchShape + EventShape);
        Direction = _unit.To(DType);
        Concentration = Checked.To(concentration, BatchShape);
        _k = Wide(Concentration);
    }

    /// <summary>The direction mu, of length 1.</summary>
    public Tensor Direction { get; }

    /// <summary>The concentration k. For large k the angle to mu is near sqrt((m - 1) / k).</summary>
    public Tensor Concentration { get; }

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.Sphere, -1, 1, DType);

    /// <summary>A = I_(m/2)(k) / I_(m/2-1)(k), the length of the mean. It equals E[mu . x].</summary>
    public Tensor MeanResultantLength => Length.To(DType);

    /// <summary>A mu. The mean lies inside the sphere, not on it.</summary>
    public override Tensor Mean => (_unit * Column(Length)).To(DType);

    /// <summary>mu_i^2 dA/dk + (1 - mu_i^2) A / k.</summary>
    public override Tensor Variance
    {
        get
        {
            // A / k is computed from its series where k is tiny.
            Tensor tiny = Tensor.Less(_k, 1e-6), m = Tensor.Scalar(Dimension, DType.Float64);
            Tensor across = Tensor.Where(tiny, (1 - _k.Square() / (Dimension * (Dimension + 2.0))) / m,
                Length / Tensor.Where(tiny, Tensor.Scalar(1, DType.Float64), _k));
            Tensor square = _unit.Square();
            return (square * Column(_k.BesselIRatioSlope(Order)) + (1 - square) * Column(across)).To(DType);
        }
    }

    /// <summary>The direction mu.</summary>
    public override Tensor Mode => Direction;

    private int Dimension => EventShape[0];

    private double Order => 0.5 * Dimension - 1;

    private Tensor Length => _k.BesselIRatio(Order);

    /// <summary>
    /// log E[e^(k u)] - k in Float64, where u is a coordinate of a uniform point on the sphere. 1 / E[e^(k u)] is the
    /// normalising constant of the density relative to the uniform density.
    /// </summary>
    private Tensor LogNormalizer
    {
        get
        {
            // For large k both terms grow, while their difference is a logarithm. Hankel's expansion of I_v(k) e^-k
            // (Olver et al. 2010, 10.40.1) is used there. Its fourth term is below 1e-24.
            Tensor k = Tensor.Where(IsLarge, _k, 1e12 * (1 + Order * Order)), log = k.Log();
            double u = 4 * Order * Order, a1 = (u - 1) / 8, a2 = a1 * (u - 9) / 16, a3 = a2 * (u - 25) / 24;
            Tensor series = (((-a3) / k + a2) / k - a1) / k;
            Tensor far = series.LogP1() - log * (Order + 0.5)
                + (SpecialFunctions.LogGamma(Order + 1) + Order * Formulas.Ln2 - Normal.HalfLogTwoPi);
            return Tensor.Where(IsLarge, far, _k.LogBesselIReduced(Order) - _k);
        }
    }

    /// <summary>1 where expansions in v^2 / k are exact to rounding, otherwise 0.</summary>
    private Tensor IsLarge => Tensor.Less(Tensor.Scalar(1e6 * (1 + Order * Order), DType.Float64), _k);

    /// <summary>1 - A. For large k it is (m - 1) / (2 k) - (m - 1)(m - 3) / (8 k^2).</summary>
    private Tensor Complement
    {
        get
        {
            Tensor k = Tensor.Where(IsLarge, _k, 1e12 * (1 + Order * Order));
            double m = Dimension;
            return Tensor.Where(IsLarge, ((m - 1) / 2 - ((m - 1) * (m - 3) / 8) / k) / k, 1 - Length);
        }
    }

    /// <summary>
    /// cos x mu + sin x v, where x is the quantile of the angle and v is uniform and orthogonal to mu. The draw has
    /// gradients with respect to the direction and the concentration.
    /// </summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int datum = DatumAxis(sampleShape, BatchShape);
        Tensor u = rng.UniformOpen(sampleShape + BatchShape, DType.Float64, datum),
            noise = rng.Normal(sampleShape + BatchShape + [Dimension - 1], DType.Float64, datum);
        Tensor angle = Tensor.VonMisesFisherQuantile(Dimension, _k, u);
        return Sphere.Around(_unit, angle.Cos(), angle.Sin(), noise).To(DType);
    }

    /// <summary>k mu . x / |x| minus the logarithm of the normaliser; -infinity for the vector 0.</summary>
    /// <exception cref="ArgumentException">The value has another number of coordinates.</exception>
    protected override Tensor LogProbCore(Tensor value)
    {
        (Tensor height, Tensor some) = Sphere.HeightOf(value, _unit);
        return Tensor.Where(
            some, (height * -_k - LogNormalizer - Sphere.LogArea(Dimension)).To(DType), double.NegativeInfinity);
    }

    /// <summary>log area + log E[e^(k u)] - k A, with respect to area.</summary>
    protected override Tensor EntropyCore() => (LogNormalizer + _k * Complement + Sphere.LogArea(Dimension)).To(DType);

    /// <summary>
    /// The KL divergence to a von Mises-Fisher distribution is log C(k1) - log C(k2) + A(k1) (k1 - k2 mu1 . mu2), with
    /// the concentrations k and the mean directions mu of this distribution (1) and of the other (2), the normaliser
    /// C(k), and the mean resultant length A(k). The KL divergence to the uniform distribution is k A - log E[e^(k u)].
    /// For other distributions there is no formula.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is HypersphericalUniform) return (-LogNormalizer - _k * Complement).To(DType);
        if (other is not VonMisesFisher p) return null;
        // Differences of corresponding terms, so that equal distributions give exactly 0.
        return (p.LogNormalizer - LogNormalizer + (p._k - _k) * Complement + p._k * Length * Sphere.Height(
            _unit, p._unit)).To(DType);
    }

    /// <summary>
    /// -E[log p] relative to the uniform density, in Float64, for a variable whose mean has the given direction and
    /// length. <paramref name="complement"/> is 1 - length.
    /// </summary>
    internal Tensor CrossEntropy(Tensor direction, Tensor length, Tensor complement)
    {
        // 1 - length mu1 . mu2 = complement + length (1 - mu1 . mu2).
        return LogNormalizer + _k * complement + _k * length * Sphere.Height(direction, _unit);
    }

    private static Tensor Column(Tensor x) => x.Reshape(x.Shape + [1]);
}
