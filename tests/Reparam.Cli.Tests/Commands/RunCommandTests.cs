using System.Text.Json;
using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>The commands that read a finished run, end to end.</summary>
public sealed class RunCommandTests(SharedRun shared) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Evaluate_reports_estimates_in_nats()
    {
        var outcome = Run("evaluate", "--samples", "20", "--limit", "60", "--json");
        Assert.Single(outcome.Output.TrimEnd('\n').Split('\n'));
        JsonElement json = outcome.Json;
        double elbo = json.GetProperty("elbo").GetProperty("mean").GetDouble(),
            nll = json.GetProperty("nll").GetProperty("mean").GetDouble();
        Assert.True(nll < -elbo, "The importance-weighted bound is the tighter one.");
        Assert.True(json.GetProperty("elbo").GetProperty("se").GetDouble() > 0);
        Assert.Equal(20, json.GetProperty("nll").GetProperty("samples").GetInt32());
        Assert.Equal(4, json.GetProperty("kl_per_dimension").GetArrayLength());
        Assert.InRange(json.GetProperty("active_units").GetInt32(), 0, 4);
        Assert.Equal(4, json.GetProperty("marginal_kl_per_dimension").GetArrayLength());
        Assert.InRange(json.GetProperty("mutual_information").GetDouble(), 0, Math.Log(1000));
        double parts = json.GetProperty("total_correlation").GetDouble() + json.GetProperty(
            "marginal_kl_per_dimension").EnumerateArray().Sum(k => k.GetDouble());
        Assert.Equal(json.GetProperty("marginal_kl").GetDouble(), parts, 1e-5);
        double sum = json.GetProperty("kl_per_dimension").EnumerateArray().Sum(k => k.GetDouble());
        Assert.Equal(json.GetProperty("kl").GetProperty("mean").GetDouble(), sum, 1e-4);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("bits_per_dimension").ValueKind);
        outcome.Says("grey levels are scored by a Bernoulli");
    }

    [Theory]
    [InlineData("train", 450)]
    [InlineData("validation", 50)]
    [InlineData("test", 2000)]
    public void Encode_takes_the_part_asked_for_with_its_labels(string split, int count)
    {
        string path = _folder.File("z.npy");
        JsonElement json = Run("encode", "--split", split, "--out", path, "--json").Json;
        Assert.Equal([count, 4], NpyFile.Read(path).Shape);
        Assert.Equal([count], NpyFile.Read(_folder.File("z-labels.npy")).Shape);
        Assert.Equal(path, json.GetProperty("out").GetString());
    }

    [Fact]
    public void Encode_and_decode_a_file_of_ones_own()
    {
        byte[] pixels = [.. Enumerable.Range(0, 3 * 784).Select(i => (byte)(i % 256))];
        NpyFile.Write(_folder.File("own.npy"), NumericArray.FromBytes([3, 784], pixels));
        Run("encode", "--data", _folder.File("own.npy"), "--out", _folder.File("z.npy"), "--sample");
        Run("decode", "--latents", _folder.File("z.npy"), "--out", _folder.File("x.npy"));
        Assert.Equal([3, 28, 28], NpyFile.Read(_folder.File("x.npy")).Shape);
        Run("decode", "--latents", _folder.File("z.npy"), "--out", _folder.File("x.png"));
        Pictures.RequireGrid(_folder.File("x.png"), 2, 2);
    }

    [Fact]
    public void Sample_writes_a_picture_or_the_numbers()
    {
        Run("sample", "-n", "12", "--out", _folder.File("s.png"));
        Pictures.RequireGrid(_folder.File("s.png"), 4, 3);
        Run("sample", "-n", "5", "--draw", "--out", _folder.File("s.npy"));
        NumericArray draws = NpyFile.Read(_folder.File("s.npy"));
        Assert.Equal([5, 28, 28], draws.Shape);
        Assert.All(draws.ToFloat32(), value => Assert.True(value is 0 or 1));
    }

    [Fact]
    public void Seed_decides_the_sample()
    {
        byte[] Sample(string seed, string name)
        {
            Run("sample", "-n", "2", "--seed", seed, "--out", _folder.File(name));
            return File.ReadAllBytes(_folder.File(name));
        }

        byte[] first = Sample("5", "a.npy");
        Assert.Equal(first, Sample("5", "b.npy"));
        Assert.NotEqual(first, Sample("6", "c.npy"));
    }

    [Fact]
    public void Reconstruct_puts_pairs_in_rows_and_fills_the_last()
    {
        JsonElement json = Run("reconstruct", "-n", "13", "--out", _folder.File("r.png"), "--json").Json;
        Pictures.RequireGrid(_folder.File("r.png"), 10, 4);
        Assert.True(json.GetProperty("reconstruction").GetProperty("mean").GetDouble() < 0);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1, "--spherical")]
    [InlineData(1, "--linear")]
    public void Interpolate_draws_both_rows_or_the_one_asked_for(int rows, params string[] flags)
    {
        Run(["interpolate", "--from", "1", "--to", "2", "--steps", "7", "--out", _folder.File("i.png"), .. flags]);
        Pictures.RequireGrid(_folder.File("i.png"), 7, rows);
    }

    [Fact]
    public void Arithmetic_shows_its_terms_and_the_result()
    {
        JsonElement json = Run(
            "arithmetic", "--a", "1", "--b", "2", "--c", "2", "--out", _folder.File("a.npy"), "--json").Json;
        NumericArray shown = NpyFile.Read(_folder.File("a.npy"));
        Assert.Equal([4, 28, 28], shown.Shape);
        Assert.Equal(4, json.GetProperty("latent").GetArrayLength());
    }

    [Fact]
    public void Manifold_takes_the_two_dimensions_of_highest_kl_and_says_so()
    {
        var outcome = Run("manifold", "--grid", "6", "--out", _folder.File("m.png"), "--json").Says(
            "two of highest KL");
        Pictures.RequireGrid(_folder.File("m.png"), 6, 6);
        Assert.Equal(2, outcome.Json.GetProperty("dimensions").GetArrayLength());
    }

    [Fact]
    public void Traverse_has_a_row_for_each_dimension_in_order_of_kl()
    {
        JsonElement json = Run(
            "traverse", "--index", "3", "--steps", "5", "--out", _folder.File("t.png"), "--json").Json;
        Pictures.RequireGrid(_folder.File("t.png"), 5, 4);
        double[] kl = [.. json.GetProperty("kl_per_dimension").EnumerateArray().Select(k => k.GetDouble())];
        int[] order = [.. json.GetProperty("dimensions").EnumerateArray().Select(d => d.GetInt32())];
        Assert.Equal(kl.OrderDescending(), order.Select(j => kl[j]));
    }

    [Fact]
    public void Inspect_shows_a_run_and_a_model_file()
    {
        JsonElement run = Run("inspect", "--json").Json;
        Assert.Equal(4, run.GetProperty("config").GetProperty("model").GetProperty("latent").GetInt32());
        Assert.Equal(2, run.GetProperty("metrics").GetProperty("epoch").GetInt32());
        string latest = File.ReadAllText(Path.Combine(shared.Run, "checkpoints", "latest")).Trim();
        var file = CommandLine.Run(
            _folder.Path, "inspect", Path.Combine(shared.Run, "checkpoints", latest, "model.safetensors")).Exits(0);
        Assert.Contains("encoder.hidden.0.weight", file.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('│', file.Output);
    }

    private CommandLine.Outcome Run(params string[] arguments) =>
        CommandLine.Run(_folder.Path, [arguments[0], shared.Run, .. arguments[1..]]).Exits(0);
}
