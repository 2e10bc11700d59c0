using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training;
using Reparam.Training.Runs;

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
        RunConfig plain = RehearsedRun.ConfigOf(kind);
        Dataset train = RunData.Load(plain).Train;
        int compared = 0;
        foreach (RunConfig config in Variants(plain))
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

    private static IEnumerable<RunConfig> Variants(RunConfig plain)
    {
        RunConfig Of(Func<ModelConfig, ModelConfig> change) => plain with { Model = change(plain.Model) };
        foreach (string posterior in s_posteriors)
        {
            foreach (string prior in s_priors)
            {
                foreach (string? discrete in s_discretes)
                {
                    RunConfig config = Of(m => m with { Posterior = posterior, Prior = prior });
                    yield return config with { Objective = config.Objective with { Discrete = discrete } };
                }
            }
        }

        foreach (Likelihood likelihood in Likelihood.All) yield return Of(m => m with { Likelihood = likelihood.Name });
        yield return Of(m => m with { Likelihood = "gaussian:0.5" });
        yield return Of(m => m with { Weights = "bayesian" });
        yield return Of(m => m with { Normalization = "batch" });
        foreach (string estimator in (string[])["sampled", "sticking-the-landing", "doubly-reparameterized"])
            yield return plain with { Objective = plain.Objective with { Estimator = estimator } };
        foreach (string family in (string[])["hierarchical", "ladder"])
            yield return Of(m => m with { Family = family, Upper = null, UpperHidden = null });
        yield return Of(m => m with { Family = "semi-supervised", Classes = 4 });
        yield return Of(m => m with { Kind = "conv", Channels = [2, 3], Hidden = [5], DecoderHidden = null });
        ModelConfig residual = plain.Model with { Kind = "resnet", Channels = [2, 3], Hidden = [5], Attention = true };
        yield return Of(_ => residual with { DecoderHidden = null });
        ModelConfig quantised = plain.Model with { Family = "vq-vae", Kind = "conv", Channels = [2, 3], Codes = 4 };
        foreach (string prior in (string[])["standard", "autoregressive:1"])
            yield return Of(_ => quantised with { Hidden = [], DecoderHidden = [], Prior = prior });
    }
}
