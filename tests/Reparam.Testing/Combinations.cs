using Reparam.Runs;

namespace Reparam.Testing;

/// <summary>Small models of every kind and objectives of every kind, as settings, to be combined.</summary>
public static class Combinations
{
    public static IReadOnlyList<(string Name, string[] Settings)> Models { get; } =
    [
        ("mlp", []),
        ("conv", ["model.network=conv", "model.network.channels=3"]),
        ("resnet", ["model.network=resnet", "model.network.channels=8"]),
        ("denoising", ["model.input_noise=0.3"]),
        ("conditional", ["model.condition=labels", "model.context=4"]),
        ("conditional conv",
            ["model.network=conv", "model.network.channels=3", "model.condition=labels", "model.context=4"]),
        ("learned scale", ["model.likelihood=gaussian-learned"]),
        ("scales by element", ["model.likelihood=gaussian-sigmoid"]),
        ("optimal scale", ["model.likelihood=gaussian-optimal"]),
        ("autoencoder", ["model.posterior=point"]),
        ("bayesian", ["model.network.weights=bayesian"]),
        ("normalized", ["model.network.normalization=batch"]),
        .. new[] { "planar:2", "radial:2", "sylvester:1", "iaf:2", "coupling:2", "spline:1", "bnaf:1", "full",
            "low-rank:1", "mixture:2", "vmf", "power-spherical", "bernoulli", "categorical:3" }
            .Select(p => (p, (string[])[$"model.posterior={p}"])),
        .. new[] { "laplace", "mixture:4", "vamp:5", "flow:2", "autoregressive:2" }.Select(
            p => ("prior " + p, (string[])[$"model.prior={p}"])),
        ("iaf:1 with prior flow:2", ["model.posterior=iaf:1", "model.prior=flow:2"]),
        ("categorical:3 with prior autoregressive", ["model.posterior=categorical:3", "model.prior=autoregressive"]),
        ("hierarchical", ["model=hierarchical", "model.upper=2"]),
        ("hierarchical conv", ["model=hierarchical", "model.network=conv", "model.network.channels=3",
            "model.upper=2,2", "model.prior=mixture:3"]),
        ("ladder", ["model=ladder", "model.upper=2,1", "model.upper_hidden=8,4"]),
        ("normalized ladder",
            ["model=ladder", "model.upper=2,1", "model.upper_hidden=8,4", "model.network.normalization=batch"]),
        ("normalized hierarchical", ["model=hierarchical", "model.upper=2", "model.network.normalization=batch"]),
        ("vq-vae", ["model=vq-vae", "model.network.channels=4", "model.codes=6", "model.network.hidden="]),
        ("vq-vae with prior autoregressive", ["model=vq-vae", "model.network.channels=4", "model.codes=6",
            "model.network.hidden=", "model.prior=autoregressive"]),
        ("joint", ["model=joint", "model.variables=2", "model.outcomes=3"]),
        ("semi-supervised", ["model=semi-supervised", "model.classes=4"]),
        ("semi-supervised conv", ["model=semi-supervised", "model.network=conv", "model.network.channels=3",
            "model.classes=4", "model.prior=flow:2"]),
    ];

    public static IReadOnlyList<(string Name, string[] Settings)> Objectives { get; } =
    [
        ("elbo", []),
        ("elbo sampled", ["objective.estimator=sampled"]),
        ("score function", ["objective.discrete=score-function", "objective.samples=2"]),
        ("sticking the landing", ["objective.estimator=sticking-the-landing"]),
        ("capacity", ["objective.capacity=1", "objective.beta=10"]),
        ("free bits", ["objective.free_bits=0.1"]),
        ("free nats", ["objective.free_nats=1e-6"]),
        .. new[] { "beta-tcvae", "factor-vae", "dip-vae-i", "dip-vae-ii", "info-vae", "wae-mmd", "swae", "aae",
            "vae-gan" }.Select(k => (k, (string[])[$"objective={k}"])),
        ("beta-tcvae straight through", ["objective=beta-tcvae", "objective.discrete=straight-through-gumbel-softmax"]),
        .. new[] { "iwae", "miwae", "piwae", "ciwae", "renyi", "rws" }
            .Select(k => (k, (string[])[$"objective={k}", "objective.samples=4", .. k is "miwae" or "piwae"
                ? ["objective.groups=2"] : Array.Empty<string>()])),
        ("wake-sleep", ["objective=wake-sleep"]),
        ("doubly reparameterized",
            ["objective=iwae", "objective.samples=4", "objective.estimator=doubly-reparameterized"]),
    ];

    /// <summary>The settings of a run with a small model of images of 8 x 8 pixels.</summary>
    public static RunSettings Of(IReadOnlyList<string> model) => Configured.With(
        ["model.event_shape=8,8", "model.latent=3", "model.network.hidden=12", "training.batch=20", .. model]);

    /// <summary>The same model with an objective. How discrete latents are drawn is a setting of these alone.</summary>
    public static RunSettings With(RunSettings model, IReadOnlyList<string> objective) => model.With(objective.Where(
        v => model.Model.HasDiscreteLatents || !v.StartsWith("objective.discrete=", StringComparison.Ordinal)));
}
