using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Formats;
using Reparam.Runs;
using Reparam.Scoring;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam score</c>: how strange data are to a model, and which columns make them so.</summary>
internal static class ScoreCommand
{
    // The causes in the output file and on the screen.
    private const int Causes = 3;

    // The name of a picture on the screen, which leaves room for four numbers in 80 columns.
    private const int LongestName = 28;

    private static readonly Option<int> Top = new("--top")
    {
        Description = "Show the N strangest data points. Default: 10.", HelpName = "N", DefaultValueFactory = _ => 10,
    };

    private static readonly Option<double?> FalseAlarms = new("--false-alarms")
    {
        Description = "Call a data point an anomaly if its p-value is at most this share: the share of ordinary data " +
            "that is called, such as 0.01.", HelpName = "SHARE",
    };

    private static readonly Option<int?> Samples = new("--samples")
    {
        Description = "Draws of the latents for each data point. Default: 100.", HelpName = "K",
    };

    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "The file to write, .csv: one row for each data point, in the order of the data, with the " +
            "identifiers of a table and the time of a window as they stand in the source.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = new Command("score", "Score data by how strange they are to the model: -log p(x), its p-value " +
            "among held-out data, and the columns or pixels that make it so.");
        RunOptions.AddTo(
            command, [.. RunOptions.OfData, RunOptions.Limit, Out, ScoreSheet.Option, Top, FalseAlarms, Samples]);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int top = RunOptions.Within(parsed, Top, 0, 1_000_000);
        if (parsed.GetValue(Samples) is { } k) RunOptions.Within("--samples", k, 1, 1_000_000);
        if (parsed.GetValue(Out) is { } path)
        {
            OutputFile.RequirePlace(Out.Name, path);
            if (!path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
                throw new InvalidConfigException($"--out '{path}' must end in .csv.");
        }

        TrainedRun run = TrainedRun.Open(parsed);
        var sheet = ScoreSheet.For(parsed, run, top);
        Scorer scorer = Scorer.Load(run.Folder, parsed.GetValue(Samples), context: new RunContext
        {
            DataDirectory = parsed.GetValue(SharedOptions.DataDirectory), Warnings = Message.Warn,
        });
        double? rate = parsed.GetValue(FalseAlarms);
        RequireRate(rate, scorer.Reference.Count);
        if (sheet is not null) ScoreSheet.Require(scorer.Reference);
        Dataset data = run.Data(parsed);
        SourcePlaces? places = parsed.GetValue(Out) is null ? null : SourcePlaces.Of(parsed, run, data, spans: true);
        List<DatumScore> scores = Score(parsed, scorer, data, sheet, cancellation);
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("data", run.DataName(parsed), "data", FormattableString.Invariant(
            $"{run.DataName(parsed)}, {data.Count:N0} data points"));
        result.Add("held_out", scorer.Reference.Count, "compared with", FormattableString.Invariant(
            $"{scorer.Reference.Count:N0} held-out data points of the run; {scorer.Reference.Samples} draws each"));
        double[] finite = [.. scores.Select(s => s.Score).Where(double.IsFinite)];
        if (finite.Length > 0)
        {
            result.Add("score", Estimate.Of(finite, scorer.Reference.Samples), "mean score",
                "nats; larger is stranger");
        }

        if (scores.Count(s => double.IsPositiveInfinity(s.Score)) is > 0 and var impossible)
        {
            result.Add("impossible", impossible, "impossible", FormattableString.Invariant(
                $"{impossible:N0} have a value that its column cannot have: an infinite score"));
        }

        if (rate is { } share)
        {
            int alarms = scores.Count(s => s.PValue <= share);
            result.Add("alarms", alarms, "alarms", string.Create(CultureInfo.InvariantCulture,
                $"{alarms:N0} of {data.Count:N0} have a p-value of at most {share:R}"));
        }

        AddRanking(result, run, data, scores);
        AddStrangest(result, run, data, scores, top);
        sheet?.Write(data, result);
        if (places is not null)
        {
            string file = parsed.GetValue(Out)!;
            Write(file, run, data, places, scores, rate);
            result.Add("out", Path.GetFullPath(file), "written", Terminal.Relative(file));
        }

        return result.Print();
    }

    /// <summary>The scores with the causes that are shown. All elements of all pictures would not fit into
    /// memory.</summary>
    private static List<DatumScore> Score(
        ParseResult parsed, Scorer scorer, Dataset data, ScoreSheet? sheet, CancellationToken cancellation)
    {
        var line = new ProgressLine(parsed.GetValue(SharedOptions.Quiet), TimeSpan.FromSeconds(10));
        bool hasCauses = HasCauses(data);
        List<DatumScore> scores = new(data.Count);
        foreach (DatumScore score in scorer.EnumerateScores(data, cancellation))
        {
            sheet?.Offer(scores.Count, score);
            scores.Add(score with { Elements = hasCauses ? [.. score.Causes.Take(Causes)] : [] });
            if (scores.Count % 100 == 0) line.Show(scores.Count, data.Count, "scored");
        }

        line.Clear();
        return scores;
    }

    /// <summary>Whether single elements say why a data point is strange. A pixel of a picture does not; the sheet shows
    /// all of them.</summary>
    private static bool HasCauses(Dataset data) => data.EventShape.Rank < 2;

    /// <summary>Refuses a share of false alarms that the held-out data cannot resolve.</summary>
    private static void RequireRate(double? rate, int held)
    {
        if (rate is not { } share) return;
        if (!(share > 0 && share < 1))
        {
            throw new InvalidConfigException(FormattableString.Invariant(
                $"--false-alarms lies between 0 and 1, not {share}."));
        }

        double least = 1.0 / (1 + held);
        if (share < least)
        {
            throw new InvalidConfigException(FormattableString.Invariant(
                $"--false-alarms {share:R} cannot be resolved with {held:N0} held-out data points: the smallest ") +
                FormattableString.Invariant($"p-value is {least:G3}. ") +
                "Train with more data, or allow more false alarms.");
        }
    }

    /// <summary>The area under the ROC curve where the data have two labels, and that of the plain distance.</summary>
    private static void AddRanking(Result result, TrainedRun run, Dataset data, List<DatumScore> scores)
    {
        if (data.Labels is not { } labels || run.Folder.Table is not { Labels.Count: 2 } schema) return;
        int[] marks = labels.ToArray();
        int ordinary = run.Config.Data.TrainOn.Length > 0 ? schema.LabelOf(run.Config.Data.TrainOn)
            : marks.Count(m => m == 0) >= marks.Count(m => m == 1) ? 0 : 1;
        bool[] strange = [.. marks.Select(m => m == 1 - ordinary)];
        if (strange.All(s => s) || !strange.Any(s => s)) return;
        var all = Ranking.Of([.. scores.Select(s => s.Score)], strange);
        var plain = Ranking.Of(Distances(data, schema), strange);
        string what = $"'{schema.Labels[1 - ordinary]}' of column '{schema.Label}' as strange";
        Add("score", all, "the score");
        Add("distance", plain, "the distance from the mean");

        void Add(string key, Ranking ranking, string of) => result.Add($"{key}_roc_auc", Result.Number(ranking.RocAuc),
            "ranking", string.Create(CultureInfo.InvariantCulture, $"by {of}: ROC AUC {ranking.RocAuc:F4}, average " +
            $"precision {ranking.AveragePrecision:F4}; {what}"));
    }

    /// <summary>The squared distance of each row from the mean, over the columns of numbers, each in standard
    /// deviations.</summary>
    private static double[] Distances(Dataset data, TableSchema schema)
    {
        double[] distances = new double[data.Count];
        float[] row = new float[data.EventShape.Size];
        for (int i = 0; i < distances.Length; i++)
        {
            data.CopyValues(i, 1, row);
            for (int c = 0; c < row.Length; c++)
            {
                if (schema.Cells[c].IsContinuous && !float.IsNaN(row[c])) distances[i] += (double)row[c] * row[c];
            }
        }

        return distances;
    }

    private static void AddStrangest(
        Result result, TrainedRun run, Dataset data, List<DatumScore> scores, int top)
    {
        if (top == 0) return;
        TableSchema? schema = run.Folder.Table;
        string what = data.Names is not null ? "name" : schema?.Window is null ? "row" : "first row";
        bool hasCauses = HasCauses(data);
        ResultTable table = hasCauses
            ? new ResultTable(what, "score", "p-value", "why (nats more than in held-out data)")
            : new ResultTable(what, "score", "p-value", "reconstruction", "KL") { Spare = ["KL", "reconstruction"] };
        var strangest = new JsonArray();
        foreach (int i in Enumerable.Range(0, data.Count).OrderByDescending(i => scores[i].Score).Take(top))
        {
            DatumScore score = scores[i];
            var node = new JsonObject
            {
                ["row"] = data.FirstRow(i) + 1, ["score"] = Result.Number(score.Score), ["p_value"] = score.PValue,
            };
            string place = (data.FirstRow(i) + 1).ToString(CultureInfo.InvariantCulture);
            if (data.Names is { } names)
            {
                node["name"] = names.Span[i];
                place = TableLayout.Shorten(names.Span[i], LongestName);
            }

            string[] cells = [place, score.Score.ToString("F2", CultureInfo.InvariantCulture),
                score.PValue.ToString("G2", CultureInfo.InvariantCulture)];
            if (hasCauses)
            {
                table.Add([.. cells, string.Join(", ", score.Elements.Select(c => Cause(c, schema, data, i)))]);
                node["causes"] = new JsonArray([.. score.Elements.Select(c => (JsonNode)new JsonObject
                {
                    ["column"] = c.Name, ["nats"] = Result.Number(c.Excess),
                })]);
            }
            else
            {
                table.Add([.. cells, score.Reconstruction.ToString("F2", CultureInfo.InvariantCulture),
                    score.KL.ToString("F2", CultureInfo.InvariantCulture)]);
                node["reconstruction"] = Result.Number(score.Reconstruction);
                node["kl"] = Result.Number(score.KL);
            }

            strangest.Add((JsonNode)node);
        }

        result.Add("strangest", strangest);
        result.Table(table);
    }

    /// <summary>A cause in words: the column, its value in the source, and the nats above the mean.</summary>
    private static string Cause(ElementScore cause, TableSchema? schema, Dataset data, int row)
    {
        if (double.IsInfinity(cause.Excess)) return $"{cause.Name} impossible";
        string nats = (Math.Round(cause.Excess, 1) + 0.0).ToString("+0.0;-0.0", CultureInfo.InvariantCulture);
        if (schema is null || cause.Name == ElementScore.Combination) return $"{cause.Name} {nats}";
        // The column of a window has several values.
        if (schema.Window is not null) return $"{cause.Name} {nats}";
        int at = schema.Modelled.ToList().FindIndex(c => c.Name == cause.Name);
        return $"{cause.Name}={data.CellText(row, at)} {nats}";
    }

    private static void Write(
        string path, TrainedRun run, Dataset data, SourcePlaces places, List<DatumScore> scores, double? rate)
    {
        TableSchema? schema = run.Folder.Table;
        bool hasCauses = HasCauses(data);
        string[] columns = ["score", "standard_error", "p_value", "reconstruction", "kl",
            .. Where(rate is not null, "alarm"),
            .. Enumerable.Range(1, hasCauses ? Causes : 0).SelectMany(c => (string[])[$"cause{c}", $"cause{c}_nats"]),
            .. Where(data.Labels is not null, "label")];
        using var file = new SeparatedWriter(
            path, [.. ColumnNames.Distinct(places.Columns.Select(c => c.Name), columns), .. columns]);
        for (int i = 0; i < scores.Count; i++)
        {
            DatumScore score = scores[i];
            List<string> cells = [.. places.Cells(i), Text(score.Score), Text(score.StandardError), Text(score.PValue),
                Text(score.Reconstruction), Text(score.KL)];
            if (rate is { } share) cells.Add(score.PValue <= share ? "1" : "0");
            for (int c = 0; c < (hasCauses ? Causes : 0); c++)
            {
                cells.Add(c < score.Elements.Count ? score.Elements[c].Name : "");
                cells.Add(c < score.Elements.Count ? Text(score.Elements[c].Excess) : "");
            }

            if (data.Labels is not null) cells.Add(LabelText.Of(data, schema, i));
            file.Row(cells);
        }

        file.Complete();
    }

    private static string[] Where(bool isThere, string column) => isThere ? [column] : [];

    private static string Text(double value) => value.ToString("G9", CultureInfo.InvariantCulture);
}
