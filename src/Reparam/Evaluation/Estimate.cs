namespace Reparam.Evaluation;

/// <summary>A mean over data with its standard error.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">The standard deviation over the data divided by the square root of their number.</param>
/// <param name="Count">Number of data points.</param>
/// <param name="Samples">Latent draws for each data point.</param>
public readonly record struct Estimate(double Mean, double StandardError, int Count, int Samples)
{
    /// <summary>The estimate from one value for each data point.</summary>
    public static Estimate Of(ReadOnlySpan<double> values, int samples)
    {
        if (values.IsEmpty) throw new ArgumentException("An estimate needs at least one value.", nameof(values));
        double mean = 0, squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double deviation = values[i] - mean;
            mean += deviation / (i + 1);
            squares += deviation * (values[i] - mean);
        }

        double error = values.Length > 1 ? Math.Sqrt(squares / (values.Length - 1) / values.Length) : double.NaN;
        return new Estimate(mean, error, values.Length, samples);
    }

    /// <summary>The estimate of the negated quantity.</summary>
    public Estimate Negated() => this with { Mean = -Mean };

    /// <inheritdoc/>
    public override string ToString() =>
        double.IsNaN(StandardError)
            ? FormattableString.Invariant($"{Mean:F2}")
            : FormattableString.Invariant($"{Mean:F2} +/- {StandardError:F2}");
}
