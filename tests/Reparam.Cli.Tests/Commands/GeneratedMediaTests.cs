using System.Text.Json;
using Reparam.Data;
using Reparam.Serialization;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>Each file that a model generated says so, and <c>inspect</c> reads it back.</summary>
public sealed class GeneratedMediaTests(SharedRun shared) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sample", "--count", "2")]
    [InlineData("reconstruct", "--count", "2")]
    [InlineData("interpolate", "--from", "0", "--to", "1")]
    [InlineData("traverse", "--steps", "3")]
    [InlineData("manifold", "--grid", "2")]
    [InlineData("arithmetic", "--a", "1", "--b", "2", "--c", "3")]
    public void Command_marks_its_pictures_and_numbers(string command, params string[] options)
    {
        foreach (string name in (string[])["a.png", "b.png", "a.npy", "b.npy"])
            Run([command, .. options, "--out", name]);
        Assert.Equal(Bytes("a.png"), Bytes("b.png"));
        Assert.Equal(Bytes("a.npy"), Bytes("b.npy"));
        Assert.Equal(Bytes("a.npy.json"), Bytes("b.npy.json"));
        Assert.False(File.Exists(_folder.File("a.png.json")));
        foreach (string name in (string[])["a.png", "a.npy"])
        {
            JsonElement told = Inspect(name, "--json").Json;
            Assert.True(told.GetProperty("generated").GetBoolean());
            Assert.Equal(Provenance.TrainedAlgorithmicMedia, told.GetProperty("digital_source_type").GetString());
            Assert.Equal($"reparam {command}", told.GetProperty("command").GetString());
            Assert.Equal(3, told.GetProperty("seed").GetInt32());
            Assert.Equal("digits", told.GetProperty("data").GetString());
            Assert.Equal(shared.Trained.Json.GetProperty("weights_sha256").GetString(),
                told.GetProperty("model_sha256").GetString());
            Assert.False(told.GetProperty("changed").GetBoolean());
        }
    }

    [Fact]
    public void Decoded_codes_are_marked_and_codes_and_data_are_not()
    {
        Run("encode", "--split", "validation", "--out", "z.npy");
        Run("decode", "--latents", "z.npy", "--out", "x.npy");
        Run("neighbours", "--index", "0", "--out", "n.png");
        Run("neighbours", "--index", "0", "--out", "n.npy");
        Assert.Equal("reparam decode", Inspect("x.npy", "--json").Json.GetProperty("command").GetString());
        foreach (string name in (string[])["z.npy", "n.png", "n.npy"])
        {
            Assert.Equal(JsonValueKind.Null, Inspect(name, "--json").Json.GetProperty("generated").ValueKind);
            Assert.Contains("carries no mark", Inspect(name).Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Seed_of_the_command_is_in_the_mark_and_the_samples_of_training_are_marked()
    {
        Run("sample", "--seed", "11", "--out", "a.png");
        Assert.Equal(11, Inspect("a.png", "--json").Json.GetProperty("seed").GetInt32());
        JsonElement trained = Inspect(Path.Combine(shared.Run, "samples", "samples.png"), "--json").Json;
        Assert.Equal("reparam train", trained.GetProperty("command").GetString());
        Assert.Equal(shared.Trained.Json.GetProperty("weights_sha256").GetString(),
            trained.GetProperty("model_sha256").GetString());
    }

    [Fact]
    public void Inspect_fits_80_columns_and_notices_a_change()
    {
        Run("sample", "--out", "a.npy");
        string told = Inspect("a.npy").Output;
        Assert.Contains("made by         a trained model\n", told, StringComparison.Ordinal);
        Assert.All(told.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        File.AppendAllText(_folder.File("a.npy"), "!");
        Assert.Contains("was changed since", Inspect("a.npy").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_picture_packet_and_mark_are_told()
    {
        Run("sample", "--count", "2", "--out", "a.png");
        byte[] whole = Bytes("a.png");
        _folder.Holding("cut.png", whole.AsSpan(0, whole.Length / 2));
        Inspect(3, "cut.png").Says("'cut.png' cannot be read", "the file is cut short or damaged");
        whole[whole.AsSpan().IndexOf("x:xmpmeta"u8)] = (byte)'<';
        _folder.Holding("altered.png", whole);
        Inspect(3, "altered.png").Says("the checksum of a chunk does not match");
        Run("sample", "--count", "2", "--out", "a.npy");
        File.WriteAllText(_folder.File("a.npy.json"), "not JSON");
        Inspect(3, "a.npy").Says("'a.npy.json': it should say how the file beside it was made, and it is damaged");
    }

    [Fact]
    public void File_of_another_program_in_the_place_of_a_mark_is_kept()
    {
        File.WriteAllText(_folder.File("a.npy.json"), "{ \"fields\": [] }");
        CommandLine.Run(_folder.Path, "sample", shared.Run, "--out", "a.npy").Exits(2).Says(
            "belongs in 'a.npy.json', and another file has that name");
        Assert.False(File.Exists(_folder.File("a.npy")));
        Assert.Equal("{ \"fields\": [] }", File.ReadAllText(_folder.File("a.npy.json")));
        Assert.Contains("'a.npy.json' does not exist or does not say", CommandLine.Outcome.Joined(
            Inspect(WithData("a.npy")).Output), StringComparison.Ordinal);
    }

    [Fact]
    public void Licence_goes_from_the_options_into_the_card_and_the_marks()
    {
        CommandLine.Run(_folder.Path, "train", "--limit", "200", "--epochs", "1", "--hidden", "8", "--latent", "2",
            "--out", "run", "--quiet", "--license", "CC-BY-4.0", "--intended-use", "Lessons, not cheques.").Exits(0);
        string card = File.ReadAllText(_folder.File("run/README.md"));
        Assert.Contains("license: cc-by-4.0\n", card, StringComparison.Ordinal);
        Assert.Contains("## Intended use\n\nLessons, not cheques.\n", card, StringComparison.Ordinal);
        Assert.Contains("licence         CC-BY-4.0\n", Inspect("run/samples/samples.png").Output,
            StringComparison.Ordinal);
        CommandLine.Run(_folder.Path, "evaluate", "run", "--samples", "2").Exits(0);
        Assert.Contains("- evaluation of step 2: ELBO -", File.ReadAllText(_folder.File("run/README.md")),
            StringComparison.Ordinal);
        CommandLine.Run(_folder.Path, "train", "--license", "a\nb").Exits(2).Says(
            "card.license (--license) takes one line");
    }

    private string WithData(string name)
    {
        NpyFile.Write(_folder.File(name), NumericArray.FromBytes([1], [0]));
        return name;
    }

    private byte[] Bytes(string name) => File.ReadAllBytes(_folder.File(name));

    private CommandLine.Outcome Inspect(int code, string name) =>
        CommandLine.Run(_folder.Path, "inspect", name).Exits(code);

    private CommandLine.Outcome Inspect(params string[] words) =>
        CommandLine.Run(_folder.Path, ["inspect", .. words]).Exits(0);

    private void Run(params string[] arguments) =>
        CommandLine.Run(_folder.Path, [arguments[0], shared.Run, .. arguments[1..]]).Exits(0);
}
