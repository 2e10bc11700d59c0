using Reparam.Models;
using Reparam.Objectives;
using Reparam.Objectives.Penalties;
using Reparam.Tensors;

namespace Reparam.Training.Runs;

/// <summary>Builds the objective that a configuration names, and refuses what a run's latents cannot give it.</summary>
internal static class ObjectiveFactory
{
    private const string Enumeration = "enumeration";

    private const int AdversaryWidth = 256;

    private const double LargestAdversary = 50_000_000;

    private static readonly string[] s_kinds = ["elbo", "beta-tcvae", "dip-vae-i", "dip-vae-ii", "factor-vae", "info-vae", "wae-mmd", "aae", "vae-gan", "iwae", "miwae", "piwae", "ciwae", "renyi", "rws", "wake-sleep"];

    /// <inheritdoc cref="RunFactory.Objective"/>
    public static Objective Make(RunConfig config, int dataCount)
    {
        ArgumentNullException.ThrowIfNull(config);
        ObjectiveConfig objective = config.Objective;
        bool classes = config.Model.Family == "semi-supervised";
        string? asked = objective.Discrete;
        objective = objective with { Discrete = asked ?? (classes ? Enumeration : "gumbel-softmax") };
        RunFactory.Bounded("objective.samples", objective.Samples, 1, 100_000);
        RunFactory.NonNegative("objective.beta", objective.Beta);
        RunFactory.NonNegative("objective.free_bits", objective.FreeBits);
        RunFactory.NonNegative("objective.free_nats", objective.FreeNats);
        if (objective.FreeBits > 0 && objective.FreeNats > 0) throw new InvalidConfigException("objective.free_bits and objective.free_nats exclude each other; set one to 0.");
        RunFactory.NonNegative("objective.warmup_steps", objective.WarmupSteps);
        RunFactory.NonNegative("objective.cycle_steps", objective.CycleSteps);
        if (objective.WarmupSteps > 0 && objective.CycleSteps > 0) throw new InvalidConfigException("objective.warmup_steps and objective.cycle_steps exclude each other; set one to 0.");
        var posterior = PosteriorSpec.Parse(config.Model.Posterior);
        bool isDiscrete = posterior.IsDiscrete || classes;
        DiscreteGradient discrete = isDiscrete ? DiscreteOf(objective) : DiscreteGradient.ScoreFunction;
        if (objective.Discrete == Enumeration && !classes) throw new InvalidConfigException($"objective.discrete '{Enumeration}' sums over the class of model.family 'semi-supervised', and this is '{config.Model.Family}'; leave it out.");
        ObjectiveConfig defaults = new();
        bool tempered = objective.Temperature != defaults.Temperature || objective.TemperatureRate != defaults.TemperatureRate || objective.TemperatureFloor != defaults.TemperatureFloor;
        // "gumbel-softmax" was what configurations said when they could not leave it open.
        if (!isDiscrete && (asked is not (null or "gumbel-softmax") || tempered))
            throw new InvalidConfigException(config.Model.Family == "vae"
                ? $"objective.discrete and objective.temperature belong to discrete latents, and model.posterior is '{config.Model.Posterior}'; leave them out, or choose bernoulli or categorical."
                : $"objective.discrete and objective.temperature belong to discrete latents that are drawn, and model.family '{config.Model.Family}' has none; leave them out.");
        if (tempered && objective.Discrete is ("score-function" or "straight-through" or Enumeration))
            throw new InvalidConfigException($"objective.temperature belongs to a Gumbel-Softmax, not to objective.discrete '{objective.Discrete}'; leave it out.");
        if (posterior.IsDiscrete && objective.Estimator is "sticking-the-landing" or "doubly-reparameterized")
            throw new InvalidConfigException($"objective.estimator '{objective.Estimator}' weighs the gradient through draws, and discrete latents ('{config.Model.Posterior}') have none; leave it at 'closed-form-kl'.");
        if (discrete.IsRelaxed && objective.Estimator == "sampled" && IsElbo(objective.Kind))
            throw new InvalidConfigException($"objective.estimator 'sampled' needs the probability of each draw, which objective.discrete '{objective.Discrete}' does not keep: leave it at 'closed-form-kl'.");
        if (posterior.IsDiscrete && objective.Discrete == "score-function" && (HasFloor(objective) || objective.Capacity > 0) && (objective.Estimator != "closed-form-kl" || config.Model.Prior != "standard"))
            throw new InvalidConfigException($"objective.free_bits, free_nats and capacity need the KL in closed form where draws carry no gradient (objective.discrete 'score-function'), and objective.estimator '{objective.Estimator}' with model.prior '{config.Model.Prior}' draws it; set them to 0.");
        RequireOwnSettings(objective);
        if (objective.Kind == "beta-tcvae" && discrete.IsRelaxed)
            throw new InvalidConfigException($"objective.kind 'beta-tcvae' needs the probability of each draw, which objective.discrete '{objective.Discrete}' does not keep: set it to 'straight-through-gumbel-softmax'.");
        if (objective.Kind is "beta-tcvae" or "factor-vae" or "info-vae" or "wae-mmd" or "aae" or "vae-gan" && posterior.IsDiscrete && discrete == DiscreteGradient.ScoreFunction)
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' needs a gradient through the draws, which objective.discrete 'score-function' has none of: set it to 'straight-through-gumbel-softmax'.");
        if (objective.Kind is "beta-tcvae" or "factor-vae" or "dip-vae-i" or "dip-vae-ii" or "info-vae" or "wae-mmd" && config.Training.Batch < 2)
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' compares the data of a batch, and training.batch is {config.Training.Batch}; set it to 2 at least, some hundred better.");
        if (objective.Kind is "wake-sleep" or "vae-gan" && config.Model.Normalization == "batch")
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' decodes draws of the prior beside the data's codes, whose averages are not theirs, and model.normalization is 'batch'; set that to none.");
        RequireFamily(config, objective);
        RequireFittingLatents(config, posterior);
        if (objective.Kind is "vae-gan" or "wake-sleep") return WithoutBound(config, objective, discrete);
        return IsElbo(objective.Kind)
            ? ElboOf(config, objective, discrete, dataCount)
            : WeightedBoundOf(objective, discrete, posterior, config.Model.Weights);
    }

