using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The direction of a normal vector: x = z / |z| with z ~ N(loc, I) in m dimensions (Presnell, Morrison and Littell
/// 1998). With t = loc . x, the density with respect to area is p(x) = (2 pi)^(-(m-1)/2) e^(-(|loc|^2 - t^2)/2) times
/// phi(t) + t Phi(t) for m = 2, and times (1 + t^2) Phi(t) + t phi(t) for m = 3. Draws are pathwise for any m.
/// Densities are implemented only for m = 2 and m = 3.
/// </summary>
/// <remarks>
/// The length of loc is the concentration; length 0 is the uniform distribution. Only the direction of a value matters.
/// </remarks>
public sealed class ProjectedNormal : ReparameterizedDistribution
{
    /// <summary>
    /// Below this t, the factor of the density is computed by its asymptotic series. Above it, cancellation costs at
    /// most about t^4 roundings.
    /// </summary>
    private const double Far = -12;

    // loc in Float64, converted once.
    private readonly Tensor _loc;

    /// <summary>Creates the distribution from loc, batch + [m] with m at least 2.</summary>
    /// <exception cref="ArgumentException">There are fewer than two coordinates.</exception>
    public ProjectedNormal(Tensor loc)
        : base(Batch(loc), loc.Shape[^1..], loc.DType)
    {
        Loc = loc;
        _loc = Wide(loc);
    }

    /// <summary>The mean of the normal vector.</summary>
    public Tensor Loc { get; }

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.Sphere, -1, 1, DType);

    /// <summary>Not supported: a formula would need Bessel functions for each dimension.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Mean =>
        throw new NotSupportedException(
            "The mean of a projected normal has no closed form here. Estimate it as the average over draws.");

    /// <summary>Not supported: the variance has no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Variance =>
        throw new NotSupportedException(
            "The variance of a projected normal has no closed form. Estimate it as the average over draws.");

    /// <inheritdoc/>
    protected internal override bool HasMoments => false;

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>
    /// The direction of loc. It is NaN where loc is 0, because all directions are then equally likely.
    /// </summary>
    public override Tensor Mode => Sphere.Unit(Loc).To(DType);

    /// <summary>(loc + e) / |loc + e| with e ~ N(0, I).</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        return Sphere.Unit(_loc + rng.Normal(
            sampleShape + BatchShape + EventShape, DType.Float64, DatumAxis(sampleShape, BatchShape))).To(DType);
    }

    /// <summary>The log-density in two and three dimensions; -infinity for the vector 0.</summary>
    /// <exception cref="NotSupportedException">There are more than three dimensions.</exception>
    /// <exception cref="ArgumentException">The value has another number of coordinates.</exception>
    protected override Tensor LogProbCore(Tensor value)
    {
        int m = EventShape[0];
        if (m > 3)
        {
            throw new NotSupportedException("The density of a projected normal has a formula in 2 and 3 dimensions, " +
                $"not in {m}. Use a VonMisesFisher or a PowerSpherical, which have a density in any dimension.");
        }

        (_, Tensor some) = Sphere.HeightOf(value, _loc);
        Tensor x = Sphere.Unit(Tensor.Where(some.Reshape(some.Shape + [1]), value, 1)), t = (x * _loc).Sum(^1);
        // The difference |loc|^2 - t^2 is the squared length of the part of loc that is perpendicular to x.
        Tensor across = (_loc - x * t.Reshape(t.Shape + [1])).Square().Sum(^1);
        Tensor density = across * -0.5 - (m - 1) * Normal.HalfLogTwoPi + (m == 2 ? LogFirst(t) : LogSecond(t));
        return Tensor.Where(some, density.To(DType), double.NegativeInfinity);
    }

    /// <summary>log(phi(t) + t Phi(t)), the integral of r phi(r - t) over r > 0.</summary>
    private static Tensor LogFirst(Tensor t) => LogFactor(t, (x, density, mass) => density + x * mass, power: 1);

    /// <summary>log((1 + t^2) Phi(t) + t phi(t)), the integral of r^2 phi(r - t) over r > 0.</summary>
    private static Tensor LogSecond(Tensor t) =>
        LogFactor(t, (x, density, mass) => (1 + x.Square()) * mass + x * density, power: 2);

    /// <summary>
    /// The logarithm of a sum of terms in phi(t) and Phi(t). For t >= 0 it is computed directly. Below 0, where both
    /// terms are small, it is computed after division by phi(t). Far below 0, where the terms cancel, it is computed by
    /// its asymptotic series.
    /// </summary>
    private static Tensor LogFactor(Tensor t, Func<Tensor, Tensor, Tensor, Tensor> factor, int power)
    {
        Tensor above = Tensor.GreaterOrEqual(t, 0), far = Tensor.Less(t, Far), one = Tensor.Scalar(1, DType.Float64);
        Tensor x = Tensor.Where(above, t, 0), high = factor(x, LogDensity(x).Exp(), x.NormalCdf()).Log();
        Tensor y = Tensor.Where(above + far, Tensor.Scalar(-1, DType.Float64), t),
            low = LogDensity(y) + factor(y, one, (y.LogNormalCdf() - LogDensity(y)).Exp()).Log();
        // The series is x^-(power + 1) times the sum of (-1)^j (2 j + 1)!! x^-2j. For power 2 each term has the extra
        // factor 2 (j + 1). The series follows from integration by parts (DLMF 7.12.1).
        Tensor z = Tensor.Where(far, -t, 1 - Far), inverse = z.Square().Reciprocal(), sum = one;
        for (int j = 15; j >= 0; j--)
            sum = 1 - inverse * sum * (power == 1 ? 2 * j + 3 : (2.0 * j + 3) * (j + 2) / (j + 1));
        Tensor bottom = LogDensity(z) - z.Log() * (power + 1) + (sum * power).Log();
        return Tensor.Where(above, high, Tensor.Where(far, bottom, low));
    }

    private static Tensor LogDensity(Tensor t) => t.Square() * -0.5 - Normal.HalfLogTwoPi;

    private static Shape Batch(Tensor loc)
    {
        ArgumentNullException.ThrowIfNull(loc);
        if (loc.Rank < 1 || loc.Shape[^1] < 2)
        {
            throw new ArgumentException(
                $"A direction needs at least two coordinates along the last axis; got shape {loc.Shape}.", nameof(loc));
        }

        return loc.Shape[..^1];
    }
}
