using System.Globalization;
using System.Text;
using System.Text.Json;
using Reparam.Data;
using Reparam.Formats;
using Reparam.Runs;
using Reparam.Scoring;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Tables;

/// <summary>A person's table from the file to the answers: describe, train, score, impute, sample.</summary>
public sealed class TableCommandTests(TableCommandTests.Shared shared) : IClassFixture<TableCommandTests.Shared>
{
    private static readonly string[] Train = ["train", "--data", "people.csv", "--ignore", "strange", "--hidden", "32",
        "--quiet"];

    private string Folder => shared.Folder.Path;

    /// <summary>A table whose columns depend on each other, and a run that was trained on it.</summary>
    public sealed class Shared : IDisposable
    {
        public Shared()
        {
            File.WriteAllText(Folder.File("people.csv"), Rows(600, 0));
            CommandLine.Run(Folder.Path, [.. Train, "--out", "run", "--epochs", "60"]).Exits(0);
        }

        public TemporaryFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();

        /// <summary>Rows of five modelled columns, an identifier, a constant and a label; a tenth of the incomes is
        /// missing. Deterministic noise: the bits of a product.</summary>
        public static string Rows(int count, int seed)
        {
            var text = new StringBuilder("id,age,income,city,visits,member,country,strange\n");
            for (int i = 0; i < count; i++)
            {
                double Noise(int k) => Math.Sin((i + 1 + 1000 * seed) * (k + 1) * 12.9898) is var s
                    ? s * 43758.5453 - Math.Floor(s * 43758.5453) : 0;
                double age = 20 + 50 * Noise(0), income = Math.Exp(0.03 * age + 0.5 * Noise(1));
                string city = age + 20 * Noise(2) > 55 ? "Bern" : age > 35 ? "Oslo, old" : "Rome";
                string shown = i % 10 == 3 ? "" : income.ToString("F2", CultureInfo.InvariantCulture);
                text.Append(CultureInfo.InvariantCulture,
                    $"p{i:D4},{age:F1},{shown},\"{city}\",{(int)(age / 2 * Noise(3))},{(age > 45 ? 1 : 0)},CH,0\n");
            }

            return text.ToString();
        }
    }

