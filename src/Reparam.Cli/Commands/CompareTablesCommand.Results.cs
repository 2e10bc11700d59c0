using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Tabular;

namespace Reparam.Cli.Commands;

internal static partial class CompareTablesCommand
{
    // The columns and pairs on the screen; the JSON object has all.
    private const int MostColumns = 50, MostPairs = 5;

    // Of a cell, so that the tables have at most 80 columns.
    private const int LongestName = 16, LongestLevel = 9, LongestNumbers = 15;

    private static void AddTables(Result result, TableComparison comparison, TableSource real, TableSource synthetic,
        TableSource? heldOut, ulong seed)
    {
        ComparedTables tables = comparison.Tables;
        Add("real", real, tables.Real, comparison.RealRows);
        Add("synthetic", synthetic, tables.Synthetic, comparison.SyntheticRows);
        if (tables.HeldOut is { } rows) Add("held_out", heldOut!, rows, comparison.HeldOutRows);
        result.Add("seed", seed);
        result.Add("left_out", new JsonArray([.. tables.LeftOut.Select(l => (JsonNode)new JsonObject
        {
            ["column"] = l.Column, ["reason"] = l.Reason,
        })]));
        foreach (IGrouping<string, string> group in tables.LeftOut.GroupBy(l => l.Reason, l => l.Column))
            result.Line("left out", $"{string.Join(", ", group)} ({group.Key})");

        void Add(string key, TableSource source, Dataset data, int compared)
        {
            string chosen = compared == data.Count ? ""
                : FormattableString.Invariant($", of which {compared:N0}, chosen by seed {seed}, are compared");
            result.Add(key, new JsonObject
            {
                ["file"] = Path.GetFullPath(source.Name), ["rows"] = data.Count, ["compared"] = compared,
            }, key.Replace('_', ' '), FormattableString.Invariant($"{source.Name}, {data.Count:N0} rows{chosen}"));
        }
    }

    private static void AddColumns(Result result, TableComparison comparison)
    {
        result.Add("columns", new JsonArray([.. comparison.Columns.Select(c => (JsonNode)new JsonObject
        {
            ["name"] = c.Column.Name, ["kind"] = c.Column.Kind.ToString().ToLowerInvariant(),
            ["measure"] = c.IsCategory ? "tv" : "ks", ["distance"] = c.Distance, ["chance"] = c.Chance,
            ["outside"] = c.Outside, ["real"] = Summary(c.Real), ["synthetic"] = Summary(c.Synthetic),
        })]));
        ColumnDistance[] shown = [.. comparison.Columns];
        if (shown.Length > MostColumns)
        {
            result.Line("", FormattableString.Invariant(
                $"The {MostColumns} of {shown.Length:N0} columns that differ most beyond chance:"));
            shown = [.. shown.OrderByDescending(c => c.Distance - c.Chance).Take(MostColumns)];
        }

        var table = new ResultTable("column", "real", "synthetic", "KS/TV", "missing", "outside")
        {
            Spare = ["missing", "outside"],
        };
        foreach (ColumnDistance c in shown)
        {
            table.Add(Short(c.Column.Name, LongestName), Text(c.Column, c.Real), Text(c.Column, c.Synthetic),
                Three(c.Distance), c.Real.Missing == 0 && c.Synthetic.Missing == 0 ? ""
                    : $"{Percent(c.Real.Missing)}/{Percent(c.Synthetic.Missing)} %",
                c.Outside == 0 ? "" : $"{Percent(c.Outside)} %");
        }

        result.Table(table);
        AddMeans(result, "columns", comparison.Columns.Select(c => (c.Distance, c.Chance)),
            "(KS of numbers, which show mean and sd; TV of categories, which show the most frequent level)");
    }

