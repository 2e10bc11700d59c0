using System.Text.Json;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>The commands that need no run: doctor and data.</summary>
public sealed class MachineCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Doctor_measures_and_never_fails()
    {
        JsonElement json = CommandLine.Run(_folder.Path, "doctor", "--json").Exits(0).Json;
        Assert.True(json.GetProperty("gflops").GetDouble() > 0);
        Assert.Contains(json.GetProperty("vector_bits").GetInt32(), new[] { 128, 256, 512 });
        Assert.Equal("not there", json.GetProperty("data_sets").GetProperty("mnist").GetString());
    }

    [Fact]
    public void Bench_times_a_step_and_accounts_for_it()
    {
        JsonElement step = CommandLine.Run(_folder.Path, "bench", "iwae-k1", "--seconds", "0.2", "--quiet", "--json")
            .Exits(0).Json.GetProperty("steps").GetProperty("iwae-k1");
        Assert.True(step.GetProperty("milliseconds").GetDouble() > 0);
        // The products of 784-200-200-100 and 50-200-200-784 for 20 data: forward and both gradients, without that by
        // the data.
        const double Encoder = 200 * 200 + 200 * 100, Decoder = 50 * 200 + 200 * 200 + 200 * 784, First = 784 * 200;
        Assert.Equal(
            2 * 20 * (3 * (Encoder + Decoder) + 2 * First), step.GetProperty("product_flops").GetDouble(), 1.0);
        Assert.InRange(step.GetProperty("allocated_bytes").GetInt64(), 1, 64 * 1024);
        Assert.True(step.GetProperty("microseconds_by_kind").GetProperty("products").GetDouble() > 0);
    }

    [Fact]
    public void Bench_shows_kernels_and_kinds()
    {
        string kinds = CommandLine.Run(_folder.Path, "bench", "iwae-k1", "--seconds", "0.1").Exits(0).Output;
        Assert.Contains("images/s", kinds, StringComparison.Ordinal);
        Assert.Contains("kind of work", kinds, StringComparison.Ordinal);
        Assert.Contains("product nt 20x200x784", CommandLine.Run(_folder.Path, "bench", "iwae-k1", "--seconds", "0.1",
            "--kernels").Exits(0).Output, StringComparison.Ordinal);
    }

    /// <summary>Before the rule of docs/decisions/0012-denormals.md, these steps made 127,000 and 117,000 denormal
    /// numbers each. The moments of units that are off take 800 steps to become denormal.</summary>
    [Theory]
    [InlineData("iwae-k50", 150)]
    [InlineData("mlp-400-20", 1000)]
    public void Steps_make_no_denormal_numbers(string work, int steps)
    {
        JsonElement kernels = CommandLine.Run(_folder.Path, "bench", work, "--steps", $"{steps}", "--denormals",
            "--quiet", "--json").Exits(0).Json.GetProperty("steps").GetProperty(work).GetProperty("kernels");
        Assert.All(
            kernels.EnumerateArray(), k => Assert.Equal((k.GetProperty("name").GetString(), 0L),
                (k.GetProperty("name").GetString(), k.GetProperty("denormals").GetInt64())));
    }

    [Fact]
    public void Bench_refuses_what_it_does_not_know()
    {
        CommandLine.Run(_folder.Path, "bench", "mlp-400").Exits(2).Says("mlp-400-20");
        CommandLine.Run(_folder.Path, "bench", "--seconds", "0").Exits(2).Says("--seconds");
        CommandLine.Run(_folder.Path, "bench", "--steps", "0").Exits(2).Says("--steps");
        CommandLine.Run(_folder.Path, "bench", "--steps", "9", "--seconds", "1").Exits(2).Says("not both");
    }

    [Fact]
    public void Data_list_names_every_set()
    {
        Assert.Contains(
            "frey_faces", CommandLine.Run(_folder.Path, "data", "list").Exits(0).Output, StringComparison.Ordinal);
        Assert.Equal(5,
            CommandLine.Run(_folder.Path, "data", "list", "--json").Exits(0).Json.GetProperty("sets").GetArrayLength());
    }

    [Fact]
    public void Data_verify_tells_missing_from_damaged()
    {
        Directory.CreateDirectory(_folder.File("sets/mnist"));
        File.WriteAllBytes(_folder.File("sets/mnist/t10k-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 1, 7]);
        var outcome = CommandLine.Run(_folder.Path, "data", "verify", "mnist", "--data-dir", "sets", "--json").Exits(
            3).Says("the file does not exist", "damaged", "reparam data fetch mnist");
        Assert.False(outcome.Json.GetProperty("valid").GetBoolean());
        Assert.Equal(["missing", "missing", "missing", "damaged"],
            outcome.Json.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("state").GetString()));
    }

    [Fact]
    public void Built_in_set_is_always_valid()
    {
        CommandLine.Run(_folder.Path, "data", "verify", "digits").Exits(0);
        CommandLine.Run(_folder.Path, "data", "fetch", "digits").Exits(0);
    }

    [Fact]
    public void Unknown_set_gets_a_suggestion() =>
        CommandLine.Run(_folder.Path, "data", "verify", "fashion-mnits").Exits(2).Says("Did you mean 'fashion_mnist'?");
}
