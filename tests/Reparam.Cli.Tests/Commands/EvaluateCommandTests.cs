using System.Text.Json;
using System.Text.Json.Nodes;
using Reparam.Cli.Runs;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Runs;

namespace Reparam.Cli.Tests.Commands;

/// <summary>What an evaluation does by default, what it keeps, and what an interruption leaves.</summary>
public sealed class EvaluateCommandTests(SharedRun shared) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Default_is_100_draws_and_says_how_to_ask_for_more()
    {
        string run = shared.CopyTo(_folder.File("run"));
        var text = CommandLine.Run(_folder.Path, "evaluate", run).Exits(0).Says(
            "100 draws for each of as many data as 20 seconds allow", "--samples 5000", "--nll-limit N");
        string[] lines = CommandLine.Outcome.Joined(text.Output).Split('\n');
        int elbo = Array.FindIndex(lines, l => l.StartsWith("ELBO ", StringComparison.Ordinal)),
            nll = Array.FindIndex(lines, l => l.StartsWith("NLL ", StringComparison.Ordinal));
        Assert.True(elbo >= 0 && nll > elbo, text.Output);
        Assert.Contains("100 samples", lines[nll], StringComparison.Ordinal);
        Assert.Contains("--samples 5000", lines[nll], StringComparison.Ordinal);
        JsonElement kept = Kept(run);
        Assert.Equal(100, kept.GetProperty("nll").GetProperty("samples").GetInt32());
        Assert.Equal(2000, kept.GetProperty("nll_asked").GetInt32());
        int count = kept.GetProperty("nll").GetProperty("count").GetInt32();
        Assert.Equal(count < 2000 ? "time" : "data", kept.GetProperty("nll_ended_by").GetString());
        Assert.Contains(FormattableString.Invariant($"{count:N0}"), lines[nll], StringComparison.Ordinal);
        Assert.False(kept.GetProperty("partial").GetBoolean());
    }

    [Fact]
    public void Kept_numbers_are_the_printed_ones_and_repeat()
    {
        string run = shared.CopyTo(_folder.File("run"));
        string[] asked = ["evaluate", run, "--samples", "7", "--nll-limit", "33", "--limit", "90", "--json", "--quiet"];
        string first = CommandLine.Run(_folder.Path, asked).Exits(0).Output.Trim();
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(first), JsonNode.Parse(File.ReadAllText(Path.Combine(run, "evaluation.partial.json")))));
        Assert.Equal(first, CommandLine.Run(_folder.Path, [.. asked, "--threads", "1"]).Exits(0).Output.Trim());
        JsonElement kept = Kept(run, "evaluation.partial.json");
        Assert.Equal((33, 90), (Count(kept, "nll"), Count(kept, "elbo")));
    }

    [Fact]
    public void Time_that_is_over_ends_after_one_batch_with_the_same_numbers()
    {
        // 500 latents go together: 10 data with 50 draws or more.
        (LatentVariableModel model, Dataset data) = Opened();
        NllEstimation timed = NllEstimation.Run(
            model, data, 60, new Rng(5), TimeSpan.Zero, _ => { }, CancellationToken.None);
        Assert.Equal(NllEnd.Time, timed.End);
        Assert.Equal(ImportanceWeightedBound.Evaluate(model, data[..10], 60, new Rng(5),
            cancellation: TestContext.Current.CancellationToken).Negated(), timed.Value);
        NllEstimation whole = NllEstimation.Run(
            model, data[..10], 60, new Rng(5), TimeSpan.Zero, _ => { }, CancellationToken.None);
        Assert.Equal((NllEnd.AllData, timed.Value), (whole.End, whole.Value));
    }

    [Fact]
    public void Interruption_keeps_the_data_that_are_done()
    {
        (LatentVariableModel model, Dataset data) = Opened();
        using var stop = new CancellationTokenSource();
        NllEstimation some = NllEstimation.Run(
            model, data, 60, new Rng(5), null, done => { if (done == 20) stop.Cancel(); }, stop.Token);
        Assert.Equal(NllEnd.Interruption, some.End);
        Assert.Equal(ImportanceWeightedBound.Evaluate(model, data[..20], 60, new Rng(5),
            cancellation: TestContext.Current.CancellationToken).Negated(), some.Value);
        Assert.Equal(new NllEstimation(null, NllEnd.Interruption),
            NllEstimation.Run(model, data, 60, new Rng(5), null, _ => { }, stop.Token));
    }

    [Fact]
    public void Only_numbers_of_as_many_draws_replace_whole_ones()
    {
        Assert.Equal("evaluation.partial.json", EvaluationFile.Write(_folder.Path, Numbers(1), true));
        Assert.Equal("evaluation.json", EvaluationFile.Write(_folder.Path, Numbers(2, samples: 10), false));
        Assert.Equal(["evaluation.json"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
        Assert.Equal("evaluation.partial.json", EvaluationFile.Write(_folder.Path, Numbers(3, samples: 99), true));
        Assert.Equal("evaluation.partial.json", EvaluationFile.Write(_folder.Path, Numbers(4), false));
        Assert.Equal("evaluation.partial.json", EvaluationFile.Write(_folder.Path, Numbers(5, samples: 9), false));
        Assert.Equal((2d, 5d), (At("evaluation.json"), At("evaluation.partial.json")));
        Assert.Equal("evaluation.json", EvaluationFile.Write(_folder.Path, Numbers(6, samples: 10), false));
        // Those of a later checkpoint are the run's, however few.
        Assert.Equal("evaluation.json", EvaluationFile.Write(_folder.Path, Numbers(7, step: 2), false));
        Assert.Equal(["evaluation.json"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
        File.WriteAllText(_folder.File("evaluation.json"), "{ damaged");
        Assert.Equal("evaluation.json", EvaluationFile.Write(_folder.Path, Numbers(8), false));

        double At(string name) =>
            JsonDocument.Parse(File.ReadAllText(_folder.File(name))).RootElement.GetProperty("elbo").GetDouble();

        static JsonObject Numbers(double elbo, int samples = 0, int step = 1)
        {
            var values = new JsonObject { ["elbo"] = elbo, ["checkpoint_step"] = step };
            if (samples > 0) values["nll"] = new JsonObject { ["count"] = 5, ["samples"] = samples };
            return values;
        }
    }

    [Theory]
    [InlineData("--limit", "20")]
    [InlineData("--split", "train")]
    [InlineData("--data", "digits")]
    public void Evaluation_of_other_data_than_the_test_part_replaces_nothing(string option, string value)
    {
        string run = shared.CopyTo(_folder.File("run"));
        CommandLine.Run(_folder.Path, "evaluate", run, "--samples", "0").Exits(0);
        string whole = Path.Combine(run, "evaluation.json"), before = File.ReadAllText(whole);
        Assert.Contains("\"partial\": false", before, StringComparison.Ordinal);
        CommandLine.Run(_folder.Path, "evaluate", run, "--samples", "0", option, value).Exits(0).Says(
            "kept in run/evaluation.partial.json; evaluation.json is for all test data");
        Assert.Equal(before, File.ReadAllText(whole));
        Assert.Contains("\"partial\": true", File.ReadAllText(Path.Combine(run, "evaluation.partial.json")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Run_that_cannot_be_written_to_is_evaluated_with_a_warning()
    {
        string run = shared.CopyTo(_folder.File("run"));
        Directory.CreateDirectory(Path.Combine(run, "evaluation.json"));
        var outcome = CommandLine.Run(_folder.Path, "evaluate", run, "--samples", "2", "--nll-limit", "10", "--json")
            .Exits(0).Says("warning", "not kept in the run");
        Assert.True(outcome.Json.TryGetProperty("nll", out _));
    }

    [Fact]
    public async Task Interrupt_prints_and_keeps_what_is_done()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent with kill.");
        string run = shared.CopyTo(_folder.File("run"));
        const string Whole = "{\"partial\": false}";
        foreach (bool older in (bool[])[false, true])
        {
            if (older) File.WriteAllText(Path.Combine(run, "evaluation.json"), Whole);
            using var process = CommandLine.Start(_folder.Path, new Dictionary<string, string>(), "evaluate", run,
                "--samples", "30000", "--threads", "1", "--json");
            CancellationToken cancellation = TestContext.Current.CancellationToken;
            // The first line of progress comes after some data are done.
            string? line;
            do line = await process.StandardError.ReadLineAsync(cancellation);
            while (line is not null && !line.StartsWith("NLL with 30,000", StringComparison.Ordinal));
            Assert.NotNull(line);
            CommandLine.Interrupt(process);
            Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
            string output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            Assert.Equal(130, process.ExitCode);
            JsonElement printed = JsonDocument.Parse(output).RootElement;
            Assert.True(printed.GetProperty("partial").GetBoolean());
            Assert.Equal("interruption", printed.GetProperty("nll_ended_by").GetString());
            Assert.InRange(Count(printed, "nll"), 10, 1990);
            Assert.True(printed.GetProperty("nll").GetProperty("se").GetDouble() > 0);
            Assert.Equal(2000, Count(printed, "elbo"));
            const string file = "evaluation.partial.json";
            Assert.True(
                JsonNode.DeepEquals(JsonNode.Parse(output), JsonNode.Parse(File.ReadAllText(Path.Combine(run, file)))));
            Assert.Contains($"kept in run/{file}", await error, StringComparison.Ordinal);
            Assert.Equal(older, File.Exists(Path.Combine(run, "evaluation.json")));
            if (older) Assert.Equal(Whole, File.ReadAllText(Path.Combine(run, "evaluation.json")));
        }
    }

    private static int Count(JsonElement values, string key) => values.GetProperty(key).GetProperty("count").GetInt32();

    private static JsonElement Kept(string run, string name = "evaluation.json") =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(run, name))).RootElement;

    private (LatentVariableModel Model, Dataset Data) Opened() =>
        (Run.Open(shared.Run).LoadModel(), DatasetCatalog.Load("digits").Test[..50]);
}
