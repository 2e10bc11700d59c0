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
    public void Data_list_names_every_set()
    {
        Assert.Contains("frey_faces", CommandLine.Run(_folder.Path, "data", "list").Exits(0).Output, StringComparison.Ordinal);
        Assert.Equal(5, CommandLine.Run(_folder.Path, "data", "list", "--json").Exits(0).Json.GetProperty("sets").GetArrayLength());
    }

    [Fact]
    public void Data_verify_tells_missing_from_damaged()
    {
        Directory.CreateDirectory(_folder.File("sets/mnist"));
        File.WriteAllBytes(_folder.File("sets/mnist/t10k-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 1, 7]);
        var outcome = CommandLine.Run(_folder.Path, "data", "verify", "mnist", "--data-dir", "sets", "--json").Exits(3).Says("it is not there", "damaged", "reparam data fetch mnist");
        Assert.False(outcome.Json.GetProperty("valid").GetBoolean());
        Assert.Equal(["missing", "missing", "missing", "damaged"], outcome.Json.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("state").GetString()));
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
