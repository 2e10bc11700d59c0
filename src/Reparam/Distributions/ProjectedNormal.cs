using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The direction of a normal vector: x = z / |z|, z ~ N(loc, I) in m dimensions (Presnell, Morrison and Littell 1998).
/// With t = loc . x, by area: p(x) = (2 pi)^(-(m-1)/2) e^(-(|loc|^2 - t^2)/2) times phi(t) + t Phi(t) for m = 2 and (1
/// + t^2) Phi(t) + t phi(t) for m = 3. Draws are pathwise for any m, densities there are for these two.
/// </summary>
/// <remarks>The loc's length is the concentration: 0 is uniform. A value counts by its direction alone.</remarks>
public sealed class ProjectedNormal : ReparameterizedDistribution
{
    /// <summary>Below this the density's factor is its asymptotic series; above, what cancels costs t^4
    /// roundings.</summary>
    private const double Far = -12;

    // In Float64, converted once.
    private readonly Tensor _loc;

    /// <summary>From loc, batch + [m], m at least 2.</summary>
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

    /// <summary>Not implemented by a formula here: it needs Bessel functions of each dimension.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Mean =>
        throw new NotSupportedException("The mean of a projected normal has no closed form here. Average draws.");

    /// <summary>There is no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Variance =>
        throw new NotSupportedException("The variance of a projected normal has no closed form. Average draws.");

    /// <inheritdoc/>
    protected internal override bool HasMoments => false;

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>The direction of loc; NaN where loc is 0 and all directions are alike.</summary>
    public override Tensor Mode => Sphere.Unit(Loc).To(DType);

    /// <summary>(loc + e) / |loc + e|, e ~ N(0, I).</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        return Sphere.Unit(_loc + rng.Normal(
            sampleShape + BatchShape + EventShape, DType.Float64, DatumAxis(sampleShape, BatchShape))).To(DType);
    }

    /// <summary>For two and three dimensions; -infinity for the vector 0.</summary>
    /// <exception cref="NotSupportedException">There are more dimensions.</exception>
    /// <exception cref="ArgumentException">The value has another number of coordinates.</exception>
    protected override Tensor LogProbCore(Tensor value)
    {
        int m = EventShape[0];
        if (m > 3)
        {
            throw new NotSupportedException("The density of a projected normal has a formula in 2 and 3 dimensions, " +
                $"not in {m}. A VonMisesFisher or a PowerSpherical has one in any.");
        }

        (_, Tensor some) = Sphere.HeightOf(value, _loc);
        Tensor x = Sphere.Unit(Tensor.Where(some.Reshape(some.Shape + [1]), value, 1)), t = (x * _loc).Sum(^1);
        // |loc|^2 - t^2 is the square of what of loc lies across x.
        Tensor across = (_loc - x * t.Reshape(t.Shape + [1])).Square().Sum(^1);
        Tensor density = across * -0.5 - (m - 1) * Normal.HalfLogTwoPi + (m == 2 ? LogFirst(t) : LogSecond(t));
        return Tensor.Where(some, density.To(DType), double.NegativeInfinity);
    }

    /// <summary>log(phi(t) + t Phi(t)), the integral of r phi(r - t) over r > 0.</summary>
    private static Tensor LogFirst(Tensor t) => LogFactor(t, (x, density, mass) => density + x * mass, power: 1);

    /// <summary>log((1 + t^2) Phi(t) + t phi(t)), the integral of r^2 phi(r - t).</summary>
    private static Tensor LogSecond(Tensor t) =>
        LogFactor(t, (x, density, mass) => (1 + x.Square()) * mass + x * density, power: 2);

    /// <summary>The logarithm of a sum of phi(t) and Phi(t): as it stands from 0 on, divided by phi(t) below, where
    /// both are small, and by its series far below, where they cancel.</summary>
    private static Tensor LogFactor(Tensor t, Func<Tensor, Tensor, Tensor, Tensor> factor, int power)
    {
        Tensor above = Tensor.GreaterOrEqual(t, 0), far = Tensor.Less(t, Far), one = Tensor.Scalar(1, DType.Float64);
        Tensor x = Tensor.Where(above, t, 0), high = factor(x, LogDensity(x).Exp(), x.NormalCdf()).Log();
        Tensor y = Tensor.Where(above + far, Tensor.Scalar(-1, DType.Float64), t),
            low = LogDensity(y) + factor(y, one, (y.LogNormalCdf() - LogDensity(y)).Exp()).Log();
        // x^-(m + 1) times the sum of (-1)^j (2 j + 1)!! x^-2j, for the square with 2 (j + 1) beside it: what
        // integration by parts leaves (DLMF 7.12.1).
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
                $"A direction has at least two coordinates, along the last axis; got shape {loc.Shape}.", nameof(loc));
        }

        return loc.Shape[..^1];
    }
}
