using System.Text.Json;
using System.Text.Json.Nodes;
using Reparam.Data;
using Reparam.Testing;
using Reparam.Runs;

namespace Reparam.Cli.Tests.Commands;

/// <summary>A table of unlike units: what a run makes of it, and what every command gives back.</summary>
public sealed class StandardizedRunTests : IDisposable
{
    private const int Rows = 60;

    // Columns of about 1000 +- 100, of about 0.002, and one that never changes.
    private static readonly float[] Values = [.. Enumerable.Range(0, Rows).SelectMany(
        i => (float[])[1000 + 10 * (i * 37 % 21 - 10), 0.0001f * (i * 53 % 41), 7])];

    private readonly TemporaryFolder _folder = new();

    public StandardizedRunTests() =>
        NpyFile.Write(_folder.File("table.npy"), NumericArray.FromFloat32([Rows, 3], Values));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Trains_as_on_data_that_were_standardised_by_hand_from_the_training_rows()
    {
        string[] same = ["--epochs", "3", "--hidden", "8", "--latent", "2", "--json"];
        CommandLine.Outcome trained = CommandLine.Run(
            _folder.Path, ["train", "--data", "table.npy", "--out", "run", .. same]).Exits(0)
            .Says("likelihood gaussian-learned, because the data are real numbers from 0 to 1100",
                "standardised, each column", "1 columns are constant");
        RunSettings config = Run.Open(_folder.File("run")).Config;
        Dataset train = RunData.Load(config).Train;
        double[] mean = [.. Enumerable.Range(0, 3).Select(
            j => Enumerable.Range(0, train.Count).Average(i => (double)train.Values(i, 1)[j]))];
        double[] scale = [.. Enumerable.Range(0, 3).Select(j => Math.Sqrt(
            Enumerable.Range(0, train.Count).Average(i => Math.Pow(train.Values(i, 1)[j] - mean[j], 2))))];
        scale[2] = 1;
        JsonElement kept = JsonDocument.Parse(File.ReadAllText(_folder.File("run/standardization.json"))).RootElement;
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(mean[j], kept.GetProperty("mean")[j].GetDouble(), 1e-9);
            Assert.Equal(scale[j], kept.GetProperty("scale")[j].GetDouble(), 1e-9);
        }

        var byHand = Standardization.Load(_folder.File("run/standardization.json"));
        float[] standardised = [.. Values.Select((x, i) => (float)((x - byHand.Mean[i % 3]) / byHand.Scale[i % 3]))];
        NpyFile.Write(_folder.File("z.npy"), NumericArray.FromFloat32([Rows, 3], standardised));
        JsonElement hand = CommandLine.Run(_folder.Path,
            ["train", "--data", "z.npy", "--standardize", "none", "--out", "hand", .. same]).Exits(0).Json;
        Assert.Equal(
            hand.GetProperty("weights_sha256").GetString(), trained.Json.GetProperty("weights_sha256").GetString());

        // The same bound, in nats of the standardised data, on the file whether it is the one or the other.
        JsonElement raw = CommandLine.Run(_folder.Path,
            "evaluate", "run", "--data", "table.npy", "--samples", "0", "--json").Exits(0).Json, z = CommandLine.Run(
            _folder.Path, "evaluate", "hand", "--data", "z.npy", "--samples", "0", "--json").Exits(0).Json;
        Assert.Equal(z.GetProperty("elbo").GetProperty("mean").GetDouble(),
            raw.GetProperty("elbo").GetProperty("mean").GetDouble());
        Assert.Equal(scale.Sum(Math.Log), raw.GetProperty("log_scale").GetDouble(), 1e-9);

        // Numbers come out in the units of the table: those of the other run turned back.
        foreach (string[] command in (string[][])[["sample", "-n", "4"], ["sample", "-n", "4", "--draw"],
            ["traverse", "--steps", "3"], ["interpolate", "--from", "0", "--to", "1", "--steps", "3"], [
            "neighbours", "--index", "0", "-n", "2"], ["manifold"], ["arithmetic", "--a", "0", "--b", "1", "--c", "2"]])
        {
            NumericArray ours = Output("run", command), theirs = Output("hand", command);
            for (int i = 0; i < ours.Shape.Size; i++)
                Assert.Equal(theirs[i] * scale[i % 3] + mean[i % 3], ours[i], 1e-3 * scale[i % 3]);
        }

