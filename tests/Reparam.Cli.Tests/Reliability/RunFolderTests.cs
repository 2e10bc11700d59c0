using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Reliability;

public sealed class RunFolderTests
{
    private static readonly string[] Small = ["--hidden", "8", "--latent", "2", "--epochs", "1"];

    [Fact]
    public void Run_holds_its_configuration_as_written_and_a_card()
    {
        using TemporaryFolder folder = new();
        string config = folder.File("my.json"), run = folder.File("run");
        const string Text = "{\n  // a comment stays\n  \"data\": { \"limit\": 200, \"binarization\": \"none\" }\n}\n";
        File.WriteAllText(config, Text);
        ReparamProcess.Train([.. Small, "--config", config, "--out", run]);
        Assert.Equal(Text, File.ReadAllText(Path.Combine(run, "config.source.json")));
        string card = File.ReadAllText(Path.Combine(run, "README.md"));
        Assert.StartsWith("---\nlibrary_name: reparam\n", card, StringComparison.Ordinal);
        Assert.Contains("not a lower bound on log p(x): grey levels", card, StringComparison.Ordinal);
        Assert.Contains("training ELBO of the last epoch", card, StringComparison.Ordinal);
        // Finished already: nothing is known that the card does not say.
        ReparamProcess.Run(["train", "--resume", run]);
        Assert.Equal(card, File.ReadAllText(Path.Combine(run, "README.md")));
    }

    [Fact]
    public void Resume_with_other_data_is_refused()
    {
        using TemporaryFolder folder = new();
        string data = folder.File("mine.npy"), run = folder.File("run");
        Write(data, seed: 1);
        ReparamProcess.Train([.. Small, "--data", data, "--out", run]);
        string before = File.ReadAllText(Path.Combine(run, "config.json"));
        Write(data, seed: 2);
        (int code, _, string errors) = ReparamProcess.Run(["train", "--resume", run, "--epochs", "2"]);
        Assert.Equal(3, code);
        Assert.Contains("are not the data that the run", errors, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(run, "config.json")));
    }

    [Fact]
    public void Weights_are_read_by_a_few_lines_of_Python()
    {
        using TemporaryFolder folder = new();
        string run = folder.File("run");
        ReparamProcess.Train([.. Small, "--limit", "200", "--out", run]);
        Reparam.Runs.Run opened = Reparam.Runs.Run.Open(run);
        string weights = Path.Combine(
            opened.Checkpoints.OpenLatest()!.Folder, Reparam.Runs.TrainingCheckpoint.ModelFile);
        const string Script = """
            import json, struct, sys, zlib
            raw = open(sys.argv[1], 'rb').read()
            (n,) = struct.unpack('<Q', raw[:8])
            for name, entry in sorted(json.loads(raw[8:8 + n]).items()):
                if name == '__metadata__': continue
                begin, end = entry['data_offsets']
                data = raw[8 + n + begin:8 + n + end]
                shape = 'x'.join(map(str, entry['shape']))
                print(name, entry['dtype'], shape, zlib.crc32(data), struct.unpack('<f', data[:4])[0].hex())
            """;
        (int code, string output) = OutsideTool.Run("python3", "-c", Script, weights);
        Assert.True(code == 0, output);
        using Tensors.TensorScope scope = new();
        string[] expected = [.. opened.LoadModel().Parameters.OrderBy(p => p.Name, StringComparer.Ordinal).Select(
            p => $"{p.Name} F32 {string.Join('x', p.Shape)}")];
        string[] lines = output.Trim().Split('\n');
        Assert.Equal(expected, lines.Select(line => string.Join(' ', line.Split(' ')[..3])));
        var parameters = opened.LoadModel().Parameters.ToDictionary(p => p.Name);
        foreach (string line in lines)
        {
            string[] words = line.Split(' ');
            ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(
                parameters[words[0]].Value.AsSpan<float>());
            Assert.Equal(uint.Parse(words[3], System.Globalization.CultureInfo.InvariantCulture), Crc32(bytes));
        }
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
        }

        return ~crc;
    }

    private static void Write(string path, ulong seed)
    {
        var rng = new Tensors.Rng(seed);
        byte[] pixels = new byte[50 * 16];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)rng.NextInt32(256);
        NpyFile.Write(path, NumericArray.FromBytes([50, 4, 4], pixels));
    }
}
