using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// Draws counts by inversion of uniform noise, one number a draw: the probabilities are laid along (0, 1) in the order mode, mode + 1, mode - 1, mode + 2, ..., and the noise falls
/// into one of them. A draw takes about two standard deviations of steps, and is a function of its noise alone.
/// </summary>
internal static class CountSampler
{
    /// <summary>Past this probability below the mode's the rest of the mass is beyond the resolution of the noise.</summary>
    private const double Negligible = 1e-18;

    /// <param name="u">Noise, Float64, of shape sample + batch.</param>
    /// <param name="mode">The likeliest count of each batch member.</param>
    /// <param name="logProb">Its log-probability, Float64: what its rounding leaves out or adds would fall into the tails.</param>
    /// <param name="ratio">p(k + 1) / p(k) for batch member i.</param>
    public static Tensor Draw(Tensor u, Tensor mode, Tensor logProb, Func<int, double, double> ratio)
    {
        ReadOnlySpan<double> noise = u.AsSpan<double>();
        double[] counts = new double[noise.Length];
        int batch = mode.Size;
        for (int i = 0; i < counts.Length; i++)
        {
            int member = i % batch;
            counts[i] = One(noise[i], mode.At(member), PortableMath.Exp(logProb.At(member)), k => ratio(member, k));
        }

        return Tensor.From(counts, u.Shape).To(mode.DType).Detach();
    }

    private static double One(double u, double mode, double atMode, Func<double, double> ratio)
    {
        if (double.IsNaN(atMode) || double.IsNaN(mode)) return double.NaN;
        if (u < atMode) return mode;
        u -= atMode;
        double above = mode, below = mode, up = atMode, down = atMode;
        while (true)
        {
            up *= ratio(above);
            above++;
            if (u < up) return above;
            u -= up;
            double before = below > 0 ? ratio(below - 1) : double.PositiveInfinity;
            down /= before;
            below--;
            if (u < down) return below;
            u -= down;
            // What noise is left now lies within the rounding of the sum. The mode is always a value of the family, which the next step outwards may not be; NaN stops here too.
            if (!(up + down >= Negligible)) return mode;
        }
    }
}