        CommandLine.Run(
            _folder.Path, "reconstruct", "run", "--data", "table.npy", "-n", "5", "--out", "r.npy").Exits(0);
        NumericArray pairs = NpyFile.Read(_folder.File("r.npy"));
        for (int i = 0; i < 15; i++) Assert.Equal(Values[i], pairs[i / 3 * 6 + i % 3], 1e-3 * scale[i % 3]);
        CommandLine.Run(_folder.Path, "encode", "run", "--data", "table.npy", "--out", "codes.npy").Exits(0);
        CommandLine.Run(_folder.Path, "encode", "hand", "--data", "z.npy", "--out", "z-codes.npy").Exits(0);
        Assert.Equal(
            NpyFile.Read(_folder.File("z-codes.npy")).ToFloat32(), NpyFile.Read(_folder.File("codes.npy")).ToFloat32());
        CommandLine.Run(_folder.Path, "decode", "run", "--latents", "codes.npy", "--out", "d.npy").Exits(0);
        NumericArray decoded = NpyFile.Read(_folder.File("d.npy"));
        for (int i = 0; i < 15; i++) Assert.Equal(pairs[i / 3 * 6 + 3 + i % 3], decoded[i], 1e-3 * scale[i % 3]);
        CommandLine.Run(_folder.Path, "diagnose", "run").Exits(0);

        NumericArray Output(string run, string[] command)
        {
            CommandLine.Run(_folder.Path, [command[0], run, .. command[1..], "--out", $"{run}-out.npy"]).Exits(0);
            return NpyFile.Read(_folder.File($"{run}-out.npy"));
        }
    }

    [Fact]
    public void Resumes_to_the_bits_it_would_have_had_and_misses_its_file()
    {
        string[] same = ["train", "--data", "table.npy", "--hidden", "8", "--latent", "2", "--json"];
        string whole = CommandLine.Run(_folder.Path, [.. same, "--epochs", "2", "--out", "whole"]).Exits(
            0).Json.GetProperty("weights_sha256").GetString()!;
        CommandLine.Run(_folder.Path, [.. same, "--epochs", "1", "--out", "cut"]).Exits(0);
        Assert.Equal(whole, CommandLine.Run(_folder.Path, "train", "--resume", "cut", "--epochs", "2", "--json").Exits(
            0).Json.GetProperty("weights_sha256").GetString());
        CommandLine.Run(_folder.Path, "train", "--resume", "cut", "--standardize", "none", "--epochs", "3").Exits(
            2).Says("keeps data.standardize (--standardize) \"columns\", not \"none\"");
        File.Delete(_folder.File("cut/standardization.json"));
        CommandLine.Run(_folder.Path, "sample", "cut").Exits(3).Says("standardization.json", "missing");
    }

    [Fact]
    public void Run_of_an_earlier_version_goes_on_as_it_was()
    {
        NpyFile.Write(_folder.File("near.npy"), NumericArray.FromFloat32([Rows, 3], [.. Values.Select(v => v / 1000)]));
        CommandLine.Run(_folder.Path, "train", "--data", "near.npy", "--standardize", "none", "--likelihood",
            "gaussian:0.1", "--epochs", "1", "--hidden", "8", "--latent", "2", "--out", "old").Exits(0);
        double now = Elbo();
        string path = _folder.File("old/config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        File.WriteAllText(path, new JsonObject
        {
            ["schema"] = 1,
            ["data"] = new JsonObject { ["name"] = config["data"]!["name"]!.DeepClone() },
            ["model"] = new JsonObject
            {
                ["event_shape"] = new JsonArray(3), ["latent"] = 2, ["hidden"] = new JsonArray(8),
                ["likelihood"] = "gaussian:0.1",
            },
            ["training"] = config["training"]!.DeepClone(),
        }.ToJsonString());
        Assert.Equal(now, Elbo());
        CommandLine.Run(_folder.Path, "train", "--resume", "old", "--epochs", "2").Exits(0);

        double Elbo() => CommandLine.Run(_folder.Path, "evaluate", "old", "--samples", "0", "--json").Exits(
            0).Json.GetProperty("elbo").GetProperty("mean").GetDouble();
    }

    [Fact]
    public void Divergence_of_data_as_they_are_names_their_range_and_the_mend()
    {
        CommandLine.Run(_folder.Path, "train", "--data", "table.npy", "--standardize", "none", "--likelihood",
            "gaussian:0.001", "--lr", "1", "--epochs", "5", "--validation", "0", "--out", "far").Exits(4)
            .Says("The data range from 0 to 1100", "--standardize auto", "Standardization.Fit(train)");
        Assert.Contains("--standardize columns", CommandLine.Run(_folder.Path, "diagnose", "far").Exits(0).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Training_that_came_to_nothing_says_so()
    {
        CommandLine.Outcome outcome = CommandLine.Run(_folder.Path, "train", "--data", "table.npy", "--epochs", "1",
            "--beta", "1000", "--lr", "0.01", "--hidden", "8", "--latent", "2", "--out", "flat").Exits(0);
        Assert.Contains(
            "the latents tell almost nothing about the data: KL 0.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("reparam diagnose", outcome.Output, StringComparison.Ordinal);
    }
}
