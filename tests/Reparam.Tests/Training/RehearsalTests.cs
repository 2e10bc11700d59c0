using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training;
using Reparam.Runs;

namespace Reparam.Tests.Training;

/// <summary>A step on shapes alone counts exactly what a real first step counts, for every kind of run, and changes
/// nothing.</summary>
public sealed class RehearsalTests(ITestOutputHelper output)
{
    private static readonly string[] s_posteriors =
    [
        "normal", "point", "full", "low-rank:2", "mixture:2", "vmf", "power-spherical", "bernoulli", "categorical:3",
        "planar:2", "sylvester:2", "iaf:1", "coupling:2", "spline:1", "bnaf:1",
    ];

    private static readonly string[] s_priors = ["standard", "mixture:3", "vamp:4", "flow:1", "autoregressive:1"];

    private static readonly string?[] s_discretes =
        [null, "gumbel-softmax", "straight-through-gumbel-softmax", "straight-through", "score-function"];

    public static TheoryData<string> Names =>
    [
        .. ReferenceTable.Load("runs/index.json").Root.EnumerateArray().Select(
            run => run.GetProperty("name").GetString()!),
    ];

    public static TheoryData<string> Objectives =>
    [
        "elbo", "beta-tcvae", "dip-vae-i", "dip-vae-ii", "factor-vae", "info-vae", "wae-mmd", "aae", "vae-gan", "iwae",
        "miwae", "piwae", "ciwae", "renyi", "rws", "wake-sleep",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Rehearsal_counts_what_a_real_step_counts(string name)
    {
        Rehearsal rehearsal = RehearsedRun.Saved(name).Compare();
        output.WriteLine($"{name}: {rehearsal}");
    }

    [Theory]
    [MemberData(nameof(Objectives))]
    public void Every_combination_that_a_configuration_may_name_is_counted(string kind)
    {
        RunSettings plain = RehearsedRun.ConfigOf(kind);
        Dataset train = RunData.Load(plain).Train;
        int compared = 0;
        foreach (RunSettings config in Variants(plain))
        {
            try
            {
                RunFactory.Check(config, train.Count);
            }
            catch (InvalidConfigException)
            {
                continue;
            }

            Rehearsal rehearsal = RehearsedRun.Of(config, train).Compare();
            Assert.True(rehearsal.StepBytes > 0);
            compared++;
        }

        output.WriteLine($"{kind}: {compared} combinations");
        Assert.True(compared >= 8, $"{compared} combinations of {kind} were compared.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rehearsal_changes_nothing_of_a_real_model(string name)
    {
        RehearsedRun run = RehearsedRun.Saved(name), fresh = RehearsedRun.Saved(name);
        ModuleMode?[] Modes() => [.. run.Model.Tree.Select(m => m.Mode)];
        run.Model.Tree.Last().SetMode(ModuleMode.Evaluation);
        long[] hashes = run.Hashes();
        ModuleMode?[] modes = Modes();
        run.Rehearse(run.Model);
        Assert.Equal(hashes, run.Hashes());
        Assert.Equal(modes, Modes());
        Assert.False(ShapeScope.IsOn);
        run.RealStep();
        fresh.RealStep();
        Assert.NotEqual(hashes, run.Hashes());
        Assert.Equal(fresh.Hashes(), run.Hashes());
    }

    private static IEnumerable<RunSettings> Variants(RunSettings plain)
    {
        string[] images = ["model.network.channels=2,3", "model.network.hidden=5"];
        string[] codes = ["model=vq-vae", "model.network.channels=2,3", "model.network.hidden=", "model.codes=4"];
        string[][] changes =
        [
            .. from posterior in s_posteriors
               from prior in s_priors
               from discrete in s_discretes
               let gradient = discrete is null ? Array.Empty<string>() : [$"objective.discrete={discrete}"]
               select (string[])[$"model.posterior={posterior}", $"model.prior={prior}", .. gradient],
            .. Likelihood.All.Select(l => (string[])[$"model.likelihood={l.Name}"]),
            ["model.likelihood=gaussian:0.5"],
            ["model.network.weights=bayesian"],
            ["model.network.normalization=batch"],
            ["objective.estimator=sampled"],
            ["objective.estimator=sticking-the-landing"],
            ["objective.estimator=doubly-reparameterized"],
            ["model=hierarchical"],
            ["model=ladder"],
            ["model=semi-supervised", "model.classes=4"],
            ["model=joint", "model.variables=2", "model.outcomes=4"],
            ["model.network=conv", .. images],
            ["model.network=resnet", .. images, "model.network.attention=true"],
            codes,
            [.. codes, "model.prior=autoregressive"],
        ];
        foreach (string[] change in changes)
        {
            RunSettings config;
            try
            {
                config = plain.With(["model.event_shape=8,8", "model.latent=2", "model.network.hidden=6", .. change]);
            }
            catch (InvalidConfigException)
            {
                continue; // the objective has no such setting
            }

            yield return config;
        }
    }
}
