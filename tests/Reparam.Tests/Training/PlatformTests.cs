using Reparam.Testing;
using Host = Reparam.Testing.Host.Program;

namespace Reparam.Tests.Training;

/// <summary>
/// Same seed, same bits on other platforms: every kernel, operations made of several, and three small models (trained,
/// resumed from files, encoding, decoding, drawing, evaluated) give the hashes of this process on 64-bit Arm, in an
/// emulator with two threads, and in WebAssembly, in an interpreter. Both run the assemblies beside this test.
/// </summary>
public sealed class PlatformTests(ITestOutputHelper output)
{
    private const string Threads = "2";

    private static readonly Lazy<string[]> s_own = new(() => [.. Host.Platform()]);

    private static string HostFolder => Path.GetDirectoryName(typeof(Host).Assembly.Location)!;

    [Fact]
    public void Arm64_gives_the_bits_of_this_process() =>
        Compare(PublishedHost.RunOnArm64(HostFolder, "platform", Threads), "128 True");

    [Fact]
    public void WebAssembly_gives_the_bits_of_this_process() =>
        Compare(PublishedHost.RunInWebAssembly(HostFolder, "platform", Threads), "128 False");

    private void Compare(string[] lines, string vectors)
    {
        // Width of the vectors, and whether the platform has an instruction for a fused multiply-add.
        Assert.Equal(vectors, lines[0]);
        string[] expected = s_own.Value, found = lines[1..];
        Assert.Equal(3 * 7, expected.Count(line => line.Split(' ')[1] is "mlp" or "conv" or "residual"));
        Assert.Equal(expected.Select(Name), found.Select(Name));
        output.WriteLine($"{found.Length} hashes");
        string[] differing = [.. expected.Zip(found).Where(pair => pair.First != pair.Second).Select(
            pair => Name(pair.First))];
        Assert.True(differing.Length == 0, $"{differing.Length} differ: {string.Join(", ", differing)}");

        static string Name(string line) => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];
    }
}
