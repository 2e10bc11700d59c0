using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// A normal distribution on the 256 grey levels k/255 alone: p(k) is proportional to exp(-(k - c)^2 / (2 s^2)), with c
/// and s in units of a level. Each element of c is a separate batch member. It has no <c>RSample</c>.
/// </summary>
/// <remarks>Levels further than 9 s from the most probable level have masses below e^-40 of it, less than half a unit
/// in the last place of a Float64 sum, so the sum over the levels runs over a window.</remarks>
internal sealed class LevelNormal : Distribution
{
    private const int Levels = 256;
    private const double Reach = 9;

    private readonly Tensor _centre;
    private readonly double _inverseVariance;
    private readonly int _window;

    /// <summary>The distribution with centres c and one deviation s.</summary>
    public LevelNormal(Tensor centre, double deviation)
        : base(centre.Shape, [], centre.DType)
    {
        _centre = centre;
        _inverseVariance = 1 / (deviation * deviation);
        _window = (int)Math.Min(Levels - 1, Math.Ceiling(Reach * deviation) + 1);
    }

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.Levels, 0, 1, DType);

    /// <inheritdoc/>
    public override Tensor Mode => Nearest() / (Levels - 1);

    /// <inheritdoc/>
    public override Tensor Mean => Moment((level, _) => level) / (Levels - 1);

    /// <inheritdoc/>
    public override Tensor Variance
    {
        get
        {
            Tensor mean = Moment((level, _) => level);
            return Moment((level, _) => (level - mean.Reshape([.. BatchShape, 1])).Square())
                / ((Levels - 1.0) * (Levels - 1));
        }
    }

    /// <inheritdoc/>
    public override Tensor EnumerateSupport() => (Tensor.Arange(Levels, DType) / (Levels - 1)).Reshape(
        Shape.Create([Levels, .. Enumerable.Repeat(1, BatchShape.Rank)]));

    /// <summary>Draws a level by its cumulative masses.</summary>
    public override Tensor Sample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        (Tensor level, Tensor logMass) = Window();
        Tensor u = rng.UniformOpen(sampleShape + BatchShape, DType, DatumAxis(sampleShape, BatchShape));
        // The level at which the cumulative mass first exceeds u: count the levels below it. Rounding may leave the
        // last cumulative mass below 1, so the last level of the window is not counted.
        Tensor below = logMass.Exp().CumSum(^1).Slice(^1, 0, 2 * _window);
        Tensor passed = Tensor.GreaterOrEqual(u.Reshape([.. u.Shape, 1]), below).Sum(^1);
        return ((level.Slice(^1, 0, 1).Reshape(BatchShape) + passed).Clamp(0, Levels - 1) / (Levels - 1)).Detach();
    }

    /// <summary>The logarithm of the mass of the level nearest to <paramref name="value"/> in [0, 1].</summary>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor level = Rounded(value.Clamp(0, 1) * (Levels - 1));
        Tensor nearest = Nearest(), step = level - nearest;
        return Energy(step, nearest) - Normalizer(nearest);
    }

    /// <inheritdoc/>
    protected override Tensor EntropyCore() => -Moment((_, logMass) => logMass);

    /// <summary>The sum over the levels of a function, weighted by the masses.</summary>
    private Tensor Moment(Func<Tensor, Tensor, Tensor> function)
    {
        (Tensor level, Tensor logMass) = Window();
        return (logMass.Exp() * function(level, logMass)).Sum(^1);
    }

    /// <summary>The levels around the most probable one, and the logarithms of their masses, [...] + [window]. Levels
    /// outside of 0 to 255 have masses of e^-1000.</summary>
    private (Tensor Level, Tensor LogMass) Window()
    {
        Tensor nearest = Nearest();
        Tensor wide = nearest.Reshape([.. BatchShape, 1]), level = wide + Steps();
        return (level, Energies(nearest) - Normalizer(nearest).Reshape([.. BatchShape, 1]));
    }

    private Tensor Normalizer(Tensor nearest) => Energies(nearest).LogSumExp(^1);

    private Tensor Energies(Tensor nearest)
    {
        Tensor wide = nearest.Reshape([.. BatchShape, 1]), steps = Steps(), level = wide + steps;
        Tensor outside = Tensor.Less(level, -0.5) + Tensor.GreaterOrEqual(level, Levels - 0.5);
        Tensor centred = (nearest - _centre).Reshape([.. BatchShape, 1]);
        return (steps * (steps + 2 * centred)) * (-0.5 * _inverseVariance) - outside * 1000;
    }

    /// <summary>-((k - c)^2 - (n - c)^2) / (2 s^2) of a level k = n + step, relative to the most probable level n. This
    /// form does not cancel.</summary>
    private Tensor Energy(Tensor step, Tensor nearest) =>
        step * (step + 2 * (nearest - _centre)) * (-0.5 * _inverseVariance);

    private Tensor Steps() => Tensor.Arange(2 * _window + 1, DType) - _window;

    /// <summary>n, the most probable level.</summary>
    private Tensor Nearest() => Rounded(_centre.Clamp(0, Levels - 1));

    private static Tensor Rounded(Tensor x)
    {
        // Adding and subtracting 1.5 * 2^mantissa rounds to the nearest integer in the element type.
        double magic = x.DType == DType.Float32 ? 1.5 * (1 << 23) : 1.5 * (1L << 52);
        return (x + magic - magic).Detach();
    }
}
