using Reparam.Configuration;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training;
using Reparam.Training.Optimizers;
using Reparam.Runs;

namespace Reparam.Tests.Models;

/// <summary>Every member of the family with every objective, from a configuration: trained, saved, loaded, evaluated,
/// sampled; or refused with a reason.</summary>
public sealed class MembersTests
{
    public static TheoryData<string> Members => [.. Combinations.Models.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Members))]
    public void Member_goes_with_every_objective_or_says_why_not(string member)
    {
        string[] model = Combinations.Models.Single(m => m.Name == member).Settings;
        byte[] levels = [.. new Rng(9).Uniform([60 * 64]).ToArray<float>().Select(u => (byte)(u > 0.7f ? 1 : 0))];
        RunSettings plain = Combinations.Of(model);
        // Half of the labels are known, or all where each datum is conditioned on its own.
        int[] labels = [.. Enumerable.Range(0, 60).Select(
            i => i % 2 == 0 && plain.Model is not VaeSettings { TakesLabels: true } ? -1 : i / 2 % 4)];
        Dataset data = Dataset.FromBytes("noise", [8, 8], levels, DataKind.Binary, labels);
        List<string> refused = [];
        foreach ((string name, string[] objective) in Combinations.Objectives)
        {
            RunSettings config = Combinations.With(plain, objective);
            try
            {
                RunFactory.Check(config, data.Count);
            }
            catch (InvalidConfigException failure)
            {
                Assert.True(failure.Message.Length > 40, failure.Message);
                refused.Add(name);
                continue;
            }

            (Objective goal, LatentVariableModel vae) =
                (RunFactory.Objective(config, data.Count), RunFactory.Model(config, data));
            Parameter[] trained = [.. vae.Parameters, .. goal.Adversary?.Parameters ?? []];
            double[][] before = [.. trained.Select(p => p.Value.Doubles())];
            new Trainer(new Adam(1e-3), new TrainerOptions { Epochs = 1, BatchSize = 20 }).Fit(
                vae, goal, data, new Rng(7));
            for (int i = 0; i < before.Length; i++)
            {
                Parameter parameter = trained[i];
                Assert.True(parameter.Value.IsFinite(), $"{member} with {name}: {parameter.Name}");
                // Adam moves what has a gradient, however small: one that none reaches stays where it was.
                Assert.False(before[i].SequenceEqual(parameter.Value.Doubles()),
                    $"{member} with {name}: no gradient reaches {parameter.Name}");
            }

            RequireSameAfterLoading(config, vae, data, $"{member} with {name}");
        }

        Assert.Equal(Refusals(member), refused);
    }

    private static string[] Refusals(string member) => member switch
    {
        "autoencoder" => AllBut(
            "elbo", "score function", "factor-vae", "dip-vae-i", "info-vae", "wae-mmd", "swae", "aae"),
        "learned scale" or "scales by element" => ["vae-gan"],
        "optimal scale" => ["iwae", "miwae", "piwae", "ciwae", "renyi", "rws", "wake-sleep", "doubly reparameterized"],
        "normalized" => ["vae-gan", "wake-sleep"],
        "bayesian" => ["vae-gan", "iwae", "miwae", "piwae", "ciwae", "renyi", "rws", "wake-sleep",
            "doubly reparameterized"],
        "bernoulli" or "categorical:3" or "joint" => ["elbo sampled", "sticking the landing", "beta-tcvae", "dip-vae-i",
            "dip-vae-ii", "vae-gan", "doubly reparameterized"],
        "full" or "low-rank:1" or "mixture:2" => ["free bits", "beta-tcvae", "dip-vae-ii",
            "beta-tcvae straight through"],
        "vmf" or "power-spherical" => ["free bits", "beta-tcvae", "factor-vae", "dip-vae-i", "dip-vae-ii",
            "beta-tcvae straight through"],
        "planar:2" or "radial:2" or "sylvester:1" or "iaf:2" or "coupling:2" or "spline:1" or "bnaf:1" => ["free bits",
            "beta-tcvae", "dip-vae-i", "dip-vae-ii", "beta-tcvae straight through", "doubly reparameterized"],
        "iaf:1 with prior flow:2" => ["free bits", "beta-tcvae", "dip-vae-i", "dip-vae-ii", "info-vae", "wae-mmd",
            "swae", "aae", "beta-tcvae straight through", "doubly reparameterized"],
        "prior vamp:5" => ["free bits", "info-vae", "wae-mmd", "swae", "aae", "vae-gan", "piwae", "rws", "wake-sleep"],
        "prior mixture:4" or "prior flow:2" or "prior autoregressive:2" => ["free bits", "info-vae", "wae-mmd",
            "swae", "aae"],
        "categorical:3 with prior autoregressive" => AllBut("score function", "beta-tcvae straight through", "iwae",
            "miwae", "piwae", "ciwae", "renyi", "rws", "wake-sleep"),
        "hierarchical" or "hierarchical conv" => AllBut("elbo", "elbo sampled", "score function", "capacity",
            "free nats", "iwae", "miwae", "piwae", "ciwae", "renyi", "wake-sleep"),
        "normalized hierarchical" => AllBut("elbo", "elbo sampled", "score function", "capacity", "free nats", "iwae",
            "miwae", "piwae", "ciwae", "renyi"),
        "ladder" or "normalized ladder" => AllBut("elbo", "elbo sampled", "score function", "capacity", "free bits",
            "free nats", "iwae", "miwae", "ciwae", "renyi"),
        "vq-vae" or "vq-vae with prior autoregressive" => AllBut("elbo"),
        "semi-supervised" or "semi-supervised conv" => AllBut("elbo", "score function"),
        _ => [],
    };

    private static string[] AllBut(params string[] names) =>
        [.. Combinations.Objectives.Select(o => o.Name).Except(names)];

    private static void RequireSameAfterLoading(RunSettings config, LatentVariableModel vae, Dataset data, string what)
    {
        vae.SetMode(ModuleMode.Evaluation);
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        using (FileStream file = File.Create(path)) WeightsFile.From(vae.State).Write(file);
        LatentVariableModel loaded = RunFactory.Model(config.With("training.seed=99"));
        WeightsFile.CopyTo(SafetensorsFile.Read(path), loaded.State, path);
        loaded.SetMode(ModuleMode.Evaluation);
        BoundReport expected = EvidenceLowerBound.Evaluate(vae, data, new Rng(1)),
            actual = EvidenceLowerBound.Evaluate(loaded, data, new Rng(1));
        Assert.True(double.IsFinite(expected.Elbo.Mean), what);
        Assert.Equal(expected.Elbo, actual.Elbo);
        if (!vae.BoundsLikelihood)
        {
            Assert.Contains("no distribution", Assert.Throws<NotSupportedException>(
                () => ImportanceWeightedBound.Evaluate(vae, data[..20], 20, new Rng(2))).Message,
                StringComparison.Ordinal);
            return;
        }

        double nll = ImportanceWeightedBound.Evaluate(vae, data[..20], 20, new Rng(2)).Mean;
        Assert.Equal(nll, ImportanceWeightedBound.Evaluate(loaded, data[..20], 20, new Rng(2)).Mean);
        Tensor? context = vae.Context == 0 ? null
            : Tensor.Eye(vae.Context, vae.DType).Slice(0, 1, 1).BroadcastTo([5, vae.Context]);
        Tensor drawn = vae.Generate(5, new Rng(3), context);
        Assert.Equal([5, 8, 8], drawn.Shape);
        Assert.Equal(drawn.Doubles(), loaded.Generate(5, new Rng(3), context).Doubles());
        Assert.True(drawn.IsFinite(), what);
    }
}
