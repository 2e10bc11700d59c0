using System.Text.RegularExpressions;
using Reparam.Data;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Conventions.Tests.Readme;

public sealed partial class ReadmeTests
{
    [Fact]
    public void Fences_are_the_compiled_samples()
    {
        string readme = File.ReadAllText(Path.Combine(Sources.Root, "README.md"));
        string source = File.ReadAllText(Path.Combine(Sources.Root, "tests/Reparam.Conventions.Tests/Readme/ReadmeSamples.cs"));
        string[] fences = [.. Fence().Matches(readme).Select(m => m.Groups[1].Value.Trim())];
        string[] samples = [.. Sample().Matches(source).Select(m => Unindented(m.Groups[1].Value))];
        Assert.Equal(samples, fences);
    }

    [Fact]
    public void Loop_lowers_the_loss()
    {
        var rng = new Rng(1);
        Dataset digits = DatasetCatalog.Load("digits").Train[..64];
        var vae = Vae.Mlp([28, 28], 4, [32], Likelihood.Bernoulli, rng.Split("weights"));
        var reader = new BatchReader(digits, Binarization.None, rng);
        int[] indices = [.. Enumerable.Range(0, 64)];
        double before = Evaluation.EvidenceLowerBound.Evaluate(vae, digits, rng).Elbo.Mean;
        ReadmeSamples.Loop(vae, reader, indices, rng);
        double after = Evaluation.EvidenceLowerBound.Evaluate(vae, digits, rng).Elbo.Mean;
        Assert.True(after > before + 100, $"from {before} to {after}");
    }

    [Fact]
    public void Linked_files_exist()
    {
        string readme = File.ReadAllText(Path.Combine(Sources.Root, "README.md"));
        string[] missing = [.. Link().Matches(readme).Select(m => m.Groups[1].Value).Where(link => !File.Exists(Path.Combine(Sources.Root, link)) && !Directory.Exists(Path.Combine(Sources.Root, link)))];
        Assert.Empty(missing);
    }

    private static string Unindented(string block) => string.Join('\n', block.Trim('\n', '\r').Split('\n').Select(line => line.Length > 8 ? line[8..] : line.Trim())).Trim();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("// begin\n(.*?)// end", RegexOptions.Singleline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"\]\(([\w./-]+)\)")]
    private static partial Regex Link();
}