    private static bool HasFloor(ObjectiveConfig objective) => objective.FreeBits > 0 || objective.FreeNats > 0;

    private static bool IsElbo(string kind) => kind is "elbo" or "factor-vae" or "aae" or "beta-tcvae" or "dip-vae-i" or "dip-vae-ii" or "info-vae" or "wae-mmd";

    /// <summary>Refuses what a model's family has no formula for.</summary>
    private static void RequireFamily(RunConfig config, ObjectiveConfig objective)
    {
        (string family, ObjectiveConfig defaults) = (config.Model.Family, new ObjectiveConfig());
        if (objective.Supervision != defaults.Supervision && family != "semi-supervised") throw new InvalidConfigException($"objective.supervision belongs to model.family 'semi-supervised', not to '{family}'; leave it out.");
        if (objective.Commitment != defaults.Commitment && family != "vq-vae") throw new InvalidConfigException($"objective.commitment belongs to model.family 'vq-vae', not to '{family}'; leave it out.");
        RunFactory.NonNegative("objective.supervision", objective.Supervision);
        RunFactory.NonNegative("objective.commitment", objective.Commitment);
        bool layered = config.Model.IsLayered, weighed = objective.Beta != 1 || objective.WarmupSteps > 0 || objective.CycleSteps > 0;
        if (family == "ladder" && objective.Kind == "wake-sleep") throw new InvalidConfigException("objective.kind 'wake-sleep' needs a q apart from the generative model, and that of model.family 'ladder' holds part of it; use model.family 'hierarchical'.");
        if (family == "vq-vae" && config.Model.Prior == "standard" && weighed) throw new InvalidConfigException("objective.beta, warmup_steps and cycle_steps weigh a KL that is the same for all codes under the uniform prior of model.family 'vq-vae'; leave them out, or set model.prior to autoregressive.");
        if (config.Model.Likelihood == "gaussian-optimal" && (family == "semi-supervised" || !(IsElbo(objective.Kind) || objective.Kind == "vae-gan")))
            throw new InvalidConfigException($"model.likelihood 'gaussian-optimal' is best for a plain mean over draws, which objective.kind '{objective.Kind}' with model.family '{family}' does not take; use gaussian-learned.");
        if (layered && objective.Kind is not ("elbo" or "iwae" or "miwae" or "ciwae" or "renyi" or "wake-sleep"))
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' has no formula for layers of latents that depend on each other's draws (model.family '{family}'); use elbo, iwae, miwae, ciwae, renyi or wake-sleep.");
        if (layered && objective.Estimator is not ("closed-form-kl" or "sampled"))
            throw new InvalidConfigException($"objective.estimator '{objective.Estimator}' would leave out a gradient that passes from layer to layer (model.family '{family}'); leave it at 'closed-form-kl'.");
        if (family == "hierarchical" && objective.FreeBits > 0)
            throw new InvalidConfigException("objective.free_bits needs the KL of each latent in closed form, which layers inferred from the bottom up (model.family 'hierarchical') have not; set it to 0, or use objective.free_nats or model.family 'ladder'.");
        if (family is "vq-vae" or "semi-supervised" && objective.Kind != "elbo") throw new InvalidConfigException($"objective.kind '{objective.Kind}' does not go with model.family '{family}'; use 'elbo'.");
        if (family is "vq-vae" or "semi-supervised" && objective.Estimator != "closed-form-kl") throw new InvalidConfigException($"objective.estimator '{objective.Estimator}' does not go with model.family '{family}'; leave it at 'closed-form-kl'.");
        if (family is "vq-vae" or "semi-supervised" && (HasFloor(objective) || objective.Capacity > 0)) throw new InvalidConfigException($"objective.free_bits, free_nats and capacity do not go with model.family '{family}'; set them to 0.");
        if (family == "vq-vae" && objective.Samples != 1) throw new InvalidConfigException("model.family 'vq-vae' chooses its codes and draws nothing; leave objective.samples at 1.");
        if (objective.Discrete == Enumeration && family == "semi-supervised" && objective.Samples != 1) throw new InvalidConfigException($"objective.discrete '{Enumeration}' scores each class once; leave objective.samples at 1.");
        if (PriorSpec.Parse(config.Model.Prior).Kind == "autoregressive" && PosteriorSpec.Parse(config.Model.Posterior).IsDiscrete && DiscreteOf(objective).IsRelaxed)
            throw new InvalidConfigException($"model.prior '{config.Model.Prior}' needs the probability of each draw, which objective.discrete '{objective.Discrete}' does not keep: set it to 'straight-through-gumbel-softmax' or 'score-function'.");
    }

