using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// A schedule that training adapts, so that the estimate of the bound has little variance. The estimate at one time is
/// gamma'(t) h with h = 1/2 |e - e'|^2. Its variance over t is least where the density of the levels, 1 / gamma'(t), is
/// proportional to sqrt(E[h^2 | gamma]) (Kingma et al. 2021, section 5.2, minimise the same variance with a network).
/// The schedule keeps running means of h^2 in bins of gamma, and is linear between the edges of the bins. It is
/// monotone and has fixed ends by construction. With the bound of infinitely many steps every schedule estimates the
/// same number.
/// </summary>
public sealed class LearnedSchedule : NoiseSchedule
{
    private const int Bins = 64;

    // The weight of earlier steps in a running mean, and the share of the levels that is spread evenly.
    private const double Memory = 0.99, Even = 0.1;

    private readonly Parameter _sums, _counts;

    /// <summary>A schedule between two levels; linear until training has seen every bin.</summary>
    /// <inheritdoc cref="NoiseSchedule(double, double)"/>
    public LearnedSchedule(double first, double last)
        : base(first, last)
    {
        _sums = OwnBuffer("sums", Tensor.Zeros([Bins], DType.Float64));
        _counts = OwnBuffer("counts", Tensor.Zeros([Bins], DType.Float64));
    }

    /// <summary>True: the running means follow whole batches.</summary>
    public override bool NeedsWholeBatches => true;

    private double Width => (Last.Gamma - First.Gamma) / Bins;

    /// <inheritdoc/>
    public override Tensor Gamma(Tensor time)
    {
        ArgumentNullException.ThrowIfNull(time);
        double[] edges = Edges();
        return Mapped(time, t =>
        {
            int bin = BinOf(edges, t);
            double gamma = First.Gamma + Width * (bin + (t - edges[bin]) / (edges[bin + 1] - edges[bin]));
            return t <= 0 ? First.Gamma : t >= 1 ? Last.Gamma : gamma;
        });
    }

    /// <inheritdoc/>
    public override Tensor Slope(Tensor time)
    {
        ArgumentNullException.ThrowIfNull(time);
        double[] edges = Edges();
        return Mapped(time, t =>
        {
            int bin = BinOf(edges, t);
            return Width / (edges[bin + 1] - edges[bin]);
        });
    }

    /// <inheritdoc/>
    internal override void Observe(Tensor gamma, Tensor error)
    {
        if (!gamma.HasElements || !error.HasElements) return;
        double[] sums = _sums.Value.ToArray<double>(), counts = _counts.Value.ToArray<double>();
        for (int bin = 0; bin < Bins; bin++) (sums[bin], counts[bin]) = (sums[bin] * Memory, counts[bin] * Memory);
        for (int i = 0; i < gamma.Size; i++)
        {
            int bin = Math.Clamp((int)((gamma.At(i) - First.Gamma) / Width), 0, Bins - 1);
            sums[bin] += error.At(i) * error.At(i);
            counts[bin]++;
        }

        _sums.Assign(Tensor.From(sums, [Bins]));
        _counts.Assign(Tensor.From(counts, [Bins]));
    }

    /// <summary>The times at the edges of the bins, from 0 to 1.</summary>
    private double[] Edges()
    {
        double[] weights = new double[Bins], edges = new double[Bins + 1];
        for (int bin = 0; bin < Bins; bin++)
        {
            double count = _counts.Value.At(bin);
            weights[bin] = count < 1 ? double.NaN : Math.Sqrt(_sums.Value.At(bin) / count);
        }

        // Until every bin has been seen, the levels are spread evenly.
        double total = weights.Sum();
        for (int bin = 0; bin < Bins; bin++)
        {
            double share = total > 0 ? Even / Bins + (1 - Even) * weights[bin] / total : 1.0 / Bins;
            edges[bin + 1] = edges[bin] + share;
        }

        // The shares add up to 1 but for rounding.
        edges[Bins] = 1;
        return edges;
    }

    private static int BinOf(double[] edges, double time)
    {
        int found = Array.BinarySearch(edges, time);
        return Math.Clamp(found >= 0 ? found : ~found - 1, 0, Bins - 1);
    }

    private static Tensor Mapped(Tensor time, Func<double, double> function)
    {
        double[] values = new double[time.Size];
        for (int i = 0; i < values.Length; i++) values[i] = function(time.At(i));
        return Tensor.From(values, time.Shape);
    }
}
