using Reparam.Data;
using Reparam.Models;
using Reparam.Models.Bayesian;
using Reparam.Models.Flows;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Objectives.Penalties;
using Reparam.Tensors;
using Reparam.Tests.Models;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Training;

/// <summary>A rehearsal of what only C# can name counts what a real step counts.</summary>
public sealed class RehearsalKindTests
{
    private static readonly Dictionary<string, (Func<LatentVariableModel> Make, Func<Objective> Goal)> s_kinds = new()
    {
        ["Float64"] = (() => SmallModel.Make(dtype: DType.Float64), () => new Elbo()),
        ["activation normalisation"] = (
            () => Mlp(Flow.Sequence(Flow.ActNorm(3), Flow.Planar(3, 1, Rng))), () => new Elbo()),
        ["flow of activation normalisation as prior"] = (
            () => Mlp(prior: _ => new FlowPrior(Flow.Sequence(Flow.ActNorm(3), Flow.Coupling(3, 2, [5], Rng)))),
            () => new Elbo()),
        ["flow of splines"] = (() => Mlp(Flow.Spline(3, 2, [5], Rng)), () => new Elbo(4)),
        ["free bits"] = (() => SmallModel.Make(), () => new Elbo { FreeBits = FreeBits.PerDimension(0.1) }),
        ["warm-up and capacity"] = (() => SmallModel.Make(), () => new Elbo { Capacity = Schedule.Linear(0, 5, 10) }),
        ["sampled weights"] = (() => Bayesian(WeightNoise.Sampling), () => new Elbo { DataCount = 100 }),
        ["flipout"] = (() => Bayesian(WeightNoise.Flipout), () => new Elbo { DataCount = 100 }),
        ["penalties together"] = (() => SmallModel.Make(), () => new Elbo
        {
            Penalties =
            [
                new TotalCorrelation(2, 100), new AggregateDiscrepancy(3),
                new DisentangledInferredPrior(1, 2, wholePosterior: true),
            ],
        }),
    };

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    private static Rng Rng => new(7);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rehearsal_counts_what_a_real_step_counts(string kind)
    {
        (Func<LatentVariableModel> make, Func<Objective> objective) = s_kinds[kind];
        var rule = new Sgd(0.01, momentum: 0.9);
        var run = new RehearsedRun(make, objective, rule, SmallModel.Ramps(9), Binarization.Dynamic);
        long[] before = run.Hashes();
        run.Rehearse(run.Model);
        Assert.Equal(before, run.Hashes());
        run.Compare();
        Assert.NotEqual(before, run.Hashes());
    }

    private static Vae Mlp(Flow? flow = null, Func<NetworkEncoder, Prior>? prior = null) =>
        Vae.Mlp(SmallModel.Event, 3, [8], Likelihood.Bernoulli, Rng, options: new() { Flow = flow, Prior = prior });

    private static Vae Bayesian(WeightNoise noise) => new(
        new MlpEncoder(SmallModel.Event, 3, [8], Activation.Tanh, Initializer.PyTorch, Rng),
        new BayesianMlpDecoder(
            SmallModel.Event, 3, [8], Activation.Tanh, Likelihood.Bernoulli, Initializer.PyTorch, Rng, noise: noise),
        new StandardNormalPrior(3));
}