    /// <summary>Refuses latents that the objective has no formula for, or whose gradient it would leave out.</summary>
    private static void RequireFittingLatents(RunConfig config, PosteriorSpec posterior)
    {
        (ObjectiveConfig objective, ModelConfig model) = (config.Objective, config.Model);
        bool independent = posterior.Kind == "normal" || posterior.IsDiscrete, learned = model.Prior != "standard";
        if (posterior.Kind == "point" && (objective.Kind is not ("elbo" or "wae-mmd" or "aae") || objective.Estimator != "closed-form-kl" || objective.FreeNats > 0 || objective.Capacity > 0))
            throw new InvalidConfigException("model.posterior 'point' is an autoencoder, which has no distribution to estimate with: use objective.kind elbo (whose objective.beta weighs |z|^2 / 2), wae-mmd or aae, with objective.estimator 'closed-form-kl' and no objective.free_nats or capacity.");
        if (objective.FreeBits > 0 && (!independent || learned))
            throw new InvalidConfigException($"objective.free_bits needs the KL of each latent in closed form, which model.posterior '{model.Posterior}' with model.prior '{model.Prior}' has not; set it to 0, or use objective.free_nats.");
        if (objective.Kind == "beta-tcvae" && !independent)
            throw new InvalidConfigException($"objective.kind 'beta-tcvae' needs independent latents, and model.posterior is '{model.Posterior}'; set that to normal.");
        if (objective.Kind == "factor-vae" && posterior.IsSpherical)
            throw new InvalidConfigException($"objective.kind 'factor-vae' shuffles coordinates, which leaves the sphere of model.posterior '{model.Posterior}'; set that to normal.");
        if (objective.Kind is "dip-vae-i" or "dip-vae-ii" && posterior.Kind is not "normal" && (objective.Kind == "dip-vae-ii" || posterior.Kind is not ("full" or "low-rank" or "mixture")))
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' holds the codes' covariance to that of N(0, I), which it cannot do for model.posterior '{model.Posterior}'; set that to normal.");
        if (objective.Kind is "info-vae" or "wae-mmd" or "aae" && learned)
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' compares codes with draws of the prior, through which no gradient reaches model.prior '{model.Prior}'; set that to 'standard'.");
        if (objective.Kind is "rws" or "piwae" or "wake-sleep" or "vae-gan" && PriorSpec.Parse(model.Prior).Kind == "vamp")
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' gives the encoder a loss of its own, and model.prior '{model.Prior}' is the encoder too; use a mixture or flow prior.");
        if (config.Training.Patience > 0 && (objective.Kind is "info-vae" or "wae-mmd" or "aae" or "vae-gan" || posterior.Kind == "point"))
            throw new InvalidConfigException($"training.patience stops by the evidence lower bound, which objective.kind '{objective.Kind}' with model.posterior '{model.Posterior}' does not maximise; set training.patience to 0.");
    }

