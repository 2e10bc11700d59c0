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
using Reparam.Training.Runs;

namespace Reparam.Tests.Models;

/// <summary>Every member of the family with every objective, from a configuration: trained, saved, loaded, evaluated, sampled; or refused with a reason.</summary>
public sealed class MembersTests
{
    private static readonly (string Name, ModelConfig Model)[] s_members =
    [
        ("mlp", new()),
        ("conv", new() { Kind = "conv", Channels = [3] }),
        ("resnet", new() { Kind = "resnet", Channels = [8] }),
        ("denoising", new() { InputNoise = 0.3 }),
        ("conditional", new() { Condition = "labels", Classes = 4 }),
        ("conditional conv", new() { Kind = "conv", Channels = [3], Condition = "labels", Classes = 4 }),
        ("learned scale", new() { Likelihood = "gaussian-learned" }),
        ("scales by element", new() { Likelihood = "gaussian-sigmoid" }),
        ("optimal scale", new() { Likelihood = "gaussian-optimal" }),
        ("autoencoder", new() { Posterior = "point" }),
        ("bayesian", new() { Weights = "bayesian" }),
        ("normalized", new() { Normalization = "batch" }),
        .. new[] { "planar:2", "sylvester:1", "iaf:2", "coupling:2", "spline:1", "bnaf:1", "full", "low-rank:1", "mixture:2", "vmf", "power-spherical", "bernoulli", "categorical:3" }.Select(p => (p, new ModelConfig { Posterior = p })),
        .. new[] { "mixture:4", "vamp:5", "flow:2", "autoregressive:2" }.Select(p => ("prior " + p, new ModelConfig { Prior = p })),
        ("iaf:1 with prior flow:2", new() { Posterior = "iaf:1", Prior = "flow:2" }),
        ("categorical:3 with prior autoregressive", new() { Posterior = "categorical:3", Prior = "autoregressive" }),
        ("hierarchical", new() { Family = "hierarchical", Upper = [2] }),
        ("hierarchical conv", new() { Family = "hierarchical", Kind = "conv", Channels = [3], Upper = [2, 2], Prior = "mixture:3" }),
        ("ladder", new() { Family = "ladder", Upper = [2, 1], UpperHidden = [8, 4] }),
        ("normalized ladder", new() { Family = "ladder", Upper = [2, 1], UpperHidden = [8, 4], Normalization = "batch" }),
        ("normalized hierarchical", new() { Family = "hierarchical", Upper = [2], Normalization = "batch" }),
        ("vq-vae", new() { Family = "vq-vae", Kind = "conv", Channels = [4], Codes = 6, Hidden = [] }),
        ("vq-vae with prior autoregressive", new() { Family = "vq-vae", Kind = "conv", Channels = [4], Codes = 6, Hidden = [], Prior = "autoregressive" }),
        ("semi-supervised", new() { Family = "semi-supervised", Classes = 4 }),
        ("semi-supervised conv", new() { Family = "semi-supervised", Kind = "conv", Channels = [3], Classes = 4, Prior = "flow:2" }),
    ];

    private static readonly (string Name, ObjectiveConfig Objective)[] s_objectives =
    [
        ("elbo", new()),
        ("elbo sampled", new() { Estimator = "sampled" }),
        ("score function", new() { Discrete = "score-function", Samples = 2 }),
        ("sticking the landing", new() { Estimator = "sticking-the-landing" }),
        ("capacity", new() { Capacity = 1, Beta = 10 }),
        ("free bits", new() { FreeBits = 0.1 }),
        ("free nats", new() { FreeNats = 1e-6 }),
        .. new[] { "beta-tcvae", "factor-vae", "dip-vae-i", "dip-vae-ii", "info-vae", "wae-mmd", "aae", "vae-gan" }.Select(k => (k, new ObjectiveConfig { Kind = k })),
        ("beta-tcvae straight through", new() { Kind = "beta-tcvae", Discrete = "straight-through-gumbel-softmax" }),
        .. new[] { "iwae", "miwae", "piwae", "ciwae", "renyi", "rws" }.Select(k => (k, new ObjectiveConfig { Kind = k, Samples = 4, Groups = k is "miwae" or "piwae" ? 2 : new ObjectiveConfig().Groups, Discrete = "score-function" })),
        ("wake-sleep", new() { Kind = "wake-sleep", Discrete = "score-function" }),
        ("doubly reparameterized", new() { Kind = "iwae", Samples = 4, Estimator = "doubly-reparameterized" }),
    ];