    private static void AddPairs(Result result, TableComparison comparison)
    {
        result.Add("pairs", new JsonArray([.. comparison.Pairs.Select(p => (JsonNode)new JsonObject
        {
            ["first"] = p.First, ["second"] = p.Second, ["measure"] = p.AreNumbers ? "correlation" : "contingency",
            ["distance"] = p.Distance, ["chance"] = p.Chance, ["real"] = p.Real, ["synthetic"] = p.Synthetic,
        })]));
        if (comparison.Pairs.Count == 0) return;
        var table = new ResultTable("worst pairs", "real", "synthetic", "distance", "by chance");
        foreach (PairDistance p in comparison.WorstPairs.Take(MostPairs))
        {
            table.Add($"{Short(p.First, LongestName)}, {Short(p.Second, LongestName)}", Two(p.Real), Two(p.Synthetic),
                Three(p.Distance), Three(p.Chance));
        }

        result.Table(table);
        AddMeans(result, "pairs", comparison.Pairs.Select(p => (p.Distance, p.Chance)), FormattableString.Invariant(
            $"({comparison.Pairs.Count:N0} pairs; real and synthetic: rank correlation of numbers, else Cramér's V)"));
    }

    private static void AddMeans(
        Result result, string key, IEnumerable<(double Distance, double Chance)> all, string what)
    {
        (double Distance, double Chance)[] each = [.. all];
        double distance = each.Average(e => e.Distance), chance = each.Average(e => e.Chance);
        result.Add($"{key}_mean", new JsonObject { ["distance"] = distance, ["chance"] = chance }, key,
            $"mean distance {Three(distance)}, by chance alone {Three(chance)} {what}");
    }

    private static void AddClassifier(Result result, TwoSampleTest test)
    {
        string columns = string.Join(", ", test.Importance.Take(3).Select(
            i => FormattableString.Invariant($"{i.Column} ({100 * i.Share:F0} %)")));
        result.Add("classifier", new JsonObject
        {
            ["roc_auc"] = test.RocAuc, ["se"] = test.StandardError, ["p_value"] = test.PValue, ["rows"] = test.Rows,
            ["importance"] = new JsonArray([.. test.Importance.Select(i => (JsonNode)new JsonObject
            {
                ["column"] = i.Column, ["share"] = i.Share,
            })]),
        }, "classifier", string.Create(CultureInfo.InvariantCulture, $"ROC AUC {test.RocAuc:F3} +/- " +
            $"{test.StandardError:F3}, p = {test.PValue:G2}, {test.Rows:N0} rows of each table; " +
            $"{Meaning(test)}; it looks at {columns}"));
    }

    private static string Meaning(TwoSampleTest test) => test.RocAuc < 0.5 - 3 * test.StandardError
        ? "far below 0.5: rows of the tables are near copies of each other" : "0.5 = cannot be told apart";

    private static void AddTarget(Result result, TargetTransfer transfer)
    {
        string score = transfer.IsAccuracy ? "accuracy" : "R^2";
        result.Add("target", new JsonObject
        {
            ["column"] = transfer.Column, ["score"] = transfer.IsAccuracy ? "accuracy" : "r2",
            ["synthetic"] = Number(transfer.Synthetic), ["real"] = Number(transfer.Real),
            ["baseline"] = transfer.Baseline, ["trained_on"] = transfer.TrainedOn,
            ["tested_on"] = transfer.Real.Count, ["held_out"] = transfer.UsesHeldOut,
        }, "target", string.Create(CultureInfo.InvariantCulture, $"{transfer.Column}, {score} on " +
            $"{transfer.Real.Count:N0} {(transfer.UsesHeldOut ? "held-out" : "real")} rows by models of " +
            $"{transfer.TrainedOn:N0} rows: trained on synthetic rows {Error(transfer.Synthetic)}, on real rows " +
            $"{Error(transfer.Real)}, without a model {transfer.Baseline:F3}"));

        static JsonObject Number(Estimate e) =>
            new() { ["mean"] = Result.Number(e.Mean), ["se"] = Result.Number(e.StandardError) };

        static string Error(Estimate e) => FormattableString.Invariant($"{e.Mean:F3} +/- {e.StandardError:F3}");
    }