    /// <summary>Elements of the largest tensor that an objective makes of a batch by itself, in doubles that cannot overflow.</summary>
    public static double LargestOf(ObjectiveConfig objective, PosteriorSpec posterior, double latents, double batch)
    {
        double samples = Math.Max(1, objective.Samples);
        return objective.Kind switch
        {
            "beta-tcvae" => samples * batch * batch * latents,
            "info-vae" or "wae-mmd" => batch * batch * latents,
            "factor-vae" or "aae" => 2 * batch * AdversaryWidth,
            "dip-vae-i" or "dip-vae-ii" => latents * latents,
            // Each draw's signal is what the others say without it.
            _ when !IsElbo(objective.Kind) && posterior.IsDiscrete => samples * samples * batch,
            _ => 0,
        };
    }

    /// <summary>Settings that an objective of this kind has no use for are mistakes.</summary>
    private static void RequireOwnSettings(ObjectiveConfig objective)
    {
        string kind = objective.Kind;
        if (!s_kinds.Contains(kind)) throw RunFactory.Unknown("objective.kind", kind, s_kinds);
        if (objective.Alpha is not null && kind is not ("renyi" or "ciwae" or "info-vae" or "vae-gan")) throw new InvalidConfigException($"objective.alpha belongs to 'renyi', 'ciwae', 'info-vae' and 'vae-gan', not to '{kind}'; leave it out.");
        if (objective.Penalty is not null && kind is not ("beta-tcvae" or "factor-vae" or "dip-vae-i" or "dip-vae-ii" or "info-vae" or "wae-mmd" or "aae"))
            throw new InvalidConfigException($"objective.penalty belongs to 'beta-tcvae', 'factor-vae', 'dip-vae-i', 'dip-vae-ii', 'info-vae', 'wae-mmd' and 'aae', not to '{kind}'; leave it out.");
        if (objective.Groups != new ObjectiveConfig().Groups && kind is not ("miwae" or "piwae")) throw new InvalidConfigException($"objective.groups belongs to 'miwae' and 'piwae', not to '{kind}'; leave it out.");
        if (objective.Penalty is { } penalty) RunFactory.NonNegative("objective.penalty", penalty);
        RunFactory.NonNegative("objective.capacity", objective.Capacity);
        RunFactory.NonNegative("objective.capacity_steps", objective.CapacitySteps);
        if (objective.CapacitySteps > 0 && objective.Capacity == 0) throw new InvalidConfigException("objective.capacity_steps needs an objective.capacity to rise to.");
        if (objective.Sampling is not ("stratified" or "weighted")) throw RunFactory.Unknown("objective.sampling", objective.Sampling, ["stratified", "weighted"]);
    }

