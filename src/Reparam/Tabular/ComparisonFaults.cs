using System.Globalization;
using Reparam.Evaluation;

namespace Reparam.Tabular;

/// <summary>The clear faults of a synthetic table, in sentences. They are rare if both tables come from one source: a
/// share is too large from four standard errors on, and a distance from the critical value of the Kolmogorov-Smirnov
/// test at 0.001 on.</summary>
internal static class ComparisonFaults
{
    private const double LeastDistance = 0.1, Critical = 1.95, Errors = 4, AlmostAlways = 0.9;

    public static IEnumerable<string> Of(TableComparison comparison) =>
        [.. OfPrivacy(comparison.Privacy), .. OfMissing(comparison.Tables.Missing), .. OfDistances(comparison),
            .. OfClassifier(comparison.Classifier)];

    private static IEnumerable<string> OfPrivacy(RowPrivacy privacy)
    {
        (Estimate copies, Estimate expected) = (privacy.Copies, privacy.ExpectedCopies);
        if (Exceeds(copies, expected.Mean, expected.Count))
        {
            (string fresh, string whom) = privacy.UsesHeldOut ? ("held-out", "a real row") : ("real", "another one");
            yield return string.Create(CultureInfo.InvariantCulture, $"{copies.Mean * copies.Count:N0} of " +
                $"{copies.Count:N0} synthetic rows are exact copies of real rows ({100 * copies.Mean:F1} %); of " +
                $"{fresh} rows {100 * expected.Mean:F1} % equal {whom}. The synthetic table gives real rows away.");
        }

        if (Exceeds(privacy.Near, 0.05, expected.Count))
        {
            string fresh = privacy.UsesHeldOut ? "held-out rows are" : "real rows are to others";
            yield return string.Create(CultureInfo.InvariantCulture, $"{100 * privacy.Near.Mean:F1} % of the " +
                $"synthetic rows are nearer to a real row than 95 % of {fresh}; 5 % are expected. Many are near " +
                $"copies.");
        }

        if (privacy.NearerToReal is { } share && share.Mean > 0.5 + Errors * 0.5 / Math.Sqrt(share.Count))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{100 * share.Mean:F1} % of the synthetic rows " +
                $"are nearer to a real row than to a held-out one; 50 % are expected. The rows give away what they " +
                $"were made of.");
        }
    }

    private static IEnumerable<string> OfMissing(IReadOnlyList<string> columns)
    {
        if (columns.Count > 0)
            yield return $"The synthetic table lacks {Counted(columns.Count, "column")}: {List([.. columns])}.";
    }

    private static IEnumerable<string> OfDistances(TableComparison comparison)
    {
        double far = Math.Max(LeastDistance, Critical * Math.Sqrt(
            1.0 / comparison.RealRows + 1.0 / comparison.SyntheticRows));
        string[] columns = [.. comparison.Columns.Where(c => c.Distance - c.Chance > far)
            .OrderByDescending(c => c.Distance - c.Chance).Select(c => c.Column.Name)];
        if (columns.Length > 0)
        {
            yield return $"The distribution of {Counted(columns.Length, "column")} differs clearly from the real " +
                $"one: {List(columns)}.";
        }

        string[] pairs = [.. comparison.WorstPairs.Where(p => p.Distance - p.Chance > far)
            .Select(p => $"{p.First} and {p.Second}")];
        if (pairs.Length > 0)
        {
            yield return $"The dependence of {Counted(pairs.Length, "pair")} of columns differs clearly from the " +
                $"real one: {List(pairs)}.";
        }
    }

    private static IEnumerable<string> OfClassifier(TwoSampleTest test)
    {
        if (test.RocAuc <= AlmostAlways) yield break;
        string[] columns = [.. test.Importance.Where(i => i.Share > 0.1).Select(i => i.Column)];
        string by = columns.Length == 0 ? "" : $", mostly by {List(columns)}";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"A classifier tells synthetic rows from real ones almost always (ROC AUC {test.RocAuc:F3}){by}.");
    }

    /// <summary>Whether a share is larger than an expected one by more than four standard errors of their
    /// difference.</summary>
    private static bool Exceeds(Estimate share, double expected, int count)
    {
        double pooled = (share.Mean * share.Count + expected * count) / (share.Count + count);
        return share.Mean - expected > Errors * Math.Sqrt(pooled * (1 - pooled) * (1.0 / share.Count + 1.0 / count));
    }

    private static string Counted(int count, string noun) =>
        FormattableString.Invariant($"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    private static string List(string[] names) => string.Join(", ", names.Take(3))
        + (names.Length > 3 ? FormattableString.Invariant($" and {names.Length - 3:N0} more") : "");
}
