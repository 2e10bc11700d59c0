using System.Text.Json;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

public sealed class EstimatorsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pathwise_scatters_far_less_than_the_score_function_and_both_are_drawn()
    {
        JsonElement json = CommandLine.Run(_folder.Path, "estimators", "quadratic", "--dimensions", "1,20",
            "--replicates", "300", "--plot", "plots", "--quiet", "--json").Exits(0).Json;
        JsonElement[] studies =
            [.. json.GetProperty("studies").EnumerateArray().Where(s => s.GetProperty("dimensions").GetInt32() == 20)];
        double Variance(string name) =>
            studies.Single(s => s.GetProperty("estimator").GetString() == name).GetProperty("variance").GetDouble();
        Assert.True(Variance("score function") > 50 * Variance("pathwise"));
        Assert.StartsWith(
            "<svg", File.ReadAllText(Path.Combine(_folder.Path, "plots/quadratic.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public void Unbiased_estimators_are_near_enumeration_and_biased_ones_are_not()
    {
        JsonElement json = CommandLine.Run(_folder.Path, "estimators", "discrete-vae", "--replicates", "1000", "--only",
            "disarm,softmax", "--quiet", "--json").Exits(0).Json;
        foreach (JsonElement study in json.GetProperty("studies").EnumerateArray())
        {
            double deviation = study.GetProperty("largest_deviation").GetDouble();
            // Of 32 components one is beyond 4.5 standard errors with probability 2e-4; at temperature 1 the bias is
            // dozens of them.
            if (study.GetProperty("promised_unbiased").GetBoolean()) Assert.True(deviation < 4.5, study.ToString());
            else if (study.GetProperty("estimator").GetString()!.Contains("temperature 1", StringComparison.Ordinal))
                Assert.True(deviation > 10, study.ToString());
        }
    }

    [Fact]
    public void Table_names_problem_truth_and_estimators()
    {
        string output = CommandLine.Run(_folder.Path, "estimators", "outcomes", "--replicates", "20").Exits(0).Output;
        foreach (string word in new[] {
            "one of eight outcomes", "truth: enumeration", "REBAR", "straight-through", "bias %", "us x variance" })
            Assert.Contains(word, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_table_is_printed_before_the_next_problem_and_its_columns_are_explained_once()
    {
        // Both streams on the terminal that a person sees.
        string text = OutsideTool.Run("sh", "-c", $"dotnet {typeof(Program).Assembly.Location} estimators coins " +
            "outcomes --replicates 20 --only ARM,straight 2>&1").Output;
        int Index(string words) => text.IndexOf(words, StringComparison.Ordinal) is var at and >= 0 ? at
            : throw new InvalidOperationException($"{words} is not in:\n{text}");
        Assert.True(Index("us x variance: its cost") < Index("studying coins"));
        Assert.True(Index("coins: ") < Index("studying outcomes"));
        Assert.True(Index("us x variance\n") < Index("studying outcomes"));
        Assert.Equal(Index("bias: mean error"), text.LastIndexOf("bias: mean error", StringComparison.Ordinal));
        Assert.InRange(text[Index("bias: mean error")..Index("studying coins")].TrimEnd().Split('\n').Length, 1, 2);
    }

    [Fact]
    public void Mistakes_are_refused_in_a_sentence()
    {
        CommandLine.Run(_folder.Path, "estimators", "coin").Exits(2).Says("There is no problem 'coin'", "coins");
        CommandLine.Run(_folder.Path, "estimators", "--dimensions", "1,x").Exits(2).Says("--dimensions");
        CommandLine.Run(_folder.Path, "estimators", "--replicates", "1").Exits(2).Says("--replicates");
        CommandLine.Run(_folder.Path, "estimators", "coins", "--only", "nobody").Exits(2).Says(
            "leaves no estimator", "ARM");
        CommandLine.Run(_folder.Path, "train", "--posterior", "planer:4").Exits(2).Says("model.posterior", "planar");
        CommandLine.Run(_folder.Path, "train", "--posterior", "iaf:0").Exits(2).Says("between 1 and 64");
        CommandLine.Run(_folder.Path, "train", "--posterior", "coupling", "--latent", "1").Exits(2).Says(
            "at least 2 latent variables");
    }

    [Fact]
    public void Run_with_a_flow_posterior_is_trained_resumed_evaluated_encoded_and_drawn()
    {
        string[] common = ["--limit", "400", "--validation", "100", "--latent", "4", "--hidden", "32", "--posterior",
            "iaf:2", "--quiet"];
        CommandLine.Run(_folder.Path, ["train", .. common, "--epochs", "1", "--out", "run"]).Exits(0);
        CommandLine.Run(_folder.Path, ["train", .. common, "--epochs", "2", "--out", "whole"]).Exits(0);
        CommandLine.Run(_folder.Path, "train", "--resume", "run", "--epochs", "2", "--quiet").Exits(0);
        string Hash(string run) => CommandLine.Run(_folder.Path, "inspect", run, "--json").Exits(0).Output;
        Assert.Contains("encoder.flow.1.0.weight", Hash("run"), StringComparison.Ordinal);
        JsonElement bound = CommandLine.Run(_folder.Path, "evaluate", "run", "--samples", "5", "--quiet", "--json")
            .Exits(0).Json.GetProperty("elbo");
        Assert.Equal(bound.GetProperty("mean").GetDouble(), CommandLine.Run(_folder.Path, "evaluate", "whole",
            "--samples", "5", "--quiet", "--json").Exits(0).Json.GetProperty("elbo").GetProperty("mean").GetDouble());
        foreach (string command in new[] { "encode", "sample", "reconstruct", "traverse", "manifold" })
            CommandLine.Run(_folder.Path, command, "run", "--quiet").Exits(0);
    }

    [Fact]
    public void Run_with_uncertain_weights_is_trained_resumed_evaluated_and_drawn()
    {
        string[] common = ["--limit", "400", "--validation", "100", "--latent", "4", "--hidden", "32", "--weights",
            "bayesian", "--quiet"];
        CommandLine.Run(_folder.Path, ["train", .. common, "--epochs", "1", "--out", "run"]).Exits(0);
        CommandLine.Run(_folder.Path, ["train", .. common, "--epochs", "2", "--out", "whole"]).Exits(0);
        CommandLine.Run(_folder.Path, "train", "--resume", "run", "--epochs", "2", "--quiet").Exits(0);
        Assert.Contains("decoder.network.0.weight_raw_scale",
            CommandLine.Run(_folder.Path, "inspect", "run", "--json").Exits(0).Output, StringComparison.Ordinal);
        double Bound(string run) => CommandLine.Run(_folder.Path, "evaluate", run, "--samples", "5", "--quiet",
            "--json").Exits(0).Json.GetProperty("elbo").GetProperty("mean").GetDouble();
        Assert.Equal(Bound("whole"), Bound("run"));
        Dictionary<string, double> last = File.ReadLines(_folder.File("whole/metrics.jsonl")).Select(
            line => JsonDocument.Parse(line).RootElement).Where(l => l.GetProperty("epoch").GetInt32() == 2)
            .ToDictionary(l => l.GetProperty("split").GetString() + "/" + l.GetProperty("name").GetString(),
                l => l.GetProperty("value").GetDouble());
        // Sums over all weights and pixels in Float32, some hundreds of nats: seven digits of them.
        Assert.Equal(last["validation/reconstruction"] - last["validation/kl"] - last["validation/elbo"],
            last["train/weights_kl"], 1e-3);
        foreach (string command in new[] { "sample", "reconstruct" })
            CommandLine.Run(_folder.Path, command, "run", "--quiet").Exits(0);
        CommandLine.Run(_folder.Path, ["train", .. common, "--network", "conv"]).Exits(2).Says(
            "model.network.weights", "mlp");
        CommandLine.Run(_folder.Path, ["train", .. common, "--objective", "iwae"]).Exits(2).Says(
            "cannot include the KL of uncertain weights", "ELBO");
    }

    [Fact]
    public void Numbers_are_written_as_csv_and_a_folder_is_refused_before_any_work()
    {
        string[] small = ["estimators", "quadratic", "coins", "--dimensions", "1,2", "--replicates", "10", "--quiet"];
        CommandLine.Run(_folder.Path, [.. small, "--csv", "."]).Exits(2).Says("--csv '.' is a folder");
        CommandLine.Run(_folder.Path, [.. small, "--csv", "none/e.csv"]).Exits(2).Says("which is not a folder");
        CommandLine.Run(_folder.Path, [.. small, "--csv", "e.csv"]).Exits(0);
        string[] lines = File.ReadAllLines(_folder.File("e.csv"));
        Assert.StartsWith("problem,estimator,", lines[0], StringComparison.Ordinal);
        // 4 estimators of the quadratic problem in 2 dimensions each, and 11 of the coins.
        Assert.Equal(1 + 8 + 11, lines.Length);
    }
}