    [Fact]
    public void Describe_names_the_kind_of_each_column()
    {
        JsonElement told = CommandLine.Run(Folder, "data", "describe", "people.csv", "--json").Exits(0).Json;
        Assert.Equal(["identifier", "real", "real", "category", "count", "boolean", "constant", "constant"],
            told.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("kind").GetString()));
        CommandLine.Run(Folder, "data", "describe", "people.csv").Exits(0);
        CommandLine.Run(Folder, "data", "describe", "none.csv").Exits(2).Says("There is no file 'none.csv'");
    }

    [Fact]
    public void Trained_run_evaluates_resumes_and_encodes()
    {
        Assert.True(File.Exists(shared.Folder.File("run/table.json")));
        CommandLine.Run(Folder, "evaluate", "run", "--samples", "5").Exits(0).Says();
        CommandLine.Run(Folder, "diagnose", "run").Exits(0);
        CommandLine.Run(Folder, "encode", "run", "--data", "people.csv", "--out", "codes.csv").Exits(0);
        string[] codes = File.ReadAllLines(shared.Folder.File("codes.csv"));
        Assert.StartsWith("row,id,z0,z1,", codes[0], StringComparison.Ordinal);
        Assert.Equal(601, codes.Length);
        CommandLine.Run(Folder, [.. Train, "--out", "long", "--patience", "0", "--epochs", "4"])
            .Exits(0);
        CommandLine.Run(Folder, [.. Train, "--out", "short", "--patience", "0", "--epochs", "2"])
            .Exits(0);
        CommandLine.Run(Folder, "train", "--resume", "short", "--epochs", "4", "--quiet").Exits(0);
        Assert.Equal(
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Weights("long"))),
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Weights("short"))));

        byte[] Weights(string run) => File.ReadAllBytes(Directory.GetFiles(
            shared.Folder.File($"{run}/checkpoints"), "model.safetensors", SearchOption.AllDirectories).Max()!);
    }

    [Fact]
    public void Row_with_one_wrong_cell_is_the_strangest_and_its_column_is_named()
    {
        string[] lines = Shared.Rows(50, 1).Split('\n');
        lines[7] = "p9999,70.0,1.05,Rome,0,1,CH,1";
        lines[12] = "p9998,30.0,3.00,Atlantis,1,0,CH,1";
        File.WriteAllText(shared.Folder.File("new.csv"), string.Join('\n', lines));
        CommandLine.Outcome outcome = CommandLine.Run(
            Folder, "score", "run", "--data", "new.csv", "--out", "scores.csv", "--json", "--false-alarms", "0.1")
            .Exits(0);
        JsonElement[] strangest = [.. outcome.Json.GetProperty("strangest").EnumerateArray()];
        Assert.Equal([7, 12], strangest[..2].Select(s => s.GetProperty("row").GetInt32()).Order());
        JsonElement category = strangest.First(s => s.GetProperty("row").GetInt32() == 12);
        Assert.Equal("city", category.GetProperty("causes")[0].GetProperty("column").GetString());
        outcome.Says("city", "not known");
        string[] written = File.ReadAllLines(shared.Folder.File("scores.csv"));
        Assert.Equal(51, written.Length);
        Assert.StartsWith("row,id,score,standard_error,p_value,reconstruction,kl,alarm,cause1", written[0],
            StringComparison.Ordinal);
        Assert.StartsWith("7,p9999,", written[7], StringComparison.Ordinal);
        CommandLine.Run(Folder, "score", "run", "--false-alarms", "0.0001").Exits(2).Says("cannot be resolved");
    }

    [Fact]
    public void Scores_carry_the_identifiers_as_the_source_writes_them()
    {
        // A second identifier, called as a column of scores, stands before the first one in another file.
        string[] lines = Shared.Rows(60, 3).TrimEnd().Split('\n');
        string[] train = [.. lines.Select((line, i) => $"{line},{(i == 0 ? "score" : $"S-{i:D3}")}")];
        string[] other = [.. lines.Select((line, i) => $"{(i == 0 ? "score" : $"\"00{i}, of \"\"B\"\" \"")},{line}")];
        File.WriteAllLines(shared.Folder.File("two.csv"), train);
        File.WriteAllLines(shared.Folder.File("other.csv"), other);
        CommandLine.Run(Folder, "train", "--data", "two.csv", "--columns", "id=identifier,score=identifier", "--epochs",
            "1", "--quiet", "--out", "two").Exits(0);
        CommandLine.Run(Folder, "score", "two", "--data", "other.csv", "--limit", "5", "--samples", "2", "--out",
            "joined.csv").Exits(0);
        string[] written = File.ReadAllLines(shared.Folder.File("joined.csv"));
        Assert.StartsWith("row,score_,id,score,", written[0], StringComparison.Ordinal);
        Assert.StartsWith("3,\"003, of \"\"B\"\" \",p0002,", written[3], StringComparison.Ordinal);
        // The run's own data: the last 6 rows are held out to test.
        CommandLine.Run(Folder, "score", "two", "--samples", "2", "--out", "held.csv").Exits(0);
        Assert.All(File.ReadLines(shared.Folder.File("held.csv")).Skip(1), line =>
        {
            string[] cells = line.Split(',');
            Assert.Equal(train[int.Parse(cells[0], CultureInfo.InvariantCulture)].Split(',')[0], cells[1]);
            Assert.Equal(train[int.Parse(cells[0], CultureInfo.InvariantCulture)].Split(',')[^1], cells[2]);
        });
    }

    [Fact]
    public void Scores_of_windows_carry_the_time_and_the_identifier_of_their_first_row()
    {
        File.WriteAllLines(shared.Folder.File("clock.csv"), ["reading,time,a,b", .. Enumerable.Range(0, 160).Select(i =>
            FormattableString.Invariant(
                $"R{i},2026-01-{1 + i / 24:D2}T{i % 24:D2}:00,{i * 37 % 50}.5,{i * 11 % 40}.25"))]);
        CommandLine.Run(Folder, "train", "--data", "clock.csv", "--window", "4", "--columns", "reading=identifier",
            "--epochs", "1", "--quiet", "--out", "clock").Exits(0);
        CommandLine.Run(Folder, "score", "clock", "--data", "clock.csv", "--samples", "2", "--out", "times.csv")
            .Exits(0);
        string[] written = File.ReadAllLines(shared.Folder.File("times.csv"));
        Assert.StartsWith("row,last_row,reading,time,score,", written[0], StringComparison.Ordinal);
        Assert.StartsWith("1,4,R0,2026-01-01T00:00,", written[1], StringComparison.Ordinal);
        Assert.StartsWith("29,32,R28,2026-01-02T04:00,", written[8], StringComparison.Ordinal);
    }

    [Fact]
    public void Score_of_a_row_is_the_same_alone_in_a_batch_and_on_any_thread()
    {
        Run run = Run.Open(shared.Folder.File("run"), formats: FileFormats.All);
        Scorer scorer = Scorer.Load(run);
        Dataset data = run.Prepare(run.ReadFile(shared.Folder.File("people.csv")), "data")[..40];
        CancellationToken token = TestContext.Current.CancellationToken;
        double[] batch = [.. scorer.Score(data, cancellation: token).Select(s => s.Score)];
        double[] alone = new double[40];
        Parallel.For(0, 40, i => alone[39 - i] = scorer.Score(data[(39 - i)..(40 - i)], null, token)[0].Score);
        Assert.Equal(batch, alone);
        Assert.Equal(batch, Scorer.Load(run).Score(data, cancellation: token).Select(s => s.Score).ToArray());
        DatumScore row = scorer.Score(new Dictionary<string, string>
        {
            ["age"] = "30.0", ["income"] = "3.00", ["city"] = "Rome", ["visits"] = "1", ["member"] = "0",
        });
        Assert.InRange(row.PValue, 0.02, 1);
        Assert.Equal(5, row.Elements.Count);
        // A missing cell counts as an average one, so the score does not fall because less is known.
        DatumScore less = scorer.Score(new Dictionary<string, string>
        {
            ["age"] = "30.0", ["city"] = "Rome", ["visits"] = "1", ["member"] = "0",
        });
        Assert.True(double.IsNaN(less.Elements[1].Nats));
        Assert.InRange(less.Score - row.Score, -1.5, 1.5);
        Assert.Throws<ArgumentException>(() => scorer.Score(new Dictionary<string, string> { ["aeg"] = "1" }));
    }

    [Fact]
    public void Missing_cells_are_filled_and_nothing_else_changes()
    {
        CommandLine.Run(Folder, "impute", "run", "--data", "people.csv", "--out", "filled.csv").Exits(0).Says();
        string[] before = File.ReadAllLines(shared.Folder.File("people.csv")),
            after = File.ReadAllLines(shared.Folder.File("filled.csv"));
        Assert.Equal(before.Length, after.Length);
        Assert.Equal(before[0], after[0]);
        double error = 0, spread = 0;
        for (int i = 1; i < before.Length; i++)
        {
            string[] one = before[i].Replace("Oslo, old", "Oslo", StringComparison.Ordinal).Split(','),
                two = after[i].Replace("Oslo, old", "Oslo", StringComparison.Ordinal).Split(',');
            for (int c = 0; c < one.Length; c++)
            {
                if (one[c].Length > 0) Assert.Equal(one[c].Trim('"'), two[c].Trim('"'));
            }

            if (one[2].Length > 0) continue;
            // The income is exp(0.03 age) times a factor of 1 to 1.65, whose mean in the logarithm is 0.25.
            double log = Math.Log(double.Parse(two[2], CultureInfo.InvariantCulture)),
                expected = 0.03 * double.Parse(two[1], CultureInfo.InvariantCulture) + 0.25;
            error += (log - expected) * (log - expected) / 60;
            spread += (expected - 1.6) * (expected - 1.6) / 60;
        }

        // The model knows the age of the row; the mean of the column alone has the spread as its error.
        Assert.True(error < 0.5 * spread, $"{error} of {spread}");
        CommandLine.Run(Folder, "impute", "run", "--data", "people.csv", "--out", "draws.csv", "--draws", "3").Exits(0);
        Assert.Equal(3 * 600 + 1, File.ReadLines(shared.Folder.File("draws.csv")).Count());
    }

    [Fact]
    public void Synthetic_rows_are_valid_and_meet_conditions()
    {
        CommandLine.Run(Folder, "sample", "run", "-n", "300", "--out", "rows.csv", "--given", "city=Rome,age=20..40")
            .Exits(0);
        string[] rows = File.ReadAllLines(shared.Folder.File("rows.csv"));
        Assert.Equal("age,income,city,visits,member,country", rows[0]);
        Assert.Equal(301, rows.Length);
        foreach (string row in rows[1..])
        {
            string[] cells = row.Split(',');
            Assert.InRange(double.Parse(cells[0], CultureInfo.InvariantCulture), 20, 40);
            Assert.Equal(1, cells[0].Length - cells[0].IndexOf('.', StringComparison.Ordinal) - 1);
            Assert.Equal(("Rome", "CH"), (cells[2], cells[5]));
            Assert.Contains(cells[4], (string[])["0", "1"]);
            Assert.InRange(int.Parse(cells[3], CultureInfo.InvariantCulture), 0, 40);
        }

        string first = File.ReadAllText(shared.Folder.File("rows.csv"));
        CommandLine.Run(Folder, "sample", "run", "-n", "300", "--out", "rows.csv", "--given", "city=Rome,age=20..40")
            .Exits(0);
        Assert.Equal(first, File.ReadAllText(shared.Folder.File("rows.csv")));
        CommandLine.Run(Folder, "sample", "run", "--given", "town=Rome").Exits(2).Says("not a column of the model");
        CommandLine.Run(Folder, "sample", "run", "--given", "city=Roma").Exits(2).Says("Did you mean 'Rome'");
        CommandLine.Run(Folder, "sample", "run", "--given", "age=40..20").Exits(2).Says("LOW..HIGH");
    }

    [Fact]
    public void Synthetic_and_filled_rows_are_marked_and_measured_numbers_are_in_the_card()
    {
        CommandLine.Run(Folder, "sample", "run", "-n", "5", "--seed", "9", "--out", "marked.csv").Exits(0);
        CommandLine.Run(Folder, "impute", "run", "--data", "people.csv", "--out", "completed.csv").Exits(0);
        foreach ((string file, string command, int seed) in (
            (string, string, int)[])[("marked.csv", "reparam sample", 9), ("completed.csv", "reparam impute", 0)])
        {
            JsonElement told = CommandLine.Run(Folder, "inspect", file, "--json").Exits(0).Json;
            Assert.True(told.GetProperty("generated").GetBoolean());
            Assert.Equal((command, seed, "people.csv"), (told.GetProperty("command").GetString(),
                told.GetProperty("seed").GetInt32(), told.GetProperty("data").GetString()));
        }

        CommandLine.Run(Folder, "inspect", "people.csv").Exits(0).Says();
        Assert.Contains("carries no mark", CommandLine.Run(Folder, "inspect", "people.csv").Output,
            StringComparison.Ordinal);
        File.WriteAllText(shared.Folder.File("taken.csv.json"), "[]");
        CommandLine.Run(Folder, "sample", "run", "--out", "taken.csv").Exits(2).Says("another file has that name");
        string card = File.ReadAllText(shared.Folder.File("run/README.md"));
        Assert.Matches(@"\n\| income \| real \| gaussian-columns \| (9|10)\.\d % \|\n", card);
        Assert.Contains("\n| strange | ignored | none: left out by the user | 0.0 % |\n", card,
            StringComparison.Ordinal);
        Assert.Contains("- held-out scores of step ", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_choose_the_rows_to_train_on_and_rank_the_scores()
    {
        string[] lines = Shared.Rows(300, 2).TrimEnd().Split('\n');
        for (int i = 1; i < lines.Length; i += 10) lines[i] = $"q{i},65.0,1.10,Rome,9,0,CH,1";
        File.WriteAllText(shared.Folder.File("labelled.csv"), string.Join('\n', lines) + "\n");
        CommandLine.Run(Folder, "train", "--data", "labelled.csv", "--label", "strange", "--train-on", "0", "--epochs",
            "40", "--quiet", "--out", "ordinary").Exits(0);
        JsonElement told = CommandLine.Run(
            Folder, "score", "ordinary", "--data", "labelled.csv", "--json").Exits(0).Json;
        Assert.InRange(told.GetProperty("score_roc_auc").GetDouble(), 0.95, 1);
        CommandLine.Run(Folder, "train", "--data", "labelled.csv", "--label", "strange", "--train-on", "yes").Exits(2)
            .Says("data.train_on", "is not a label of column 'strange'");
    }
}