    private static Elbo ElboOf(RunConfig config, ObjectiveConfig objective, DiscreteGradient discrete, int dataCount)
    {
        double told = config.Data.Labels < 0 ? dataCount : config.Data.Labels;
        double alpha = objective.Kind == "info-vae" ? objective.Alpha ?? 0 : 0, beta = objective.Beta;
        if (!(alpha <= 1) || !double.IsFinite(alpha)) throw new InvalidConfigException($"objective.alpha of 'info-vae' leaves out a part of the KL, at most 1, not {alpha}.");
        if (objective.Kind is "info-vae" or "wae-mmd" or "aae")
        {
            if (objective.Beta != 1)
                throw new InvalidConfigException($"objective.kind '{objective.Kind}' {(objective.Kind == "info-vae" ? "weighs the KL itself (objective.alpha)" : "pays no KL")}; leave objective.beta at 1.");
            if (objective.Kind != "info-vae" && (objective.WarmupSteps > 0 || objective.CycleSteps > 0 || HasFloor(objective) || objective.Capacity > 0))
                throw new InvalidConfigException($"objective.kind '{objective.Kind}' pays no KL: leave objective.warmup_steps, cycle_steps, free_bits, free_nats and capacity at 0.");
            if (objective.Kind == "info-vae" && alpha + (objective.Penalty ?? 1000) < 1)
                throw new InvalidConfigException($"objective.kind 'info-vae' weighs its penalty by alpha + penalty - 1, which is negative here ({alpha} + {objective.Penalty} - 1); raise objective.penalty.");
            beta = objective.Kind is "wae-mmd" or "aae" ? 0 : 1 - alpha;
        }

        return new Elbo(objective.Samples)
        {
            Discrete = discrete,
            DataCount = dataCount,
            Supervision = config.Model.Family == "semi-supervised" && told > 0 ? objective.Supervision * dataCount / told : 0,
            // Said, in the objective's name, only where there is a codebook.
            Commitment = config.Model.Family == "vq-vae" ? objective.Commitment : 0,
            Beta = BetaOf(objective, beta),
            Capacity = objective.Capacity == 0 ? null : objective.CapacitySteps > 0 ? Schedule.Linear(0, objective.Capacity, objective.CapacitySteps) : objective.Capacity,
            FreeBits = objective.FreeBits > 0 ? FreeBits.PerDimension(objective.FreeBits) : objective.FreeNats > 0 ? FreeBits.Total(objective.FreeNats) : FreeBits.None,
            Penalties = objective.Kind switch
            {
                "beta-tcvae" => [TotalCorrelationOf(objective, dataCount)],
                "dip-vae-i" => [new DisentangledInferredPrior(objective.Penalty ?? 10, 10 * (objective.Penalty ?? 10), wholePosterior: false)],
                "dip-vae-ii" => [new DisentangledInferredPrior(objective.Penalty ?? 10, objective.Penalty ?? 10, wholePosterior: true)],
                "info-vae" => [new AggregateDiscrepancy(alpha + (objective.Penalty ?? 1000) - 1)],
                "wae-mmd" => [new AggregateDiscrepancy(objective.Penalty ?? 10)],
                "factor-vae" => [new AdversarialTotalCorrelation(objective.Penalty ?? 6, AdversaryOf(config, CodeSize(config.Model)))],
                "aae" => [new AdversarialPrior(objective.Penalty ?? 10, AdversaryOf(config, CodeSize(config.Model)))],
                _ => [],
            },
            Estimator = objective.Estimator switch
            {
                "closed-form-kl" => ElboEstimator.ClosedFormKL,
                "sampled" => ElboEstimator.Sampled,
                "sticking-the-landing" => ElboEstimator.StickingTheLanding,
                "doubly-reparameterized" => throw new InvalidConfigException("objective.estimator 'doubly-reparameterized' is for objective.kind 'iwae'; for 'elbo' it is 'sticking-the-landing'."),
                _ => throw RunFactory.Unknown("objective.estimator", objective.Estimator, ["closed-form-kl", "sampled", "sticking-the-landing"]),
            },
        };
    }

