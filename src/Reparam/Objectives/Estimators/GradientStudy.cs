using System.Diagnostics;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>The quality of a gradient estimator, measured over many independent replicates against the exact gradient:
/// its bias, its variance and its time.</summary>
/// <param name="Replicates">R, the number of independent estimates.</param>
/// <param name="Bias">The component of the mean error along the exact gradient g, relative to the length of g: (mean g^
/// - g) . g / |g|^2, where g^ is one estimate.</param>
/// <param name="BiasStandardError">The standard error of <paramref name="Bias"/>.</param>
/// <param name="LargestDeviation">The largest deviation of the mean of a component from the exact component, in
/// standard errors of that component. If the estimator is unbiased, it is rarely above 4.</param>
/// <param name="Variance">The total variance of one estimate: the sum of the variances of its components.</param>
/// <param name="SignalToNoise">|g| divided by the square root of <paramref name="Variance"/>.</param>
/// <param name="Microseconds">Time of one estimate in microseconds, the median over replicates.</param>
public sealed record GradientStudy(
    int Replicates, double Bias, double BiasStandardError, double LargestDeviation, double Variance,
    double SignalToNoise, double Microseconds)
{
    /// <summary>Microseconds times variance: proportional to the time for a fixed precision. Of two unbiased estimators
    /// the one with the smaller cost is better.</summary>
    public double Cost => Microseconds * Variance;

    /// <summary>Measures an estimator.</summary>
    /// <param name="estimate">A function from a source of noise to a scalar. The gradient of this scalar by the
    /// parameters is the estimate. The function is called while a tape records.</param>
    /// <param name="parameters">The parameters by which the gradient is taken.</param>
    /// <param name="exact">The exact gradient, one tensor for each parameter.</param>
    /// <param name="rng">Source of the noise; replicate r gets the stream of step r.</param>
    /// <param name="replicates">R, at least 2.</param>
    /// <param name="cancellation">Ends the study early with an exception.</param>
    /// <exception cref="ArgumentException">The exact gradient does not fit the parameters, or has length 0.</exception>
    public static GradientStudy Measure(
        Func<Rng, Tensor> estimate, IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> exact, Rng rng,
        int replicates, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(exact);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicates, 2);
        double[] truth = Flat(exact);
        if (exact.Count != parameters.Count || truth.Length != parameters.Sum(p => p.Size))
        {
            throw new ArgumentException(
                "The exact gradient must have one tensor for each parameter, with the shape of the " +
                "parameter.", nameof(exact));
        }

        double square = truth.Sum(g => g * g);
        if (square == 0)
        {
            throw new ArgumentException(
                "The exact gradient is 0: nothing can be measured relative to it.", nameof(exact));
        }

        double[] mean = new double[truth.Length], squares = new double[truth.Length], times = new double[replicates];
        double bias = 0, biasSquares = 0;
        for (int r = 0; r < replicates; r++)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            double[] gradient;
            using (var tape = new GradientTape())
            {
                Gradients gradients = tape.Gradients(estimate(rng.At(r)), parameters);
                times[r] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                gradient = Flat([.. Enumerable.Range(0, parameters.Count).Select(i => gradients[i])]);
            }

            // Welford's recurrences, for each component and for the error along the exact gradient.
            double along = 0;
            for (int i = 0; i < gradient.Length; i++)
            {
                double deviation = gradient[i] - mean[i];
                mean[i] += deviation / (r + 1);
                squares[i] += deviation * (gradient[i] - mean[i]);
                along += (gradient[i] - truth[i]) * truth[i] / square;
            }

            double step = along - bias;
            bias += step / (r + 1);
            biasSquares += step * (along - bias);
        }

        double variance = squares.Sum() / (replicates - 1), largest = 0;
        for (int i = 0; i < mean.Length; i++)
        {
            double error = Math.Sqrt(squares[i] / (replicates - 1) / replicates),
                difference = Math.Abs(mean[i] - truth[i]);
            // A component without variance either equals the exact value up to rounding, or is certainly wrong.
            if (error > 0) largest = Math.Max(largest, difference / error);
            else if (difference > 1e-6 * Math.Sqrt(square)) largest = double.PositiveInfinity;
        }

        Array.Sort(times);
        return new GradientStudy(
            replicates, bias, Math.Sqrt(biasSquares / (replicates - 1) / replicates), largest, variance,
            Math.Sqrt(square / variance), times[replicates / 2]);
    }

    private static double[] Flat(IReadOnlyList<Tensor> tensors) =>
        [.. tensors.SelectMany(t => Enumerable.Range(0, t.Size).Select(t.At))];
}
