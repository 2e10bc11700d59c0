using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A logistic distribution over 256 grey levels k/255. The mass of a level is the probability that the logistic assigns
/// to its cell. The cells at 0 and 1 extend to infinity, so that the masses sum to 1 (Kingma et al. 2016; Salimans et
/// al. 2017). Each element of the parameters is a separate batch member. The distribution is discrete, so it has no
/// <c>RSample</c>.
/// </summary>
/// <remarks>
/// Let a &lt; b be the edges of a cell in units of the scale. Then sigma(b) - sigma(a) = (1 - e^(a-b)) sigma(b)
/// sigma(-a), hence log mass = log1mexp(b - a) - softplus(-b) - softplus(a). This form neither cancels nor underflows.
/// </remarks>
public sealed class DiscretizedLogistic : Distribution
{
    private const int Levels = 256;
    private const double HalfCell = 0.5 / (Levels - 1);

    private readonly Tensor _logScale;

    /// <summary>
    /// Creates the distribution from the location, in units of the values in [0, 1], and the logarithm of the scale.
    /// The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public DiscretizedLogistic(Tensor loc, Tensor logScale)
        : this(Checked.Broadcast(loc, logScale))
    {
    }

    private DiscretizedLogistic((Tensor Loc, Tensor LogScale) p)
        : base(p.Loc.Shape, [], p.Loc.DType) => (Loc, _logScale) = p;

    /// <summary>The location of the continuous logistic distribution.</summary>
    public Tensor Loc { get; }

    /// <summary>
    /// The mean over the 256 levels: the sum over the 255 inner cell edges of the mass above the edge, divided by 255.
    /// </summary>
    public override Tensor Mean
    {
        get
        {
            Tensor inverseScale = (-_logScale).Exp();
            Tensor total = Tensor.Zeros(BatchShape, DType);
            for (int level = 1; level < Levels; level++)
            {
                double edge = (2 * level - 1) * HalfCell;
                total += ((Loc - edge) * inverseScale).Sigmoid();
            }

            return total / (Levels - 1);
        }
    }

    /// <summary>The variance over the 256 levels, computed by summation.</summary>
    public override Tensor Variance
    {
        get
        {
            Tensor mean = Mean, total = Tensor.Zeros(BatchShape, DType);
            for (int level = 0; level < Levels; level++)
            {
                double grey = level / (Levels - 1.0);
                total += LogProb(Tensor.Full(BatchShape, grey, DType)).Exp() * (grey - mean).Square();
            }

            return total;
        }
    }

    /// <summary>The 256 levels k/255.</summary>
    public override Support Support => Support.Of(SupportKind.Levels, 0, 1, DType);

    /// <summary>The level nearest to the location.</summary>
    public override Tensor Mode => Level(Loc.Clamp(0, 1)).Detach();

    /// <inheritdoc/>
    public override Tensor EnumerateSupport() => (Tensor.Arange(Levels, DType) / (Levels - 1)).Reshape(
        Shape.Create([Levels, .. Enumerable.Repeat(1, BatchShape.Rank)]));

    /// <inheritdoc/>
    public override Tensor Sample(Rng rng, Shape sampleShape = default)
    {
        Tensor u = rng.UniformOpen(sampleShape + BatchShape, DType, DatumAxis(sampleShape, BatchShape));
        Tensor x = Loc + _logScale.Exp() * (u.Log() - (-u).LogP1());
        return Level(x.Clamp(0, 1)).Detach();
    }

    /// <summary>The logarithm of the mass of the level nearest to <paramref name="value"/> in [0, 1].</summary>
    protected override Tensor LogProbCore(Tensor value)
    {
        value = Level(value.Clamp(0, 1)).Detach();
        Tensor inverseScale = (-_logScale).Exp();
        Tensor centred = value - Loc;
        Tensor upper = (centred + HalfCell) * inverseScale;
        Tensor lower = (centred - HalfCell) * inverseScale;
        // 1 at the open ends, where the edge on that side lies at infinity.
        Tensor isFirst = Tensor.Less(value, Tensor.Scalar(HalfCell, DType));
        Tensor isLast = Tensor.GreaterOrEqual(value, Tensor.Scalar(1 - HalfCell, DType));
        Tensor belowUpper = (1 - isLast) * (-upper).SoftPlus();
        Tensor aboveLower = (1 - isFirst) * lower.SoftPlus();
        Tensor width = inverseScale * (2 * HalfCell);
        Tensor inner = (1 - isFirst) * (1 - isLast) * (-(-width).ExpM1()).Log();
        return inner - belowUpper - aboveLower;
    }

    /// <summary>The Shannon entropy over the 256 levels, computed by summation.</summary>
    protected override Tensor EntropyCore()
    {
        Tensor total = Tensor.Zeros(BatchShape, DType);
        for (int level = 0; level < Levels; level++)
        {
            Tensor logMass = LogProb(Tensor.Full(BatchShape, level / (Levels - 1.0), DType));
            total -= logMass.Exp() * logMass;
        }

        return total;
    }

    private static Tensor Level(Tensor x)
    {
        // Adding and subtracting 1.5 * 2^mantissa rounds to the nearest integer in the element type.
        double magic = x.DType == DType.Float32 ? 1.5 * (1 << 23) : 1.5 * (1L << 52);
        return (x * (Levels - 1) + magic - magic) / (Levels - 1);
    }
}