    /// <summary>Objectives that the encoder and the rest of the model do not share.</summary>
    private static Objective WithoutBound(RunConfig config, ObjectiveConfig objective, DiscreteGradient discrete)
    {
        if (objective.Samples != 1) throw new InvalidConfigException($"objective.kind '{objective.Kind}' takes one draw; leave objective.samples at 1.");
        if (objective.Estimator != "closed-form-kl" || HasFloor(objective) || objective.Capacity > 0) throw new InvalidConfigException($"objective.kind '{objective.Kind}' has no use for objective.estimator, free_bits, free_nats or capacity; leave them out.");
        if (config.Model.Weights != "point") throw new InvalidConfigException($"objective.kind '{objective.Kind}' has no place for the KL of uncertain weights: with model.weights '{config.Model.Weights}' use 'elbo'.");
        bool weighed = objective.Beta != 1 || objective.WarmupSteps > 0 || objective.CycleSteps > 0;
        if (objective.Kind == "wake-sleep")
        {
            if (weighed) throw new InvalidConfigException("objective.kind 'wake-sleep' has no KL term to weigh: leave beta at 1 and warmup_steps and cycle_steps at 0.");
            if (discrete.IsRelaxed || discrete != DiscreteGradient.ScoreFunction) throw new InvalidConfigException($"objective.kind 'wake-sleep' passes no gradient through draws, and objective.discrete '{objective.Discrete}' makes one: set it to 'score-function', which is not used.");
            return new WakeSleep();
        }

        Likelihood likelihood = RunFactory.LikelihoodOf(config.Model.Likelihood);
        if (likelihood.LearnedScalars.Count > 0 || likelihood.OutputsPerElement > 1) throw new InvalidConfigException($"objective.kind 'vae-gan' does not score data by their likelihood, and nothing would train the scale of model.likelihood '{config.Model.Likelihood}'; use bernoulli, a gaussian of fixed scale or gaussian-optimal.");
        if (config.Model.Family != "vae") throw new InvalidConfigException($"objective.kind 'vae-gan' does not go with model.family '{config.Model.Family}'; use 'elbo'.");
        double size = config.Model.EventShape.Aggregate(1.0, (product, extent) => product * extent), similarity = objective.Alpha ?? 1;
        if (!(similarity >= 0) || !double.IsFinite(similarity)) throw new InvalidConfigException($"objective.alpha of 'vae-gan' weighs the likeness to the datum, at least 0, not {similarity}.");
        return new VaeGan(AdversaryOf(config, size)) { Similarity = similarity, Discrete = discrete, Beta = BetaOf(objective, objective.Beta) };
    }

    /// <summary>The network of an objective that has one.</summary>
    private static Discriminator AdversaryOf(RunConfig config, double size)
    {
        double parameters = (size + AdversaryWidth + 2) * AdversaryWidth;
        return parameters <= LargestAdversary
            ? new Discriminator((int)size, RunFactory.RngOf(config).Split("adversary"), [AdversaryWidth, AdversaryWidth])
            : throw new InvalidConfigException($"The discriminator of objective.kind '{config.Objective.Kind}' would have {parameters:N0} parameters; at most {LargestAdversary:N0}. Use another objective.");
    }

    private static double CodeSize(ModelConfig model) => PosteriorSpec.Parse(model.Posterior).Family.EventShape(model.Latent).Size;

    private static Schedule BetaOf(ObjectiveConfig objective, double beta) =>
        objective.WarmupSteps > 0 ? Schedule.Linear(0, beta, objective.WarmupSteps) : objective.CycleSteps > 0 ? Schedule.Cyclical(0, beta, objective.CycleSteps) : beta;

    private static TotalCorrelation TotalCorrelationOf(ObjectiveConfig objective, int dataCount)
    {
        double beta = objective.Penalty ?? 6;
        if (beta < 1) throw new InvalidConfigException($"objective.penalty of 'beta-tcvae' is its beta, at least 1, not {beta}.");
        return new TotalCorrelation(Math.Max(1, dataCount), beta - 1, sampling: objective.Sampling == "weighted" ? AggregateSampling.Weighted : AggregateSampling.Stratified);
    }

