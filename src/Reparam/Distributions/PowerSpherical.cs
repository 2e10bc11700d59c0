using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The power spherical distribution on the unit sphere of m >= 2 dimensions (De Cao and Aziz 2020, eq. 6): log p(x) = k
/// log(1 + mu . x) - log C by area, mu the direction and k the concentration; with a = (m - 1)/2 + k and b = (m - 1)/2,
/// log C = (a + b) log 2 + b log pi + log Gamma(a) - log Gamma(a + b). Much like a <see cref="VonMisesFisher"/>,
/// without Bessel functions; uniform at k = 0.
/// </summary>
/// <remarks>
/// (1 + mu . x) / 2 is a beta variable of a and b: its draw is the quantile of uniform noise, with implicit gradients
/// (Figurnov, Mohamed and Mnih 2018), and the rest of x normal noise, carried to mu by a reflection. All of it runs in
/// Float64. A value counts by its direction alone: lengths, which rounding leaves near 1, are divided out.
/// </remarks>
public sealed class PowerSpherical : ReparameterizedDistribution
{
    // In Float64, converted once: what a gradient by the concentration sums up cancels.
    private readonly Tensor _unit, _k;

    /// <summary>From directions batch + [m], m at least 2, of any length but 0, which is divided out (also in the
    /// gradient), and concentrations (finite, 0 or more) of the batch's shape or one that broadcasts with it.</summary>
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

    /// <summary>mu, of length 1.</summary>
    public Tensor Direction { get; }

    /// <summary>k: the angle to mu is near sqrt((m - 1) 2 / k) for large k.</summary>
    public Tensor Concentration { get; }

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.Sphere, -1, 1, DType);

    /// <summary>A = k / (m - 1 + k), the length of the mean: E[mu . x].</summary>
    public Tensor MeanResultantLength => Length.To(DType);

    /// <summary>A mu: inside the sphere, not on it.</summary>
    public override Tensor Mean => (_unit * Column(Length)).To(DType);

    /// <summary>mu_i^2 V + (1 - mu_i^2) (1 - A^2 - V) / (m - 1), V = 4 a b / ((a + b)^2 (a + b + 1)) the variance of mu
    /// . x.</summary>
    public override Tensor Variance
    {
        get
        {
            Tensor total = A + B, product = A * B * 4 / (total * (total + 1)), square = _unit.Square();
            return (square * Column(product / total) + (1 - square) * Column(product) / (Dimension - 1.0)).To(DType);
        }
    }

    /// <summary>The direction.</summary>
    public override Tensor Mode => Direction;

    private int Dimension => EventShape[0];

    private double B => 0.5 * (Dimension - 1);

    private Tensor A => _k + B;

    private Tensor Length => _k / (_k + (Dimension - 1));

    private Tensor Complement => (_k + (Dimension - 1)).Reciprocal() * (Dimension - 1);

    /// <summary>log p where mu . x is 1, in Float64: k log 2 - log C, in which the powers of 2 cancel.</summary>
    private Tensor LogPeak
    {
        get
        {
            Tensor b = Tensor.Scalar(B, DType.Float64);
            return b.LogGamma() - Tensor.LogBeta(A, b) - B * 2.5310242469692908;
        }
    }

    /// <summary>The height 1 - mu . x twice a beta draw of b and a, the way across mu uniform. Gradients by direction
    /// and concentration.</summary>
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

    /// <summary>log p of x / |x|; -infinity for the vector 0, and opposite to mu where k is above 0.</summary>
    /// <exception cref="ArgumentException">The value has another number of coordinates.</exception>
    protected override Tensor LogProbCore(Tensor value)
    {
        (Tensor height, Tensor some) = Sphere.HeightOf(value, _unit);
        Tensor down = Tensor.Minimum(height * 0.5, Tensor.Scalar(1, DType.Float64));
        return Tensor.Where(some, (Formulas.XLogP1Y(_k, -down) + LogPeak).To(DType), double.NegativeInfinity);
    }

    /// <summary>log C - k (log 2 + digamma(a) - digamma(a + b)).</summary>
    protected override Tensor EntropyCore() => (-NegativeEntropy).To(DType);

    /// <summary>Against the uniform: log area less the entropy; against a <see cref="VonMisesFisher"/>, whose
    /// log-density is linear in x: through the mean. Against others there is no formula.</summary>
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
