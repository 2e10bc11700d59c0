using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The power spherical distribution on the unit sphere in m >= 2 dimensions (De Cao and Aziz 2020, eq. 6). log p(x) = k
/// log(1 + mu . x) - log C, a density with respect to area, where mu is the direction and k the concentration. With a =
/// (m - 1)/2 + k and b = (m - 1)/2, log C = (a + b) log 2 + b log pi + log Gamma(a) - log Gamma(a + b). The
/// distribution is similar to <see cref="VonMisesFisher"/>, but it needs no Bessel functions. It is uniform at k = 0.
/// </summary>
/// <remarks>
/// (1 + mu . x) / 2 is a beta variable with parameters a and b. Its draw is the quantile of uniform noise, with
/// implicit gradients (Figurnov, Mohamed and Mnih 2018). The remaining part of x is normal noise. A reflection moves
/// the draw to mu. All of this runs in Float64. Only the direction of a value matters: its length, which rounding
/// leaves near 1, is divided out.
/// </remarks>
public sealed class PowerSpherical : ReparameterizedDistribution
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
    public PowerSpherical(Tensor direction, Tensor concentration)
        : base(Sphere.Batch(direction, concentration), direction.Shape[^1..], direction.DType)
    {
        _unit = Checked.To(Sphere.Unit(direction), BatchShape + EventShape);
        Direction = _unit.To(DType);
        Concentration = Checked.To(concentration, BatchShape);
        _k = Wide(Concentration);
    }

    /// <summary>The direction mu, of length 1.</summary>
    public Tensor Direction { get; }

    /// <summary>The concentration k. For large k the angle to mu is near sqrt((m - 1) 2 / k).</summary>
    public Tensor Concentration { get; }

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.Sphere, -1, 1, DType);

    /// <summary>A = k / (m - 1 + k), the length of the mean. It equals E[mu . x].</summary>
    public Tensor MeanResultantLength => Length.To(DType);

    /// <summary>A mu. The mean lies inside the sphere, not on it.</summary>
    public override Tensor Mean => (_unit * Column(Length)).To(DType);

    /// <summary>
    /// mu_i^2 V + (1 - mu_i^2) (1 - A^2 - V) / (m - 1), where V = 4 a b / ((a + b)^2 (a + b + 1)) is the variance of mu
    /// . x.
    /// </summary>
    public override Tensor Variance
    {
        get
        {
            Tensor total = A + B, product = A * B * 4 / (total * (total + 1)), square = _unit.Square();
            return (square * Column(product / total) + (1 - square) * Column(product) / (Dimension - 1.0)).To(DType);
        }
    }

    /// <summary>The direction mu.</summary>
    public override Tensor Mode => Direction;

    private int Dimension => EventShape[0];

    private double B => 0.5 * (Dimension - 1);

    private Tensor A => _k + B;

    private Tensor Length => _k / (_k + (Dimension - 1));

    private Tensor Complement => (_k + (Dimension - 1)).Reciprocal() * (Dimension - 1);

    /// <summary>log p at mu . x = 1, in Float64. It is k log 2 - log C, in which the powers of 2 cancel.</summary>
    private Tensor LogPeak
    {
        get
        {
            Tensor b = Tensor.Scalar(B, DType.Float64);
            return b.LogGamma() - Tensor.LogBeta(A, b) - B * 2.5310242469692908;
        }
    }

    /// <summary>
    /// A draw. The height 1 - mu . x is twice a beta draw with parameters b and a. The part of the draw perpendicular
    /// to mu has a uniform direction. The draw has gradients with respect to the direction and the concentration.
    /// </summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int datum = DatumAxis(sampleShape, BatchShape);
        Tensor u = rng.UniformOpen(sampleShape + BatchShape, DType.Float64, datum),
            noise = rng.Normal(sampleShape + BatchShape + [Dimension - 1], DType.Float64, datum);
        (double smallest, double belowOne) = Formulas.Edges(DType.Float64);
        Tensor y = Keep(Tensor.BetaQuantile(Tensor.Scalar(B, DType.Float64), A, u), smallest, belowOne);
        return Sphere.Around(_unit, 1 - y * 2, (y * (1 - y)).Sqrt() * 2, noise).To(DType);
    }

    /// <summary>
    /// log p of x / |x|. It is -infinity for the vector 0, and for the direction opposite to mu where k is above 0.
    /// </summary>
    /// <exception cref="ArgumentException">The value has another number of coordinates.</exception>
    protected override Tensor LogProbCore(Tensor value)
    {
        (Tensor height, Tensor some) = Sphere.HeightOf(value, _unit);
        Tensor down = Tensor.Minimum(height * 0.5, Tensor.Scalar(1, DType.Float64));
        return Tensor.Where(some, (Formulas.XLogP1Y(_k, -down) + LogPeak).To(DType), double.NegativeInfinity);
    }

    /// <summary>log C - k (log 2 + digamma(a) - digamma(a + b)).</summary>
    protected override Tensor EntropyCore() => (-NegativeEntropy).To(DType);

    /// <summary>
    /// The KL divergence to the uniform distribution is the logarithm of the area minus the entropy. The log-density of
    /// a <see cref="VonMisesFisher"/> is linear in x, so the KL divergence to it uses the mean. For other distributions
    /// there is no formula.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => other switch
    {
        HypersphericalUniform => (NegativeEntropy + Sphere.LogArea(Dimension)).To(DType),
        VonMisesFisher p => (NegativeEntropy + Sphere.LogArea(Dimension) + p.CrossEntropy(
            _unit, Length, Complement)).To(DType),
        _ => null,
    };

    /// <summary>E[log p] under the uniform distribution, in Float64.</summary>
    internal Tensor MeanLogProbOfUniform
    {
        get
        {
            Tensor b = Tensor.Scalar(B, DType.Float64);
            return LogPeak + _k * (b.Digamma() - (b * 2).Digamma());
        }
    }

    private Tensor NegativeEntropy => LogPeak + _k * (A.Digamma() - (A + B).Digamma());

    private static Tensor Column(Tensor x) => x.Reshape(x.Shape + [1]);
}
