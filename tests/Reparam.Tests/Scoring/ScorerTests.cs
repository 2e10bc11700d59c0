using System.Globalization;
using Reparam.Data;
using Reparam.Runs;
using Reparam.Scoring;
using Reparam.Tabular;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Data.Tables;

namespace Reparam.Tests.Scoring;

/// <summary>The scores of rows of a table: which cell is to blame, and how often ordinary rows are called; and the
/// numbers of synthetic rows.</summary>
public sealed class ScorerTests : IDisposable
{
    private static readonly string[] Names = ["u", "twice", "opposite", "sign"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Changed_cell_is_the_first_cause_and_ordinary_rows_are_called_at_the_rate()
    {
        Run run = Trained(out TableSchema schema);
        var scorer = Scorer.Load(run);
        IReadOnlyList<DatumScore> ordinary = scorer.Score(
            run.Prepare(schema.Read(new Memory(Rows(400, new Rng(2)))), "new"));
        double called = ordinary.Count(s => s.PValue <= 0.1) / 400.0;
        // Three standard deviations, with those of the 100 held-out rows.
        Assert.InRange(called, 0, 0.1 + 3 * Math.Sqrt(0.1 * 0.9 * (1 / 400.0 + 1 / 100.0)));

        List<string[]> rows = Rows(100, new Rng(3));
        for (int i = 0; i < rows.Count; i++)
        {
            int at = i % 4;
            double sign = i % 8 < 4 ? 1 : -1;
            rows[i][at] = at == 3 ? "neither" : Text(Number(rows[i][at]) + sign * (at == 1 ? 8 : 4));
        }

        IReadOnlyList<DatumScore> scores = scorer.Score(run.Prepare(schema.Read(new Memory(rows)), "new"));
        int found = Enumerable.Range(0, rows.Count).Count(i => scores[i].Causes.First().Name == Names[i % 4]);
        Assert.InRange(found, 90, 100);
    }

    [Fact]
    public void Missing_cell_is_no_cause()
    {
        Run run = Trained(out _);
        DatumScore score = Scorer.Load(run).Score(new Dictionary<string, string> { ["u"] = "1.00", ["sign"] = "up" });
        Assert.True(double.IsNaN(score.Elements[1].Nats));
        Assert.Contains(score.Causes.First().Name, (string[])["u", "sign"]);
    }

    [Theory]
    [InlineData("pieces", "-5")]
    [InlineData("pieces", "2.5")]
    [InlineData("valid", "7")]
    [InlineData("size", "huge")]
    public void Value_that_a_column_cannot_have_is_infinitely_strange(string column, string text)
    {
        Rng rng = new(1);
        string[][] rows = [.. Enumerable.Range(0, 300).Select(i => (string[])[
            $"{rng.NextInt32(40)}", $"{rng.NextInt32(2)}", ((string[])["S", "M", "L"])[rng.NextInt32(3)]])];
        var schema = TableSchema.Infer(new MemoryTable(["pieces", "valid", "size"], rows), new TableChoices
        {
            Kinds = new Dictionary<string, ColumnKind> { ["size"] = ColumnKind.Ordinal },
        });
        Dataset data = schema.Read(new MemoryTable(["pieces", "valid", "size"], rows));
        var run = Run.Create(_folder.File("run"), RunSettings.ForTables with
        {
            Training = RunSettings.ForTables.Training with { Epochs = 2 },
        }, new DataSplits(data[..200], data[200..250], data[250..]));
        run.Train();
        var scorer = Scorer.Load(run);
        var cells = new Dictionary<string, string> { ["pieces"] = "3", ["valid"] = "1", ["size"] = "M" };
        DatumScore usual = scorer.Score(cells);
        Assert.True(double.IsFinite(usual.Score));
        cells[column] = text;
        TableSchema fitted = run.Table!;
        string[] row = [cells["pieces"], cells["valid"], cells["size"]];
        foreach (DatumScore score in (DatumScore[])[scorer.Score(cells), scorer.Score(run.Prepare(
            fitted.Read(new MemoryTable(["pieces", "valid", "size"], rows[0], row)), "new"))[1]])
        {
            Assert.Equal(double.PositiveInfinity, score.Score);
            Assert.Equal(1 / 51.0, score.PValue, 1e-12);
            Assert.Equal(column, score.Causes.First().Name);
            // The other cells are judged as if the cell were missing.
            Assert.All(score.Elements.Where(e => e.Name != column), e => Assert.True(double.IsFinite(e.Nats)));
        }
    }

    [Fact]
    public void Scores_are_computed_when_they_are_enumerated_and_have_a_number_for_each_pixel()
    {
        RunSettings settings = new() { Training = new TrainingSettings { Epochs = 1 } };
        Dataset digits = new DigitGenerator(1).Generate(60);
        var run = Run.Create(
            _folder.File("digits"), settings, new DataSplits(digits[..40], digits[40..50], digits[50..]));
        run.Train();
        using var held = new CancellationTokenSource();
        var scorer = Scorer.Load(run, samples: 3);
        Dataset data = run.Prepare(digits[50..], "test");
        IEnumerable<DatumScore> each = scorer.EnumerateScores(data, held.Token);
        DatumScore first = each.First();
        Assert.Equal(785, first.Elements.Count);
        Assert.Equal(first.Reconstruction, first.Elements.SkipLast(1).Sum(e => e.Nats), 1e-3);
        Assert.Equal(first.KL, first.Elements[^1].Nats, 1e-9);
        IReadOnlyList<DatumScore> all = scorer.Score(data, cancellation: held.Token);
        Assert.Equal(all.Select(s => s.Score), each.Select(s => s.Score));
        // The held-out data are these, so their means are the reference's.
        Assert.Equal(all.Select(s => s.Score).Order(), scorer.Reference.Scores);
        Assert.Equal(all.Average(s => s.Elements[400].Nats), scorer.Reference.Means[400], 1e-12);
        Assert.Equal(0, all.Sum(s => s.Elements[400].Excess), 1e-9);
        held.Cancel();
        Assert.Throws<OperationCanceledException>(() => each.Count());
    }

    [Fact]
    public void Synthetic_numbers_are_distributed_as_the_training_rows()
    {
        Run run = Trained(out _);
        TableSchema schema = run.Table!;
        string[][] drawn = [.. new RowSampler(run.LoadModel(), schema).Draw(2000, new Rng(5)).Select(r => r.ToArray())];
        double[] trained = [.. schema.Modelled[0].Quantiles], numbers = [.. drawn.Select(r => Number(r[0])).Order()];
        foreach (double share in (double[])[0.1, 0.5, 0.9])
        {
            Assert.Equal(trained[(int)(share * trained.Length)], numbers[(int)(share * numbers.Length)],
                0.15 * (trained[^1] - trained[0]) / 4);
        }
    }

    private Run Trained(out TableSchema schema)
    {
        schema = TableSchema.Infer(new Memory(Rows(1000, new Rng(1))));
        Dataset data = schema.Read(new Memory(Rows(1000, new Rng(1))));
        RunSettings settings = RunSettings.ForTables;
        var run = Run.Create(_folder.File("run"), settings with
        {
            Training = settings.Training with { Epochs = 60 },
        }, new DataSplits(data[..800], data[800..900], data[900..]));
        run.Train();
        return run;
    }

    private static List<string[]> Rows(int count, Rng rng) => [.. Enumerable.Range(0, count).Select(i =>
    {
        Rng own = rng.At(i);
        double u = Normal(own);
        return (string[])[Text(u), Text(2 * u + 0.2 * Normal(own)), Text(-u + 0.2 * Normal(own)),
            u > 0 ? "up" : "down"];
    })];

    /// <summary>Nearly a standard normal: the sum of twelve uniform numbers less 6.</summary>
    private static double Normal(Rng rng) => Enumerable.Range(0, 12).Sum(_ => rng.NextDouble()) - 6;

    private static string Text(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Memory(List<string[]> rows) : TableSource
    {
        public override string Name => "memory";

        public override IReadOnlyList<string> Columns => Names;

        public override TableFormat Format { get; } = new(',');

        public override void Read(ITableSink sink)
        {
            foreach (string[] row in rows)
            {
                for (int c = 0; c < row.Length; c++) sink.Cell(c, row[c]);
                sink.EndRow();
            }
        }
    }
}
