using System.Text.Json;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>Models with a flow as their posterior from the command line: the KL has no closed form there, neither whole nor by dimension.</summary>
public sealed class FlowModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("planar:2")]
    [InlineData("iaf:1")]
    public void Flow_posterior_trains_resumes_to_the_same_bits_and_every_command_knows_it(string posterior)
    {
        string[] train = ["train", "--posterior", posterior, "--hidden", "20", "--latent", "3", "--limit", "150", "--batch", "50", "--seed", "2"];
        JsonElement whole = CommandLine.Run(_folder.Path, [.. train, "--epochs", "2", "--out", "whole", "--json"]).Exits(0).Json;
        CommandLine.Run(_folder.Path, [.. train, "--epochs", "1", "--out", "run"]).Exits(0);
        JsonElement resumed = CommandLine.Run(_folder.Path, "train", "--resume", "run", "--epochs", "2", "--json").Exits(0).Json;
        Assert.Equal(whole.GetProperty("weights_sha256").GetString(), resumed.GetProperty("weights_sha256").GetString());
        Assert.True(CommandLine.Run(_folder.Path, "evaluate", "run", "--samples", "5", "--limit", "20", "--json").Exits(0).Json.TryGetProperty("nll", out _));
        foreach (string command in (string[])["sample", "reconstruct", "encode", "inspect"]) CommandLine.Run(_folder.Path, command, "run").Exits(0);
        JsonElement traversed = CommandLine.Run(_folder.Path, "traverse", "run", "--json").Exits(0).Json;
        Assert.Equal([0, 1, 2], traversed.GetProperty("dimensions").EnumerateArray().Select(d => d.GetInt32()));
        Assert.Equal(0, traversed.GetProperty("kl_per_dimension").GetArrayLength());
        Assert.Equal([0, 1], CommandLine.Run(_folder.Path, "manifold", "run", "--json").Exits(0).Json.GetProperty("dimensions").EnumerateArray().Select(d => d.GetInt32()));
    }
}
