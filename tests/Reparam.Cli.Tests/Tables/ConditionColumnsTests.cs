using System.Globalization;
using Parquet;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Tables;

/// <summary>Commands on a model that is conditioned on columns of its table.</summary>
public sealed class ConditionColumnsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Commands_take_conditions_from_the_data_or_from_given()
    {
        // load is twice the speed; site is 0 for slow and 1 for fast machines.
        string[] machines = [.. Enumerable.Range(0, 300).Select(i => FormattableString.Invariant(
            $"m{i:D3},{i % 40}.5,{2 * (i % 40)}.{i % 7},{(i % 40 < 20 ? "slow" : "fast")},2026-01-{1 + i % 28:D2}"))];
        File.WriteAllLines(_folder.File("x.csv"), ["id,speed,load,site,day", .. machines]);
        Run("train", "--data", "x.csv", "--condition", "speed,site", "--epochs", "3", "--hidden", "8", "--latent", "2",
            "--out", "run", "--quiet").Exits(0);
        string card = File.ReadAllText(_folder.File("run/README.md"));
        Assert.Contains("2 are the condition y of p(x|y)", card, StringComparison.Ordinal);
        Assert.Contains("| speed | real | none: a condition |", card, StringComparison.Ordinal);
        Assert.Contains(@"lower bound on log p(x\|y)", card, StringComparison.Ordinal);
        Run("evaluate", "run", "--samples", "10", "--nll-limit", "10").Exits(0);

        Run("sample", "run", "-n", "20", "--given", "site=fast,load=0..200", "--out", "s.csv").Exits(0);
        Assert.Equal("speed,load,site,day", Cells("s.csv")[0]);
        Assert.All(Rows("s.csv"), row => Assert.Equal("fast", row[2]));
        Assert.All(Rows("s.csv"), row => Assert.InRange(
            double.Parse(row[0], CultureInfo.InvariantCulture), 20.5, 39.5));
        Run("sample", "run", "--class", "1").Exits(2).Says("--class", "Use --given");
        Run("sample", "run", "--given", "site=quick").Exits(2).Says("'quick' is not a value of column 'site'");

        foreach (string command in (string[])["traverse", "interpolate", "manifold"])
        {
            string[] more = command == "interpolate" ? ["--from", "0", "--to", "1"] : [];
            Run([command, "run", "--out", "w.csv", .. more]).Exits(2).Says("Give a value for speed, site");
            Run([command, "run", "--out", "w.csv", "--given", "site=slow", .. more]).Exits(2).Says("for speed");
            Run([command, "run", "--out", "w.csv", "--given", "site=slow,speed=7.5", .. more]).Exits(0);
            Assert.All(Rows("w.csv"), row => Assert.Equal("7.5,slow", $"{row[^4]},{row[^2]}"));
        }

        Run("encode", "run", "--data", "x.csv", "--out", "z.csv").Exits(0);
        Run("decode", "run", "--latents", "z.csv", "--given", "site=slow,speed=1..2").Exits(2).Says("not a range");
        Run("decode", "run", "--latents", "z.csv", "--given", "site=slow,load=3").Exits(2).Says(
            "'load' is no condition");
        Run("decode", "run", "--latents", "z.csv", "--given", "site=slow,speed=7.5", "--out", "d.csv").Exits(0);
        Assert.Equal(300, Rows("d.csv").Length);
        // A reconstruction has the conditions of its row.
        Run("reconstruct", "run", "--data", "x.csv", "-n", "30", "--out", "r.csv").Exits(0);
        string[][] pairs = Rows("r.csv");
        for (int i = 0; i < 60; i += 2)
            Assert.Equal((pairs[i][^4], pairs[i][^2]), (pairs[i + 1][^4], pairs[i + 1][^2]));

        File.WriteAllText(_folder.File("gap.csv"), "speed,load,site,day\n3.5,,slow,2026-01-03\n,5.0,slow,2026-01-03\n");
        Assert.Contains("1 missing cells", Run("impute", "run", "--data", "gap.csv", "--out", "full.csv").Exits(0)
            .Output, StringComparison.Ordinal);
        Assert.NotEqual("", Rows("full.csv")[0][1]);
        Assert.Equal(["", "5.0"], Rows("full.csv")[1][..2]); // a condition is not filled
        Run("score", "run", "--data", "gap.csv", "--out", "sc.csv").Exits(0);
        File.WriteAllText(_folder.File("less.csv"), "load,site,day\n3.5,slow,2026-01-03\n");
        Run("score", "run", "--data", "less.csv").Exits(3).Says("no column 'speed'");
    }

    [Fact]
    public async Task Conditions_have_their_types_in_Parquet()
    {
        File.WriteAllLines(_folder.File("x.csv"), ["load,speed,n,day", .. Enumerable.Range(0, 200).Select(
            i => FormattableString.Invariant($"{i % 31}.5,{i % 40}.25,{i % 37},2026-01-{1 + i % 28:D2}"))]);
        Run("train", "--data", "x.csv", "--condition", "speed,n,day", "--columns", "n=count", "--epochs", "1",
            "--out", "run", "--quiet").Exits(0);
        Run("sample", "run", "-n", "5", "--out", "s.parquet").Exits(0);
        await using FileStream file = File.OpenRead(_folder.File("s.parquet"));
        await using ParquetReader reader = await ParquetReader.CreateAsync(
            file, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([typeof(double), typeof(double), typeof(long), typeof(DateTime)],
            reader.Schema.GetDataFields().Select(field => field.ClrType));
    }

    [Fact]
    public void Condition_that_is_no_column_is_refused_before_training()
    {
        File.WriteAllText(_folder.File("x.csv"), "a,b\n" + string.Concat(Enumerable.Range(0, 40).Select(
            i => $"{i % 13}.5,{i % 7}.5\n")));
        Run("train", "--data", "x.csv", "--condition", "bb").Exits(3).Says("it has no column 'bb'", "'b'");
        Run("train", "--data", "digits", "--condition", "b").Exits(2).Says("is no table");
        Run("train", "--data", "x.csv", "--condition", "b", "--model", "hierarchical").Exits(2).Says("--condition");
        Run("train", "--data", "x.csv", "--epochs", "1", "--out", "plain", "--quiet").Exits(0);
        Run("traverse", "plain", "--given", "b=1").Exits(2).Says("trained without --condition");
    }

    private string[] Cells(string file) => File.ReadAllLines(_folder.File(file));

    private string[][] Rows(string file) => [.. Cells(file)[1..].Select(line => line.Split(','))];

    private CommandLine.Outcome Run(params string[] arguments) => CommandLine.Run(_folder.Path, arguments);
}
