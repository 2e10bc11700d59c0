using System.Text.Json;
using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Reliability;

/// <summary>Same seed, same bits: 200 training steps under every thread count and vector width. Each child says which
/// width it really used.</summary>
public sealed class DeterminismTests(ITestOutputHelper output)
{
    // Twenty batches for 10 epochs: 200 steps.
    private static readonly string[] Steps200 = ["--validation", "0", "--epochs", "10", "--seed", "3"];

    [Theory]
    [InlineData("elbo")]
    [InlineData("iwae")]
    public void Threads_and_vector_width_do_not_change_a_bit(string objective)
    {
        using TemporaryFolder folder = new();
        string[] arguments = [.. Steps200, "--limit", "2000", "--batch", "100", "--hidden", "100,50", "--latent", "7",
            "--binarization", "dynamic", "--objective", objective, "--samples", objective == "iwae" ? "3" : "1"];
        RequireOneHash(folder, arguments, [("1", [], 512), ("2", [], 512), ("3", [], 512),
            ("2", ["DOTNET_EnableAVX512=0"], 256), ("3", ["DOTNET_EnableAVX512=0"], 256)]);
    }

    [Theory]
    [InlineData("conv")]
    [InlineData("resnet")]
    public void Threads_and_vector_width_do_not_change_a_bit_of_an_image_model(string model)
    {
        using TemporaryFolder folder = new();
        string[] arguments =
        [
            "--validation", "0", "--limit", "200", "--batch", "10", "--epochs", "10", "--seed", "3", "--network", model,
            "--channels", "5,9", "--latent", "3",
            .. model == "resnet" ? (string[])["--attention"] : [],
        ];
        RequireOneHash(folder, arguments, [("1", [], 512), ("3", [], 512), ("2", ["DOTNET_EnableAVX512=0"], 256)]);
    }

    [Fact]
    public void Vectors_of_128_bits_without_hardware_fma_do_not_change_a_bit()
    {
        using TemporaryFolder folder = new();
        // Fused multiply-adds in software are slow: 8 by 8 images, small batches, a small model.
        string data = Path.Combine(folder.Path, "noise.npy");
        var rng = new Tensors.Rng(5);
        byte[] pixels = new byte[445 * 64]; // a tenth is kept for the test part: 401 remain
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)rng.NextInt32(256);
        NpyFile.Write(data, NumericArray.FromBytes([445, 8, 8], pixels));
        string[] arguments = [.. Steps200, "--data", data, "--limit", "400", "--batch", "20", "--hidden", "24",
            "--latent", "3"];
        RequireOneHash(folder, arguments, [("2", [], 512), ("2", ["DOTNET_EnableAVX512=0"], 256),
            ("2", ["DOTNET_EnableAVX2=0"], 128), ("1", ["DOTNET_EnableHWIntrinsic=0"], 128)]);
    }

    private void RequireOneHash(
        TemporaryFolder folder, string[] arguments, (string Threads, string[] Environment, int MostBits)[] levels)
    {
        var results = new (string Hash, int Bits)[levels.Length];
        Parallel.For(0, levels.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            (string threads, string[] environment, int mostBits) = levels[i];
            string run = Path.Combine(folder.Path, $"{threads}-{string.Join('-', environment)}");
            JsonElement result = ReparamProcess.Train([.. arguments, "--threads", threads, "--out", run], environment);
            Assert.Equal(200, result.GetProperty("steps").GetInt64());
            using JsonDocument machine = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "environment.json")));
            int bits = machine.RootElement.GetProperty("vector_bits").GetInt32();
            Assert.True(bits <= mostBits, $"{string.Join(' ', environment)} left vectors of {bits} bits in use.");
            results[i] = (ResumeTests.Hash(result), bits);
            output.WriteLine($"threads {threads}, {bits} bits {string.Join(' ', environment)}: {results[i].Hash}");
        });

        Assert.Single(results.Select(r => r.Hash).Distinct());
        if (System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated)
            Assert.True(results.Select(r => r.Bits).Distinct().Count() >= 2, "No run used another vector width.");
    }
}