    public static TheoryData<string> Members => [.. s_members.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Members))]
    public void Member_goes_with_every_objective_or_says_why_not(string member)
    {
        ModelConfig model = s_members.Single(m => m.Name == member).Model;
        model = model with { EventShape = [8, 8], Latent = 3, Hidden = model.Hidden ?? [12] };
        byte[] levels = [.. new Rng(9).Uniform([60 * 64]).ToArray<float>().Select(u => (byte)(u > 0.7f ? 1 : 0))];
        // Half of the labels are known, or all where each datum is conditioned on its own.
        int[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 2 == 0 && model.Condition == "none" ? -1 : i / 2 % 4)];
        Dataset data = Dataset.FromBytes("noise", [8, 8], levels, DataKind.Binary, labels);
        List<string> refused = [];
        foreach ((string name, ObjectiveConfig objective) in s_objectives)
        {
            // How discrete latents are drawn is no setting of the others.
            bool discrete = model.Posterior is "bernoulli" or "categorical:3" || model.Family == "semi-supervised";
            var config = new RunConfig { Model = model, Objective = discrete ? objective : objective with { Discrete = null } };
            Objective goal;
            LatentVariableModel vae;
            try
            {
                (goal, vae) = (RunFactory.Objective(config, data.Count), RunFactory.Model(config));
            }
            catch (InvalidConfigException failure)
            {
                Assert.Contains("objective.", failure.Message, StringComparison.Ordinal);
                refused.Add(name);
                continue;
            }

            Parameter[] trained = [.. vae.Parameters, .. goal.Adversary?.Parameters ?? []];
            double[][] before = [.. trained.Select(p => p.Value.Doubles())];
            try
            {
                new Trainer(new Adam(1e-3), new TrainerOptions { Epochs = 1, BatchSize = 20 }).Fit(vae, goal, data, new Rng(7));
            }
            catch (NotSupportedException failure)
            {
                // What only the distributions know: that a flow has no moments, or its variables are not independent.
                Assert.True(failure.Message.Length > 40, failure.Message);
                refused.Add(name);
                continue;
            }

            for (int i = 0; i < before.Length; i++)
            {
                Parameter parameter = trained[i];
                Assert.True(parameter.Value.IsFinite(), $"{member} with {name}: {parameter.Name}");
                // Adam moves what has a gradient, however small: one that none reaches stays where it was.
                Assert.False(before[i].SequenceEqual(parameter.Value.Doubles()), $"{member} with {name}: no gradient reaches {parameter.Name}");
            }

            RequireSameAfterLoading(config, vae, data, $"{member} with {name}");
        }

        Assert.Equal(Refusals(member), refused);
    }

    private static string[] Refusals(string member) => member switch
    {
        "autoencoder" => AllBut("elbo", "wae-mmd", "aae", "score function"),
        "learned scale" or "scales by element" => ["vae-gan"],
        "optimal scale" => ["iwae", "miwae", "piwae", "ciwae", "renyi", "rws", "wake-sleep", "doubly reparameterized"],
        "normalized" => ["vae-gan", "wake-sleep"],
        "bayesian" => ["vae-gan", "iwae", "miwae", "piwae", "ciwae", "renyi", "rws", "wake-sleep", "doubly reparameterized"],
        "bernoulli" or "categorical:3" => ["elbo sampled", "sticking the landing", "beta-tcvae", "dip-vae-i", "dip-vae-ii", "vae-gan", "doubly reparameterized"],
        "full" or "low-rank:1" or "mixture:2" => ["free bits", "beta-tcvae", "dip-vae-ii", "beta-tcvae straight through"],
        "vmf" or "power-spherical" => ["free bits", "beta-tcvae", "factor-vae", "dip-vae-i", "dip-vae-ii", "beta-tcvae straight through"],
        "planar:2" or "sylvester:1" or "iaf:2" or "coupling:2" or "spline:1" or "bnaf:1" => ["free bits", "beta-tcvae", "dip-vae-i", "dip-vae-ii", "beta-tcvae straight through", "doubly reparameterized"],
        "iaf:1 with prior flow:2" => ["free bits", "beta-tcvae", "dip-vae-i", "dip-vae-ii", "info-vae", "wae-mmd", "aae", "beta-tcvae straight through", "doubly reparameterized"],
        "prior vamp:5" => ["free bits", "info-vae", "wae-mmd", "aae", "vae-gan", "piwae", "rws", "wake-sleep"],
        "prior mixture:4" or "prior flow:2" or "prior autoregressive:2" => ["free bits", "info-vae", "wae-mmd", "aae"],
        "categorical:3 with prior autoregressive" => AllBut("score function", "beta-tcvae straight through", "iwae", "miwae", "piwae", "ciwae", "renyi", "rws", "wake-sleep"),
        "hierarchical" or "hierarchical conv" => AllBut("elbo", "elbo sampled", "score function", "capacity", "free nats", "iwae", "miwae", "ciwae", "renyi", "wake-sleep"),
        "normalized hierarchical" => AllBut("elbo", "elbo sampled", "score function", "capacity", "free nats", "iwae", "miwae", "ciwae", "renyi"),
        "ladder" or "normalized ladder" => AllBut("elbo", "elbo sampled", "score function", "capacity", "free bits", "free nats", "iwae", "miwae", "ciwae", "renyi"),
        "vq-vae" or "vq-vae with prior autoregressive" => AllBut("elbo"),
        "semi-supervised" or "semi-supervised conv" => AllBut("elbo", "score function"),
        _ => [],
    };

    private static string[] AllBut(params string[] names) => [.. s_objectives.Select(o => o.Name).Except(names)];

    private static void RequireSameAfterLoading(RunConfig config, LatentVariableModel vae, Dataset data, string what)
    {
        vae.SetMode(ModuleMode.Evaluation);
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        using (FileStream file = File.Create(path)) WeightsFile.From(vae.State).Write(file);
        LatentVariableModel loaded = RunFactory.Model(config with { Training = config.Training with { Seed = 99 } });
        WeightsFile.CopyTo(SafetensorsFile.Read(path), loaded.State, path);
        loaded.SetMode(ModuleMode.Evaluation);
        BoundReport expected = EvidenceLowerBound.Evaluate(vae, data, new Rng(1)), actual = EvidenceLowerBound.Evaluate(loaded, data, new Rng(1));
        Assert.True(double.IsFinite(expected.Elbo.Mean), what);
        Assert.Equal(expected.Elbo, actual.Elbo);
        if (!vae.BoundsLikelihood)
        {
            Assert.Contains("no distribution", Assert.Throws<NotSupportedException>(() => ImportanceWeightedBound.Evaluate(vae, data[..20], 20, new Rng(2))).Message, StringComparison.Ordinal);
            return;
        }

        double nll = ImportanceWeightedBound.Evaluate(vae, data[..20], 20, new Rng(2)).Mean;
        Assert.Equal(nll, ImportanceWeightedBound.Evaluate(loaded, data[..20], 20, new Rng(2)).Mean);
        Tensor? context = vae.Context == 0 ? null : Tensor.Eye(vae.Context, vae.DType).Slice(0, 1, 1).BroadcastTo([5, vae.Context]);
        Tensor drawn = vae.Generate(5, new Rng(3), context);
        Assert.Equal([5, 8, 8], drawn.Shape);
        Assert.Equal(drawn.Doubles(), loaded.Generate(5, new Rng(3), context).Doubles());
        Assert.True(drawn.IsFinite(), what);
    }
}