    private static Objective WeightedBoundOf(ObjectiveConfig objective, DiscreteGradient discrete, PosteriorSpec posterior, string weights)
    {
        if (weights != "point") throw new InvalidConfigException($"objective.kind '{objective.Kind}' is no bound where weights are uncertain: with model.weights '{weights}' use 'elbo'.");
        if (objective.Beta != 1 || objective.WarmupSteps > 0 || objective.CycleSteps > 0 || HasFloor(objective) || objective.Capacity > 0)
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' has no KL term of its own: leave beta at 1 and warmup_steps, cycle_steps, free_bits, free_nats and capacity at 0, or use 'elbo'.");
        if (discrete != DiscreteGradient.ScoreFunction)
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' needs the probability of each draw, which objective.discrete '{objective.Discrete}' does not keep: set it to 'score-function' (VIMCO), or use 'elbo'.");
        if (objective.Kind == "rws")
        {
            if (objective.Samples < 2) throw new InvalidConfigException("objective.kind 'rws' weighs draws against each other: set objective.samples to 2 or more.");
            if (objective.Estimator is not ("closed-form-kl" or "sampled")) throw new InvalidConfigException("objective.kind 'rws' passes no gradient through draws; leave objective.estimator at its default.");
            return new ReweightedWakeSleep(objective.Samples);
        }

        int groups = objective.Kind is "miwae" or "piwae" ? objective.Groups : 1;
        if (objective.Samples < groups) throw new InvalidConfigException($"objective.kind '{objective.Kind}' divides objective.samples draws into {groups} groups: set objective.samples to a multiple of {groups}, or objective.groups to less.");
        RunFactory.Bounded("objective.groups", groups, 1, objective.Samples);
        if (objective.Samples % groups != 0) throw new InvalidConfigException($"objective.samples {objective.Samples} cannot be divided into {groups} groups of one size; set objective.samples to a multiple of objective.groups.");
        if (posterior.IsDiscrete && objective.Samples / groups < 2)
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' with discrete latents needs objective.samples of at least 2{(groups > 1 ? " in each group" : "")}, for each draw to be measured by the others.");
        double alpha = objective.Alpha ?? (objective.Kind == "renyi" ? 0.5 : objective.Kind == "ciwae" ? 0.05 : 0);
        if (!double.IsFinite(alpha) || (objective.Kind == "ciwae" && alpha is < 0 or > 1)) throw new InvalidConfigException($"objective.alpha of '{objective.Kind}' is {(objective.Kind == "ciwae" ? "the share of the ELBO, from 0 to 1" : "finite")}, not {alpha}.");
        return new ImportanceWeightedElbo(objective.Samples)
        {
            Groups = groups,
            Partial = objective.Kind == "piwae",
            ElboShare = objective.Kind == "ciwae" ? alpha : 0,
            Order = objective.Kind == "renyi" ? alpha : 0,
            Gradient = objective.Estimator switch
            {
                // A bound of log weights has no KL to take in closed form: the default of both kinds means all of the gradient.
                "closed-form-kl" or "sampled" => PathGradient.Total,
                "sticking-the-landing" => PathGradient.StickingTheLanding,
                "doubly-reparameterized" => PathGradient.DoublyReparameterized,
                _ => throw RunFactory.Unknown("objective.estimator", objective.Estimator, ["sampled", "sticking-the-landing", "doubly-reparameterized"]),
            },
        };
    }

    private static DiscreteGradient DiscreteOf(ObjectiveConfig objective)
    {
        if (!(objective.Temperature > 0) || !double.IsFinite(objective.Temperature)) throw new InvalidConfigException($"objective.temperature is positive and finite, not {objective.Temperature}.");
        RunFactory.NonNegative("objective.temperature_rate", objective.TemperatureRate);
        if (objective.TemperatureRate > 0 && !(objective.TemperatureFloor > 0 && objective.TemperatureFloor <= objective.Temperature))
            throw new InvalidConfigException($"objective.temperature_floor lies above 0 and not above objective.temperature, {objective.Temperature}; it is {objective.TemperatureFloor}.");
        Schedule temperature = objective.TemperatureRate > 0
            ? Schedule.Exponential(objective.Temperature, PortableMath.Exp(-objective.TemperatureRate)).AtLeast(objective.TemperatureFloor)
            : objective.Temperature;
        return objective.Discrete switch
        {
            Enumeration => DiscreteGradient.Enumeration,
            "score-function" => DiscreteGradient.ScoreFunction,
            "straight-through" => DiscreteGradient.StraightThrough,
            "gumbel-softmax" => DiscreteGradient.GumbelSoftmax(temperature),
            "straight-through-gumbel-softmax" => DiscreteGradient.GumbelSoftmax(temperature, straightThrough: true),
            _ => throw RunFactory.Unknown("objective.discrete", objective.Discrete!, [Enumeration, "gumbel-softmax", "straight-through-gumbel-softmax", "straight-through", "score-function"]),
        };
    }
}
