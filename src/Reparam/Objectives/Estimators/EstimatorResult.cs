using System.Globalization;
using System.Text;

namespace Reparam.Objectives.Estimators;

/// <summary>The measured quality of one estimator on one problem.</summary>
/// <param name="Problem">The name of the problem.</param>
/// <param name="Estimator">The estimator in words.</param>
/// <param name="IsUnbiased">Whether the estimator promises an unbiased gradient.</param>
/// <param name="Samples">K, the number of draws of each estimate.</param>
/// <param name="Study">Bias, variance and time.</param>
public sealed record EstimatorResult(
    string Problem, string Estimator, bool IsUnbiased, int Samples, GradientStudy Study)
{
    private const string Header = "problem,estimator,promise,samples,replicates,bias,bias_se,largest_deviation," +
        "variance,signal_to_noise,microseconds,cost";

    /// <summary>
    /// The results as CSV (RFC 4180), a header and a line for each: problem, estimator, promise (unbiased or biased),
    /// samples, replicates, and the numbers of <see cref="GradientStudy"/> as it defines them, written in full with a
    /// point. An infinite deviation is <c>Infinity</c>.
    /// </summary>
    public static string ToCsv(IEnumerable<EstimatorResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var text = new StringBuilder(Header).Append("\r\n");
        foreach (EstimatorResult r in results)
        {
            GradientStudy s = r.Study;
            text.Append(CultureInfo.InvariantCulture,
                $"{Field(r.Problem)},{Field(r.Estimator)},{(r.IsUnbiased ? "unbiased" : "biased")},{r.Samples}," +
                $"{s.Replicates},{s.Bias:R},{s.BiasStandardError:R},{s.LargestDeviation:R},{s.Variance:R}," +
                $"{s.SignalToNoise:R},{s.Microseconds:R},{s.Cost:R}\r\n");
        }

        return text.ToString();
    }

    /// <summary>Writes the results as CSV, over the file that is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="results">The results.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteCsv(string path, IEnumerable<EstimatorResult> results) =>
        File.WriteAllText(path, ToCsv(results));

    // A field with a comma, a quote or a line break stands in quotes, its own quotes doubled.
    private static string Field(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
