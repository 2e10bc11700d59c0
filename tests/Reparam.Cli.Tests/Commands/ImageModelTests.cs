using System.Buffers.Binary;
using System.Text.Json;
using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>Convolutional and residual models from the command line, on built-in digits and on a person's own coloured
/// images.</summary>
public sealed class ImageModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("conv", "conv, latent 3, channels 4,6, relu")]
    [InlineData("resnet", "resnet, latent 3, channels 4,6, blocks 1, silu")]
    public void Model_trains_on_the_built_in_digits_and_every_command_knows_it(string kind, string description)
    {
        string[] train = ["train", "--network", kind, "--channels", "4,6", "--latent", "3", "--limit", "150", "--batch",
            "50", "--seed", "2"];
        JsonElement whole = CommandLine.Run(_folder.Path, [.. train, "--epochs", "2", "--out", "whole", "--json"])
            .Exits(0).Says($"model {description}: ").Json;
        CommandLine.Run(_folder.Path, [.. train, "--epochs", "1", "--out", "run"]).Exits(0);
        JsonElement resumed = CommandLine.Run(_folder.Path, "train", "--resume", "run", "--epochs", "2", "--json")
            .Exits(0).Json;
        Assert.Equal(
            whole.GetProperty("weights_sha256").GetString(), resumed.GetProperty("weights_sha256").GetString());

        JsonElement model = JsonDocument.Parse(
            File.ReadAllText(_folder.File("run/config.json"))).RootElement.GetProperty("model").GetProperty("network");
        Assert.Equal("[4,6]", Compact(model.GetProperty("channels")));
        Assert.Equal("[]", Compact(model.GetProperty("hidden")));
        Assert.Contains(
            description.Split(", ")[^1], File.ReadAllText(_folder.File("run/README.md")), StringComparison.Ordinal);
        Assert.True(CommandLine.Run(_folder.Path, "evaluate", "run", "--samples", "5", "--limit", "20", "--json").Exits(
            0).Json.TryGetProperty("nll", out _));
        foreach (string command in (string[])["sample", "reconstruct", "traverse"])
        {
            CommandLine.Run(_folder.Path, command, "run").Exits(0);
            Assert.Equal(0, Colour(_folder.File($"run/samples/{command}.png")));
        }

        Assert.Contains(
            description, CommandLine.Run(_folder.Path, "inspect", "run").Exits(0).Output, StringComparison.Ordinal);
        CommandLine.Run(_folder.Path, "train", "--resume", "run", "--channels", "4,8").Exits(2).Says(
            "keeps model.network.channels (--channels) [4,6], not [4,8]");
    }

    [Fact]
    public void Coloured_images_of_one_s_own_are_trained_on_and_drawn_in_colour()
    {
        byte[] levels = new byte[40 * 3 * 8 * 8];
        for (int i = 0; i < levels.Length; i++) levels[i] = (byte)(i / 64 * 53); // one level a channel
        NpyFile.Write(_folder.File("colour.npy"), NumericArray.FromBytes([40, 3, 8, 8], levels));
        CommandLine.Run(_folder.Path, "train", "--data", "colour.npy", "--network", "conv", "--channels", "4",
            "--likelihood", "gaussian-sigmoid", "--epochs", "1", "--latent", "2", "--out", "run").Exits(0).Says(
            "shape [3, 8, 8]");
        CommandLine.Run(_folder.Path, "reconstruct", "run", "-n", "2").Exits(0);
        foreach (string picture in (string[])["samples", "reconstruct"])
            Assert.Equal(2, Colour(_folder.File($"run/samples/{picture}.png")));
        CommandLine.Run(_folder.Path, "sample", "run", "-n", "5", "--out", "s.npy").Exits(0);
        Assert.Equal([5, 3, 8, 8], NpyFile.Read(_folder.File("s.npy")).Shape);
        NpyFile.Write(_folder.File("last.npy"), NumericArray.FromBytes([40, 8, 8, 3], levels));
        CommandLine.Run(_folder.Path, "train", "--data", "last.npy", "--network", "conv", "--layout", "channels-first")
            .Exits(2).Says("Channels come first: [3, 8, 8], not [8, 8, 3]");
        // Data are read as those that the run was trained on.
        CommandLine.Run(_folder.Path, "train", "--data", "last.npy",
            "--network", "conv", "--channels", "4", "--epochs", "1", "--latent", "2", "--out", "turned").Exits(0).Says(
            "converted to [3, 8, 8]", "likelihood gaussian-learned, because the data are colour images");
        Assert.Equal("channels-last", CommandLine.Run(_folder.Path, "inspect", "turned", "--json").Exits(
            0).Json.GetProperty("config").GetProperty("data").GetProperty("layout").GetString());
        CommandLine.Run(_folder.Path, "evaluate", "turned", "--samples", "0", "--data", "last.npy").Exits(0);
    }

    [Fact]
    public void Printed_configuration_leaves_to_the_data_what_depends_on_them()
    {
        JsonElement conv = JsonDocument.Parse(
            CommandLine.Run(_folder.Path, "train", "--network", "conv", "--print-config").Exits(0).Output)
            .RootElement.GetProperty("model");
        Assert.Equal(JsonValueKind.Null, conv.GetProperty("network").GetProperty("channels").ValueKind);
        string printed = CommandLine.Run(_folder.Path, "train", "--print-config").Exits(0).Output;
        Assert.Equal("[256,256]", Compact(
            JsonDocument.Parse(printed).RootElement.GetProperty("model").GetProperty("network").GetProperty("hidden")));
        File.WriteAllText(_folder.File("c.json"), printed);
        Assert.Equal(printed, CommandLine.Run(_folder.Path, "train", "-c", "c.json", "--print-config").Exits(0).Output);
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    /// <summary>The colour type of a PNG: 0 grey, 2 red, green, blue.</summary>
    private static byte Colour(string path)
    {
        byte[] png = File.ReadAllBytes(path);
        Assert.Equal(13, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(8)));
        return png[25];
    }
}