    private static void AddPrivacy(Result result, RowPrivacy privacy)
    {
        string fresh = privacy.UsesHeldOut ? "held-out rows" : "real rows from other real rows";
        (Estimate copies, Estimate expected) = (privacy.Copies, privacy.ExpectedCopies);
        result.Add("privacy", new JsonObject
        {
            ["nearest"] = new JsonObject { ["p5"] = privacy.Fifth, ["median"] = privacy.Median },
            ["expected"] = new JsonObject
            {
                ["p5"] = privacy.ExpectedFifth, ["median"] = privacy.ExpectedMedian,
                ["of"] = privacy.UsesHeldOut ? "held-out" : "real",
            },
            ["near"] = Share(privacy.Near), ["copies"] = Share(copies), ["expected_copies"] = Share(expected),
            ["nearer_to_real"] = privacy.NearerToReal is { } share ? Share(share) : null,
        }, "nearest rows", string.Create(CultureInfo.InvariantCulture, $"distance from the nearest real row: 5th " +
            $"percentile {privacy.Fifth:F3}, median {privacy.Median:F3}; of {fresh} {privacy.ExpectedFifth:F3}, " +
            $"{privacy.ExpectedMedian:F3}; {privacy.Near.Count:N0} rows are searched for"));
        result.Line("near copies", string.Create(CultureInfo.InvariantCulture, $"{100 * privacy.Near.Mean:F1} % of " +
            $"the synthetic rows are nearer than the 5th percentile of {fresh}; 5 % are expected"));
        result.Line("exact copies", string.Create(CultureInfo.InvariantCulture, $"{copies.Mean * copies.Count:N0} of " +
            $"{copies.Count:N0} synthetic rows equal a real row; {expected.Mean * expected.Count:N0} of " +
            $"{expected.Count:N0} {(privacy.UsesHeldOut ? "held-out rows" : "real rows equal another one")}"));
        result.Line("seen or not", privacy.NearerToReal is { } nearer
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * nearer.Mean:F1} +/- " +
                $"{100 * nearer.StandardError:F1} % of the synthetic rows are nearer to a real than to a held-out " +
                $"row; 50 % is ideal")
            : "unknown without --held-out: a file of real rows that the model has not seen");

        static JsonObject Share(Estimate share) => new()
        {
            ["mean"] = Result.Number(share.Mean), ["se"] = Result.Number(share.StandardError), ["count"] = share.Count,
        };
    }

    private static JsonObject Summary(ColumnSummary summary) => new()
    {
        ["mean"] = Result.Number(summary.Mean), ["sd"] = Result.Number(summary.StandardDeviation),
        ["level"] = summary.Level, ["share"] = Result.Number(summary.LevelShare), ["missing"] = summary.Missing,
    };

    /// <summary>The mean and the standard deviation of numbers, or the most frequent level and its share.</summary>
    private static string Text(TableColumn column, ColumnSummary summary)
    {
        if (summary.Missing == 1) return "none";
        if (summary.Level is { } level)
            return FormattableString.Invariant($"{Short(level, LongestLevel)} {100 * summary.LevelShare:F0} %");
        if (column.Kind == ColumnKind.Date) return column.Brief(summary.Mean).Split('T', ' ')[0];
        string mean = summary.Mean.ToString("G4", CultureInfo.InvariantCulture);
        string both = FormattableString.Invariant($"{mean} ({summary.StandardDeviation:G4})");
        return both.Length <= LongestNumbers ? both
            : FormattableString.Invariant($"{summary.Mean:G3} ({summary.StandardDeviation:G3})") is var brief
            && brief.Length <= LongestNumbers ? brief : mean;
    }

    private static string Short(string text, int most) => text.Length <= most ? text : text[..(most - 3)] + "...";

    private static string Percent(double share) => (100 * share).ToString(
        share is > 0 and < 0.1 ? "F1" : "F0", CultureInfo.InvariantCulture);

    private static string Two(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    private static string Three(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
