using System.Globalization;
using System.Text.Json;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Tabular;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Data.Tables;

namespace Reparam.Tests.Tabular;

/// <summary>Comparisons against SciPy, scikit-learn and NumPy (tests/data/make_comparison.py), and of tables whose
/// faults are known.</summary>
public sealed class TableComparisonTests
{
    private static readonly JsonElement s_table = ReferenceTable.Load("comparison.json").Root;
    private static readonly JsonElement s_expected = s_table.GetProperty("expected");

    private static MemoryTable Reference(string name) => new(
        [.. s_table.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)],
        [.. s_table.GetProperty(name).EnumerateArray().Select(
            row => row.EnumerateArray().Select(c => c.GetString()!).ToArray())]);

    private static TableComparison Compare(
        TableSource real, TableSource synthetic, TableSource? heldOut = null, string? target = null) =>
        TableComparison.Of(ComparedTables.Read(real, synthetic, heldOut), new Rng(0), target,
            cancellation: TestContext.Current.CancellationToken);

    /// <summary>Rows of two numbers and two categories that depend on each other, a date and a constant.</summary>
    private static MemoryTable Table(int rows, ulong seed, bool isIndependent = false)
    {
        var rng = new Rng(seed);
        double[] Latent() => rng.Normal([rows], DType.Float64).ToArray<double>();
        double[] shared = Latent();
        double[][] z = [.. Enumerable.Range(0, 4).Select(_ => isIndependent ? Latent() : shared)];
        double[][] noise = [.. Enumerable.Range(0, 4).Select(_ => Latent())];
        return new MemoryTable(["x", "y", "kind", "on", "day", "land"], [.. Enumerable.Range(0, rows).Select(
            i => (string[])[Number(z[0][i] + 0.5 * noise[0][i]), Number(z[1][i] + 0.5 * noise[1][i]),
                z[2][i] + 0.5 * noise[2][i] > 0.4 ? "high" : z[2][i] > -0.4 ? "middle" : "low",
                z[3][i] + 0.5 * noise[3][i] > 0 ? "yes" : "no",
                TimeSpan.FromDays(rng.NextInt32(365)) is var t ? new DateTime(2020, 1, 1).Add(t).ToString(
                    "yyyy-MM-dd", CultureInfo.InvariantCulture) : "", "CH"])]);

        static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Columns_and_pairs_are_those_of_scipy()
    {
        TableComparison comparison = Compare(Reference("real"), Reference("synthetic"));
        foreach (ColumnDistance column in comparison.Columns)
        {
            JsonElement expected = s_expected.GetProperty("columns").GetProperty(column.Column.Name);
            Require(expected, "distance", column.Distance);
            Require(expected, "outside", column.Outside);
            Require(expected, "missing", column.Synthetic.Missing);
            if (column.IsCategory) continue;
            Require(expected, "mean", column.Synthetic.Mean);
            Require(expected, "sd", column.Synthetic.StandardDeviation);
        }

        Assert.Equal(["real", "positive", "category", "boolean"],
            comparison.Columns.Select(c => c.Column.Kind.ToString().ToLowerInvariant()));
        Assert.Equal(6, comparison.Pairs.Count);
        foreach (PairDistance pair in comparison.Pairs)
        {
            JsonElement expected = s_expected.GetProperty("pairs").GetProperty($"{pair.First} {pair.Second}");
            Require(expected, "distance", pair.Distance);
            Require(expected, "real", pair.Real);
            Require(expected, "synthetic", pair.Synthetic);
        }

        static void Require(JsonElement expected, string name, double actual) =>
            Close.Require(expected.GetProperty(name).GetDouble(), actual, 1e-12, name);
    }

    [Fact]
    public void Distances_from_real_rows_are_those_of_numpy()
    {
        JsonElement expected = s_expected.GetProperty("privacy");
        RowPrivacy alone = Compare(Reference("real"), Reference("synthetic")).Privacy,
            held = Compare(Reference("real"), Reference("synthetic"), Reference("held")).Privacy;
        Close.Require(ReferenceTable.NumbersOf(expected.GetProperty("synthetic")), [alone.Fifth, alone.Median], 1e-12);
        Close.Require(ReferenceTable.NumbersOf(expected.GetProperty("real")),
            [alone.ExpectedFifth, alone.ExpectedMedian], 1e-12);
        Close.Require(ReferenceTable.NumbersOf(expected.GetProperty("held")),
            [held.ExpectedFifth, held.ExpectedMedian], 1e-12);
        Close.Require(expected.GetProperty("near_real").GetDouble(), alone.Near.Mean, 1e-14);
        Close.Require(expected.GetProperty("near_held").GetDouble(), held.Near.Mean, 1e-14);
        Close.Require(expected.GetProperty("copies").GetDouble(), alone.Copies.Mean, 1e-14);
        Close.Require(expected.GetProperty("real_copies").GetDouble(), alone.ExpectedCopies.Mean, 1e-14);
        Assert.Null(alone.NearerToReal);
        Assert.InRange(held.NearerToReal!.Value.Mean, 0.3, 0.7);
    }

    [Fact]
    public void Levels_in_order_are_compared_in_order_and_unseen_texts_are_levels()
    {
        // Real: 40 S, 40 M, 20 L. Synthetic: 20 S, 40 M, 30 L and 10 of two texts that are no level.
        static MemoryTable Sizes(params (string Text, int Count)[] cells) => new(["size", "kind"], [.. cells.SelectMany(
            c => Enumerable.Repeat(c.Text, c.Count)).Select((text, i) => (string[])[text, i % 2 == 0 ? "a" : "b"])]);
        MemoryTable real = Sizes(("S", 40), ("M", 40), ("L", 20)),
            synthetic = Sizes(("S", 20), ("M", 40), ("L", 30), ("huge", 5), ("tiny", 5));
        var choices = new TableChoices
        {
            Kinds = new Dictionary<string, ColumnKind> { ["size"] = ColumnKind.Ordinal },
            Levels = new Dictionary<string, IReadOnlyList<string>> { ["size"] = ["S", "M", "L"] },
        };
        TableComparison comparison = TableComparison.Of(ComparedTables.Read(real, synthetic, null, choices),
            new Rng(0), "size", cancellation: TestContext.Current.CancellationToken);
        ColumnDistance size = comparison.Columns[0];
        // The shares up to S, M, L: 0.4, 0.8, 1 and 0.2, 0.6, 0.9.
        Assert.Equal(0.2, size.Distance, 1e-12);
        Assert.Equal(0.1, size.Outside, 1e-12);
        Assert.Equal(("M", 0.4, 0), (size.Synthetic.Level, size.Synthetic.LevelShare, size.Synthetic.Missing));
        Assert.True(comparison.Target!.IsAccuracy);
        // Each size has a and b equally often, so the pairs differ as the sizes do.
        Assert.False(Assert.Single(comparison.Pairs).AreNumbers);
        Assert.Equal(0.2, comparison.Pairs[0].Distance, 1e-12);
    }

    [Fact]
    public void Texts_that_the_real_table_does_not_have_equal_nothing()
    {
        MemoryTable real = new(["a", "b"], [.. Enumerable.Range(0, 60).Select(
            i => (string[])[i % 2 == 0 ? "x" : "y", i % 3 == 0 ? "u" : "v"])]);
        MemoryTable synthetic = new(["a", "b"], [.. Enumerable.Range(0, 20).Select(i => (string[])["new", "u"])]),
            held = new(["a", "b"], [.. Enumerable.Range(0, 60).Select(i => (string[])["other", "u"])]);
        RowPrivacy privacy = Compare(real, synthetic, held).Privacy;
        // One of two cells differs from each real row, and from each held-out row.
        Assert.Equal((0.5, 0.5), (privacy.Median, privacy.ExpectedMedian));
        Assert.Equal((0, 0, 0.5), (privacy.Copies.Mean, privacy.ExpectedCopies.Mean, privacy.NearerToReal!.Value.Mean));
    }

    [Fact]
    public void Area_and_its_variance_are_those_of_all_pairs()
    {
        JsonElement expected = s_expected.GetProperty("area");
        (double area, double variance, _) = TwoSampleTest.Area(
            ReferenceTable.NumbersOf(expected.GetProperty("positive")),
            ReferenceTable.NumbersOf(expected.GetProperty("negative")));
        Close.Require(expected.GetProperty("area").GetDouble(), area, 1e-14);
        Close.Require(expected.GetProperty("variance").GetDouble(), variance, 1e-14);
    }

    [Fact]
    public void Numbers_of_a_seed_are_the_same_on_every_machine()
    {
        TableComparison comparison = Compare(Reference("real"), Reference("synthetic"), Reference("held"), "age");
        Assert.Equal(
            (0.69336734693877544, 0.069268253476412786, 0.0047164716537108067, 0.47580514148468556,
                0.62545836736204252, 0.51428571428571423),
            (comparison.Classifier.RocAuc, comparison.Classifier.StandardError, comparison.Classifier.PValue,
                comparison.Target!.Synthetic.Mean, comparison.Target.Real.Mean,
                comparison.Privacy.NearerToReal!.Value.Mean));
    }

    [Fact]
    public void Tables_of_one_source_cannot_be_told_apart()
    {
        TableComparison comparison = Compare(Table(600, 1), Table(600, 2), Table(600, 3), "kind");
        Assert.Empty(comparison.Faults);
        Assert.InRange(comparison.Classifier.RocAuc, 0.5 - 3 * comparison.Classifier.StandardError,
            0.5 + 3 * comparison.Classifier.StandardError);
        Assert.InRange(comparison.Classifier.PValue, 0.01, 0.99);
        Assert.All(comparison.Columns, c => Assert.InRange(c.Distance, 0, 0.1));
        Assert.InRange(comparison.Pairs.Average(p => p.Distance - p.Chance), -0.02, 0.02);
        Assert.InRange(comparison.Privacy.Near.Mean, 0.02, 0.09);
        Assert.InRange(comparison.Privacy.NearerToReal!.Value.Mean, 0.44, 0.56);
        TargetTransfer target = comparison.Target!;
        Assert.True(target.Synthetic.Mean > target.Baseline + 0.15, $"{target}");
        Assert.InRange(target.Synthetic.Mean - target.Real.Mean, -0.06, 0.06);
        Assert.Equal((600, 600), (target.TrainedOn, target.Real.Count));
    }

    [Fact]
    public void Independent_columns_are_seen_in_pairs_classifier_and_target_and_not_in_columns()
    {
        TableComparison comparison = Compare(Table(600, 1), Table(600, 2, isIndependent: true), target: "x");
        Assert.All(comparison.Columns, c => Assert.InRange(c.Distance, 0, 0.1));
        PairDistance pair = comparison.Pairs.First(p => p is { First: "x", Second: "y" });
        Assert.InRange(pair.Real, 0.7, 0.9);
        Assert.InRange(pair.Synthetic, -0.12, 0.12);
        Assert.InRange(pair.Distance, 0.3, 0.5);
        Assert.True(comparison.Classifier is { RocAuc: > 0.8, PValue: < 1e-20 }, $"{comparison.Classifier}");
        Assert.DoesNotContain(comparison.Classifier.Importance.Take(3), i => i.Column is "day" or "land");
        Assert.True(comparison.Target!.Real.Mean > 0.6 && comparison.Target.Synthetic.Mean < 0.1,
            $"{comparison.Target}");
        Assert.Contains(comparison.Faults, f => f.Contains("dependence", StringComparison.Ordinal));
        Assert.DoesNotContain(comparison.Faults, f => f.Contains("copies", StringComparison.Ordinal));
    }

    [Fact]
    public void Copies_of_real_rows_are_faults()
    {
        MemoryTable real = Table(300, 1);
        TableComparison comparison = Compare(real, real, Table(300, 2));
        Assert.Equal((1, 0, 0), (comparison.Privacy.Copies.Mean, comparison.Privacy.ExpectedCopies.Mean,
            comparison.Privacy.Median));
        Assert.Equal(1, comparison.Privacy.NearerToReal!.Value.Mean);
        Assert.True(comparison.Classifier.RocAuc < 0.3, $"{comparison.Classifier}");
        Assert.Equal(3, comparison.Faults.Count);
        Assert.Contains("300 of 300 synthetic rows are exact copies", comparison.Faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_real_tables_repeat_are_no_fault()
    {
        // Two categories: every row has many twins.
        TableSource Rows(ulong seed)
        {
            var rng = new Rng(seed);
            return new MemoryTable(["a", "b"], [.. Enumerable.Range(0, 200).Select(
                _ => (string[])[rng.NextInt32(2) == 0 ? "u" : "v", rng.NextInt32(2) == 0 ? "s" : "t"])]);
        }

        TableComparison comparison = Compare(Rows(1), Rows(2));
        Assert.Equal(1, comparison.Privacy.Copies.Mean);
        Assert.Empty(comparison.Faults);
    }

    [Fact]
    public void Columns_are_matched_by_name_and_the_others_are_left_out_with_a_reason()
    {
        string[][] real = [.. Enumerable.Range(0, 60).Select(
                i => (string[])[$"{i + 1}", $"{i % 17}.5", "CH", "u", "1"])],
            synthetic = [.. Enumerable.Range(0, 60).Select(
                i => (string[])[i % 2 == 0 ? "" : "DE", $"{i % 20}.5", "new"])];
        for (int i = 0; i < 60; i += 2) real[i][3] = "v";
        List<string> notes = [];
        var tables = ComparedTables.Read(new MemoryTable(["id", "x", "land", "kind", "one"], real),
            new MemoryTable(["land", "x", "more"], synthetic), notes: notes.Add);
        Assert.Equal(["x", "land"], tables.Schema.Modelled.Select(c => c.Name));
        Assert.Equal(["id", "kind", "one", "more"], tables.LeftOut.Select(l => l.Column));
        Assert.Equal(["kind", "one"], tables.Missing);
        Assert.StartsWith("identifier: ", tables.LeftOut[0].Reason, StringComparison.Ordinal);
        Assert.Contains("synthetic table: column 'land': 30 cells have a category that is not known", notes[0],
            StringComparison.Ordinal);
        TableComparison comparison = TableComparison.Of(
            tables, new Rng(0), cancellation: TestContext.Current.CancellationToken);
        ColumnDistance land = comparison.Columns[1], x = comparison.Columns[0];
        Assert.Equal((1, 1, 0.5), (land.Distance, land.Outside, land.Synthetic.Missing));
        Assert.Equal("(never seen)", land.Synthetic.Level);
        Close.Require(9.0 / 60, x.Outside, 1e-14);
        Assert.Empty(comparison.Pairs); // a constant depends on nothing
        Assert.Equal("The synthetic table lacks 2 columns: kind, one.", comparison.Faults[0]);
    }

    [Fact]
    public void Column_without_values_in_one_table_has_the_distance_1()
    {
        string[][] Rows(string? cell) => [.. Enumerable.Range(0, 30).Select(
            i => (string[])[$"{i % 7}.25", cell ?? (i % 2 == 0 ? "u" : "v")])];
        TableComparison comparison = Compare(
            new MemoryTable(["x", "kind"], Rows(null)), new MemoryTable(["x", "kind"], Rows("")));
        Assert.Equal((1, null), (comparison.Columns[1].Distance, comparison.Columns[1].Synthetic.Level));
        Assert.Equal(0, comparison.Columns[0].Distance);
    }

    [Fact]
    public void Tables_and_targets_that_cannot_be_compared_are_refused()
    {
        MemoryTable table = Table(40, 1), other = MemoryTable.Of([.. Enumerable.Repeat("1", 20)]);
        string Refused(Action act) => Assert.Throws<InvalidDataFileException>(act).Message;
        Assert.Contains("none of the columns of the real table", Refused(() => ComparedTables.Read(
            table, new MemoryTable(["u", "v"], ["1", "2"]))), StringComparison.Ordinal);
        Assert.Contains("only 9 rows", Refused(() => ComparedTables.Read(Table(40, 1), Table(9, 2))),
            StringComparison.Ordinal);
        Assert.Contains("it has no column 'y'", Refused(() => ComparedTables.Read(table, table, other)),
            StringComparison.Ordinal);
        string Unfit(string target) => Assert.Throws<InvalidConfigException>(
            () => Compare(table, table, target: target)).Message;
        Assert.Contains("Did you mean 'kind'?", Unfit("kinds"), StringComparison.Ordinal);
        Assert.Contains("has 1 different values", Unfit("land"), StringComparison.Ordinal);
    }
}
