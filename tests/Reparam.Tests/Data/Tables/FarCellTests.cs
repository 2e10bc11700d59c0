using System.Globalization;
using Reparam.Data;
using Reparam.Runs;
using Reparam.Scoring;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Data.Tables;

/// <summary>One cell that is 10^6 standard deviations out, in each part of a table.</summary>
public sealed class FarCellTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    public void Far_cell_is_the_strangest_and_no_bound_is_infinite(int window, bool isTrainedOn)
    {
        string path = _folder.File("rows.csv");
        File.WriteAllText(path, "in memory\n");
        Rng rng = new(1);
        string[][] rows = [.. Enumerable.Range(0, 600).Select(i =>
        {
            double u = Math.Sin(0.3 * i) + 0.1 * rng.NextDouble();
            return (string[])[Text(u), Text(2 * u + 0.1 * rng.NextDouble()), Text(-u + 0.1 * rng.NextDouble())];
        })];
        RunSettings defaults = window > 0 ? RunSettings.ForWindows : RunSettings.ForTables, settings = defaults with
        {
            Data = new DataSettings { Name = path, Window = window, Stride = window > 0 ? 1 : 0 },
            Training = defaults.Training with { Epochs = 30 },
        };
        var formats = DataFormats.BuiltIn with { Tables = (_, _) => new MemoryTable(["a", "b", "c"], rows) };
        DataSplits parts = RunData.Load(settings, formats: formats);
        Part[] spoiled = isTrainedOn ? [Part.Train, Part.Validation, Part.Test] : [Part.Validation, Part.Test];
        int[] far = [.. spoiled.Select(part => Of(parts, part)).Select(d => d.FirstRow(d.Count / 2))];
        foreach (int row in far) rows[row][1] = "1000000.0";

        var run = Run.Create(_folder.File("run"), settings, context: new RunContext { Formats = formats });
        run.Train();
        var scorer = Scorer.Load(run, samples: 20);
        for (int p = 0; p < far.Length; p++)
        {
            Dataset data = run.Data(spoiled[p]);
            IReadOnlyList<DatumScore> scores = scorer.Score(data);
            Assert.All(scores, s => Assert.True(double.IsFinite(s.Score), $"{s.Score}"));
            int first = Enumerable.Range(0, data.Count).MaxBy(i => scores[i].Score);
            Assert.InRange(far[p] - data.FirstRow(first), 0, Math.Max(window, 1) - 1);
            Assert.Equal("b", scores[first].Causes.First().Name);
            // A normal of standard deviation 1 gives half of the square of 10^6 / 1.4 in nats. A column with such a
            // cell in training has a scale of its own, in which the cell is sqrt(rows) standard deviations out.
            Assert.InRange(scores[first].Score, isTrainedOn ? 50 : 1e10, 1e16);
        }
    }

    private static Dataset Of(DataSplits parts, Part part) =>
        part == Part.Train ? parts.Train : part == Part.Validation ? parts.Validation! : parts.Test;

    private static string Text(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
