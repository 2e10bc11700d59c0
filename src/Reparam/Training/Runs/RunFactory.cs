using Reparam.Data;
using Reparam.Models;
using Reparam.Models.Flows;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Objectives.Penalties;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Training.Runs;

/// <summary>Builds what a <see cref="RunConfig"/> names. A configuration is untrusted: every size is bounded before anything is allocated.</summary>
public static class RunFactory
{
    private const int LargestWidth = 65_536;
    private const int LargestChannels = 4096;
    private const int LargestFullCovariance = 512;
    private const int LargestClasses = 10_000;

    /// <summary>The most parameters that a model may have.</summary>
    public const double LargestModel = 200_000_000;

    private const double LargestStep = 32e9; // bytes of a step's intermediate results
    private const double LargestTensor = 500_000_000; // elements; in Float32 just under what one array holds

    private static readonly string[] Kinds = ["mlp", "conv", "resnet"];

    /// <summary>The model, its weights drawn from the run's seed.</summary>
    /// <exception cref="InvalidConfigException">A name is unknown, a size out of bounds, or the data are no images that the model can take.</exception>
    public static Vae Model(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config = Complete(config);
        ModelConfig model = config.Model;
        Likelihood likelihood = RequireBounds(config);
        Activation activation = Activation.All.FirstOrDefault(a => a.Name == model.Activation)
            ?? throw Unknown("model.activation", model.Activation!, Activation.All.Select(a => a.Name));
        Initializer initializer = Initializer.All.FirstOrDefault(i => i.Name == model.Initializer)
            ?? throw Unknown("model.initializer", model.Initializer, Initializer.All.Select(i => i.Name));
        Shape eventShape = Shape.Create([.. model.EventShape]);
        Rng weights = RngOf(config).Split("weights");
        var posterior = PosteriorSpec.Parse(model.Posterior);
        PosteriorFamily family = posterior.Family;
        Flow? flow = posterior.Flow(model.Latent, (int)ModelSize.Of(model, likelihood).Hidden, weights.Split("posterior"));
        Func<NetworkEncoder, Prior>? prior = PriorSpec.Parse(model.Prior).Make(model, likelihood, weights.Split("prior"));
        return model.Kind switch
        {
            "mlp" => Vae.Mlp(eventShape, model.Latent, model.Hidden!, likelihood, weights, activation, initializer, posterior: family, flow: flow, prior: prior, decoderHidden: model.DecoderHidden, context: model.Classes, uncertainWeights: model.Weights == "bayesian"),
            "conv" => Vae.Conv(eventShape, model.Latent, model.Channels, likelihood, weights, model.Hidden, activation, initializer, posterior: family, flow: flow, prior: prior, decoderHidden: model.DecoderHidden, context: model.Classes),
            _ => Vae.Residual(eventShape, model.Latent, model.Channels, likelihood, weights, model.Blocks, model.Attention, model.Hidden, activation, initializer, posterior: family, flow: flow, prior: prior, decoderHidden: model.DecoderHidden, context: model.Classes),
        };
    }

    /// <summary>
    /// The configuration with the architecture's own choices spelt out where it leaves them open. Those that depend on the data's shape stay open until it is
    /// known.
    /// </summary>
    /// <exception cref="InvalidConfigException">The architecture is unknown.</exception>
    public static RunConfig Complete(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        ModelConfig model = config.Model;
        if (!Kinds.Contains(model.Kind)) throw Unknown("model.kind", model.Kind, Kinds);
        model = model with { Activation = model.Activation ?? (model.Kind == "resnet" ? "silu" : "relu") };
        if (model.Kind == "mlp")
        {
            model = model with { Hidden = model.Hidden ?? [256, 256], Channels = model.Channels ?? [] };
        }
        else if (model.EventShape.Count > 0 && (model.Hidden is null || model.Channels is null))
        {
            Shape eventShape = EventShapeOf(model);
            model = model with { Hidden = model.Hidden ?? Vae.DefaultHidden(eventShape), Channels = model.Channels ?? Vae.DefaultChannels(eventShape) };
        }

        return config with { Model = model with { DecoderHidden = model.DecoderHidden ?? model.Hidden?.Reverse().ToArray() } };
    }

    private static Shape EventShapeOf(ModelConfig model)
    {
        if (model.EventShape.Count is 0 or > Shape.MaxRank - 2 || model.EventShape.Any(e => e is < 1 or > LargestWidth))
            throw new InvalidConfigException($"model.event_shape [{string.Join(", ", model.EventShape)}] is not the shape of a datum: 1 to {Shape.MaxRank - 2} extents of 1 to {LargestWidth}.");
        return model.EventShape.Aggregate(1.0, (product, extent) => product * extent) <= LargestModel
            ? Shape.Create([.. model.EventShape])
            : throw new InvalidConfigException($"model.event_shape [{string.Join(", ", model.EventShape)}] has more than {LargestModel:N0} elements, the most that a datum may have.");
    }

    /// <summary>Every size of a complete model against its bound, and the sizes that they multiply to.</summary>
    private static Likelihood RequireBounds(RunConfig config)
    {
        ModelConfig model = config.Model;
        Shape eventShape = EventShapeOf(model);
        Bounded("model.latent", model.Latent, 1, LargestWidth);
        RequireWidths("model.hidden", model.Hidden!);
        RequireWidths("model.decoder_hidden", model.DecoderHidden!);
        Likelihood likelihood = LikelihoodOf(model.Likelihood);
        Bounded("model.blocks", model.Blocks, 0, 64);
        if (model.Kind != "resnet" && model.Blocks != 1) throw new InvalidConfigException($"model.blocks belongs to 'resnet', not to '{model.Kind}'; leave it at 1.");
        if (model.Weights is not ("point" or "bayesian")) throw Unknown("model.weights", model.Weights, ["point", "bayesian"]);
        if (model.Weights == "bayesian" && model.Kind != "mlp") throw new InvalidConfigException($"model.weights 'bayesian' belongs to 'mlp', not to '{model.Kind}'; set it to point.");
        if (model.Kind != "resnet" && model.Attention) throw new InvalidConfigException($"model.attention belongs to 'resnet', not to '{model.Kind}'; set it to false.");
        if (model.Kind == "mlp")
        {
            if (model.Channels!.Count > 0) throw new InvalidConfigException("model.channels belongs to 'conv' and 'resnet', not to 'mlp'; choose one of these with --model, or leave --channels away.");
        }
        else
        {
            if (model.Channels!.Count is 0 or > 16) throw new InvalidConfigException($"model.channels has {model.Channels.Count} entries; 1 to 16, one for each halving of the image.");
            foreach (int width in model.Channels) Bounded("model.channels", width, 1, LargestChannels);
            if (ImageShape.Problem(eventShape, model.Channels.Count) is { } problem) throw new InvalidConfigException($"model.kind '{model.Kind}' does not fit the data. {problem}");
        }

        if (model.Condition is not ("none" or "labels")) throw Unknown("model.condition", model.Condition, ["none", "labels"]);
        if (model.Condition == "none") Bounded("model.classes", model.Classes, 0, 0);
        else Bounded("model.classes", model.Classes, 1, LargestClasses);
        if (model.Condition != "none" && PriorSpec.Parse(model.Prior).Kind == "vamp") throw new InvalidConfigException($"model.prior '{model.Prior}' encodes pseudo-inputs, which have no label, and model.condition is '{model.Condition}'; use a mixture or flow prior.");
        if (model.Posterior == "full" && model.Latent > LargestFullCovariance) throw new InvalidConfigException($"model.posterior 'full' has a matrix of latent x latent numbers for each datum; model.latent is at most {LargestFullCovariance} there, not {model.Latent}. Use low-rank.");
        ModelSize size = ModelSize.Of(model, likelihood);
        string narrower = model.Kind == "mlp" ? "Narrow model.hidden." : "Narrow model.channels or model.hidden.";
        if (size.Parameters > LargestModel)
            throw new InvalidConfigException($"The model would have {size.Parameters:N0} parameters ({size.Parameters * 12 / 1_000_000:N0} MB with optimiser state); at most {LargestModel:N0}. {narrower}");
        double batch = Math.Max(1, config.Training.Batch), draws = batch * Math.Max(1, config.Objective.Samples);
        // Each intermediate result is kept for the way back, has a gradient there, and some need working memory: three times its 4 bytes.
        double encoded = PriorSpec.Parse(model.Prior).Size(model).Encoded;
        var posterior = PosteriorSpec.Parse(model.Posterior);
        double objective = LargestOf(config.Objective, posterior, posterior.Family.EventShape(model.Latent).Size, batch);
        double step = 12 * ((batch + encoded) * size.Encoder + draws * size.Decoder + 3 * objective);
        if (step > LargestStep)
            throw new InvalidConfigException($"A step would need about {step / 1e9:N0} GB for intermediate results ({batch:N0} data, {draws:N0} decoded); at most {LargestStep / 1e9:N0} GB. Lower training.batch or objective.samples. {narrower}");
        double largest = Math.Max(Math.Max(draws, encoded) * size.Largest, objective);
        if (largest > LargestTensor)
            throw new InvalidConfigException($"One intermediate result would have {largest:N0} elements; at most {LargestTensor:N0}. Lower training.batch or objective.samples. {narrower}");
        return likelihood;
    }

    private static void RequireWidths(string key, IReadOnlyList<int> widths)
    {
        if (widths.Count > 64) throw new InvalidConfigException($"{key} has {widths.Count} layers; at most 64.");
        foreach (int width in widths) Bounded(key, width, 1, LargestWidth);
    }

    /// <summary>The objective.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="dataCount">The number of training data, which share the KL of uncertain weights; without effect where weights are points.</param>
    /// <exception cref="InvalidConfigException">A name is unknown or a number out of bounds.</exception>
    public static Objective Objective(RunConfig config, int dataCount = 0)
    {
        ArgumentNullException.ThrowIfNull(config);
        ObjectiveConfig objective = config.Objective;
        Bounded("objective.samples", objective.Samples, 1, 100_000);
        NonNegative("objective.beta", objective.Beta);
        NonNegative("objective.free_bits", objective.FreeBits);
        NonNegative("objective.warmup_steps", objective.WarmupSteps);
        NonNegative("objective.cycle_steps", objective.CycleSteps);
        if (objective.WarmupSteps > 0 && objective.CycleSteps > 0) throw new InvalidConfigException("objective.warmup_steps and objective.cycle_steps exclude each other; set one to 0.");
        var posterior = PosteriorSpec.Parse(config.Model.Posterior);
        DiscreteGradient discrete = posterior.IsDiscrete ? DiscreteOf(objective) : DiscreteGradient.ScoreFunction;
        ObjectiveConfig defaults = new();
        bool tempered = objective.Temperature != defaults.Temperature || objective.TemperatureRate != defaults.TemperatureRate || objective.TemperatureFloor != defaults.TemperatureFloor;
        if (!posterior.IsDiscrete && (objective.Discrete != defaults.Discrete || tempered))
            throw new InvalidConfigException($"objective.discrete and objective.temperature belong to discrete latents, and model.posterior is '{config.Model.Posterior}'; leave them away, or choose bernoulli or categorical.");
        if (tempered && objective.Discrete is ("score-function" or "straight-through"))
            throw new InvalidConfigException($"objective.temperature belongs to a Gumbel-Softmax, not to objective.discrete '{objective.Discrete}'; leave it away.");
        if (posterior.IsDiscrete && objective.Estimator is "sticking-the-landing" or "doubly-reparameterized")
            throw new InvalidConfigException($"objective.estimator '{objective.Estimator}' weighs the gradient through draws, and discrete latents ('{config.Model.Posterior}') have none; leave it at 'closed-form-kl'.");
        if (discrete.IsRelaxed && objective.Estimator == "sampled" && IsElbo(objective.Kind))
            throw new InvalidConfigException($"objective.estimator 'sampled' needs the probability of each draw, which objective.discrete '{objective.Discrete}' does not keep: leave it at 'closed-form-kl'.");
        RequireOwnSettings(objective);
        if (objective.Kind == "beta-tcvae" && discrete.IsRelaxed)
            throw new InvalidConfigException($"objective.kind 'beta-tcvae' needs the probability of each draw, which objective.discrete '{objective.Discrete}' does not keep: set it to 'straight-through-gumbel-softmax'.");
        if (objective.Kind is "beta-tcvae" or "info-vae" or "wae-mmd" && posterior.IsDiscrete && discrete == DiscreteGradient.ScoreFunction)
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' needs a gradient through the draws, which objective.discrete 'score-function' has none of: set it to 'straight-through-gumbel-softmax'.");
        RequireFittingLatents(config, posterior);
        return IsElbo(objective.Kind)
            ? ElboOf(objective, discrete, dataCount)
            : WeightedBoundOf(objective, discrete, posterior, config.Model.Weights);
    }

    private static bool IsElbo(string kind) => kind is "elbo" or "beta-tcvae" or "dip-vae-i" or "dip-vae-ii" or "info-vae" or "wae-mmd";

    /// <summary>Refuses latents that the objective has no formula for, or whose gradient it would leave out.</summary>
    private static void RequireFittingLatents(RunConfig config, PosteriorSpec posterior)
    {
        (ObjectiveConfig objective, ModelConfig model) = (config.Objective, config.Model);
        bool independent = posterior.Kind == "normal" || posterior.IsDiscrete, learned = model.Prior != "standard";
        if (objective.FreeBits > 0 && (!independent || learned))
            throw new InvalidConfigException($"objective.free_bits needs the KL of each latent in closed form, which model.posterior '{model.Posterior}' with model.prior '{model.Prior}' has not; set it to 0.");
        if (objective.Kind == "beta-tcvae" && !independent)
            throw new InvalidConfigException($"objective.kind 'beta-tcvae' needs independent latents, and model.posterior is '{model.Posterior}'; set that to normal.");
        if (objective.Kind is "dip-vae-i" or "dip-vae-ii" && posterior.Kind is not "normal" && (objective.Kind == "dip-vae-ii" || posterior.Kind is not ("full" or "low-rank" or "mixture")))
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' holds the codes' covariance to that of N(0, I), which it cannot do for model.posterior '{model.Posterior}'; set that to normal.");
        if (objective.Kind is "info-vae" or "wae-mmd" && learned)
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' compares codes with draws of the prior, through which no gradient reaches model.prior '{model.Prior}'; set that to 'standard'.");
        if (objective.Kind is "rws" or "piwae" && PriorSpec.Parse(model.Prior).Kind == "vamp")
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' gives the encoder a loss of its own, and model.prior '{model.Prior}' is the encoder too; use a mixture or flow prior.");
        if (config.Training.Patience > 0 && objective.Kind is "info-vae" or "wae-mmd")
            throw new InvalidConfigException($"training.patience stops by the evidence lower bound, which objective.kind '{objective.Kind}' does not maximise; set training.patience to 0.");
    }

    /// <summary>Elements of the largest tensor that an objective makes of a batch by itself, in doubles that cannot overflow.</summary>
    private static double LargestOf(ObjectiveConfig objective, PosteriorSpec posterior, double latents, double batch)
    {
        double samples = Math.Max(1, objective.Samples);
        return objective.Kind switch
        {
            "beta-tcvae" => samples * batch * batch * latents,
            "info-vae" or "wae-mmd" => batch * batch * latents,
            "dip-vae-i" or "dip-vae-ii" => latents * latents,
            // Each draw's signal is what the others say without it.
            _ when !IsElbo(objective.Kind) && posterior.IsDiscrete => samples * samples * batch,
            _ => 0,
        };
    }

    private static readonly string[] ObjectiveKinds = ["elbo", "beta-tcvae", "dip-vae-i", "dip-vae-ii", "info-vae", "wae-mmd", "iwae", "miwae", "piwae", "ciwae", "renyi", "rws"];

    /// <summary>Settings that an objective of this kind has no use for are mistakes.</summary>
    private static void RequireOwnSettings(ObjectiveConfig objective)
    {
        string kind = objective.Kind;
        if (!ObjectiveKinds.Contains(kind)) throw Unknown("objective.kind", kind, ObjectiveKinds);
        if (objective.Alpha is not null && kind is not ("renyi" or "ciwae" or "info-vae")) throw new InvalidConfigException($"objective.alpha belongs to 'renyi', 'ciwae' and 'info-vae', not to '{kind}'; leave it away.");
        if (objective.Penalty is not null && kind is not ("beta-tcvae" or "dip-vae-i" or "dip-vae-ii" or "info-vae" or "wae-mmd"))
            throw new InvalidConfigException($"objective.penalty belongs to 'beta-tcvae', 'dip-vae-i', 'dip-vae-ii', 'info-vae' and 'wae-mmd', not to '{kind}'; leave it away.");
        if (objective.Groups != new ObjectiveConfig().Groups && kind is not ("miwae" or "piwae")) throw new InvalidConfigException($"objective.groups belongs to 'miwae' and 'piwae', not to '{kind}'; leave it away.");
        if (objective.Penalty is { } penalty) NonNegative("objective.penalty", penalty);
        NonNegative("objective.capacity", objective.Capacity);
        NonNegative("objective.capacity_steps", objective.CapacitySteps);
        if (objective.CapacitySteps > 0 && objective.Capacity == 0) throw new InvalidConfigException("objective.capacity_steps needs an objective.capacity to rise to.");
        if (objective.Sampling is not ("stratified" or "weighted")) throw Unknown("objective.sampling", objective.Sampling, ["stratified", "weighted"]);
    }

    private static Elbo ElboOf(ObjectiveConfig objective, DiscreteGradient discrete, int dataCount)
    {
        double alpha = objective.Kind == "info-vae" ? objective.Alpha ?? 0 : 0, beta = objective.Beta;
        if (!(alpha <= 1) || !double.IsFinite(alpha)) throw new InvalidConfigException($"objective.alpha of 'info-vae' leaves out a part of the KL, at most 1, not {alpha}.");
        if (objective.Kind is "info-vae" or "wae-mmd")
        {
            if (objective.Beta != 1) throw new InvalidConfigException($"objective.kind '{objective.Kind}' weighs the KL itself (objective.alpha); leave objective.beta at 1.");
            if (objective.Kind == "info-vae" && alpha + (objective.Penalty ?? 1000) < 1)
                throw new InvalidConfigException($"objective.kind 'info-vae' weighs its penalty by alpha + penalty - 1, which is negative here ({alpha} + {objective.Penalty} - 1); raise objective.penalty.");
            beta = objective.Kind == "wae-mmd" ? 0 : 1 - alpha;
        }

        return new Elbo(objective.Samples)
        {
            Discrete = discrete,
            DataCount = dataCount,
            Beta = objective.WarmupSteps > 0 ? Schedule.Linear(0, beta, objective.WarmupSteps)
                : objective.CycleSteps > 0 ? Schedule.Cyclical(0, beta, objective.CycleSteps)
                : beta,
            Capacity = objective.Capacity == 0 ? null : objective.CapacitySteps > 0 ? Schedule.Linear(0, objective.Capacity, objective.CapacitySteps) : objective.Capacity,
            FreeBits = objective.FreeBits > 0 ? FreeBits.PerDimension(objective.FreeBits) : FreeBits.None,
            Penalties = objective.Kind switch
            {
                "beta-tcvae" => [TotalCorrelationOf(objective, dataCount)],
                "dip-vae-i" => [new DisentangledInferredPrior(objective.Penalty ?? 10, 10 * (objective.Penalty ?? 10), wholePosterior: false)],
                "dip-vae-ii" => [new DisentangledInferredPrior(objective.Penalty ?? 10, objective.Penalty ?? 10, wholePosterior: true)],
                "info-vae" => [new AggregateDiscrepancy(alpha + (objective.Penalty ?? 1000) - 1)],
                "wae-mmd" => [new AggregateDiscrepancy(objective.Penalty ?? 10)],
                _ => [],
            },
            Estimator = objective.Estimator switch
            {
                "closed-form-kl" => ElboEstimator.ClosedFormKL,
                "sampled" => ElboEstimator.Sampled,
                "sticking-the-landing" => ElboEstimator.StickingTheLanding,
                "doubly-reparameterized" => throw new InvalidConfigException("objective.estimator 'doubly-reparameterized' is for objective.kind 'iwae'; for 'elbo' it is 'sticking-the-landing'."),
                _ => throw Unknown("objective.estimator", objective.Estimator, ["closed-form-kl", "sampled", "sticking-the-landing"]),
            },
        };
    }

    private static TotalCorrelation TotalCorrelationOf(ObjectiveConfig objective, int dataCount)
    {
        double beta = objective.Penalty ?? 6;
        if (beta < 1) throw new InvalidConfigException($"objective.penalty of 'beta-tcvae' is its beta, at least 1, not {beta}.");
        return new TotalCorrelation(Math.Max(1, dataCount), beta - 1, sampling: objective.Sampling == "weighted" ? AggregateSampling.Weighted : AggregateSampling.Stratified);
    }

    private static Objective WeightedBoundOf(ObjectiveConfig objective, DiscreteGradient discrete, PosteriorSpec posterior, string weights)
    {
        if (weights != "point") throw new InvalidConfigException($"objective.kind '{objective.Kind}' is no bound where weights are uncertain: with model.weights '{weights}' use 'elbo'.");
        if (objective.Beta != 1 || objective.WarmupSteps > 0 || objective.CycleSteps > 0 || objective.FreeBits > 0 || objective.Capacity > 0)
            throw new InvalidConfigException($"objective.kind '{objective.Kind}' has no KL term of its own: leave beta at 1 and warmup_steps, cycle_steps, free_bits and capacity at 0, or use 'elbo'.");
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
        Bounded("objective.groups", groups, 1, objective.Samples);
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
                _ => throw Unknown("objective.estimator", objective.Estimator, ["sampled", "sticking-the-landing", "doubly-reparameterized"]),
            },
        };
    }

    private static DiscreteGradient DiscreteOf(ObjectiveConfig objective)
    {
        if (!(objective.Temperature > 0) || !double.IsFinite(objective.Temperature)) throw new InvalidConfigException($"objective.temperature is positive and finite, not {objective.Temperature}.");
        NonNegative("objective.temperature_rate", objective.TemperatureRate);
        if (objective.TemperatureRate > 0 && !(objective.TemperatureFloor > 0 && objective.TemperatureFloor <= objective.Temperature))
            throw new InvalidConfigException($"objective.temperature_floor lies above 0 and not above objective.temperature, {objective.Temperature}; it is {objective.TemperatureFloor}.");
        Schedule temperature = objective.TemperatureRate > 0
            ? Schedule.Exponential(objective.Temperature, PortableMath.Exp(-objective.TemperatureRate)).AtLeast(objective.TemperatureFloor)
            : objective.Temperature;
        return objective.Discrete switch
        {
            "score-function" => DiscreteGradient.ScoreFunction,
            "straight-through" => DiscreteGradient.StraightThrough,
            "gumbel-softmax" => DiscreteGradient.GumbelSoftmax(temperature),
            "straight-through-gumbel-softmax" => DiscreteGradient.GumbelSoftmax(temperature, straightThrough: true),
            _ => throw Unknown("objective.discrete", objective.Discrete, ["gumbel-softmax", "straight-through-gumbel-softmax", "straight-through", "score-function"]),
        };
    }

    /// <summary>The optimiser.</summary>
    /// <exception cref="InvalidConfigException">A name is unknown or a number out of bounds.</exception>
    public static Optimizer Optimizer(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        OptimizerConfig o = config.Optimizer;
        NonNegative("optimizer.learning_rate", o.LearningRate);
        NonNegative("optimizer.weight_decay", o.WeightDecay);
        NonNegative("optimizer.gradient_clip", o.GradientClip);
        NonNegative("optimizer.warmup_steps", o.WarmupSteps);
        if (!(o.Momentum >= 0 && o.Momentum < 1)) throw new InvalidConfigException($"optimizer.momentum lies in [0, 1), not {o.Momentum}.");
        if (o.Momentum > 0 && o.Kind is not ("sgd" or "rmsprop")) throw new InvalidConfigException($"optimizer.momentum belongs to 'sgd' and 'rmsprop', not to '{o.Kind}'; set it to 0.");
        if (o.Schedule is "step" or "cosine" && o.DecaySteps < 1) throw new InvalidConfigException($"optimizer.schedule '{o.Schedule}' needs optimizer.decay_steps of at least 1.");
        NonNegative("optimizer.decay_factor", o.DecayFactor);
        Schedule rate = o.Schedule switch
        {
            "constant" => o.LearningRate,
            "step" => Schedule.Step(o.LearningRate, o.DecayFactor, o.DecaySteps),
            "exponential" => Schedule.Exponential(o.LearningRate, o.DecayFactor),
            "cosine" => Schedule.Cosine(o.LearningRate, o.LearningRate * o.DecayFactor, o.DecaySteps),
            _ => throw Unknown("optimizer.schedule", o.Schedule, ["constant", "step", "exponential", "cosine"]),
        };
        if (o.WarmupSteps > 0) rate = rate.AfterWarmUp(o.WarmupSteps);
        double clip = o.GradientClip > 0 ? o.GradientClip : double.PositiveInfinity;
        return o.Kind switch
        {
            "adam" => new Adam(rate) { WeightDecay = o.WeightDecay, GradientClip = clip },
            "adamw" => new Adam(rate, decoupled: true) { WeightDecay = o.WeightDecay, GradientClip = clip },
            "adagrad" => new Adagrad(rate) { WeightDecay = o.WeightDecay, GradientClip = clip },
            "adamax" => new Adamax(rate) { WeightDecay = o.WeightDecay, GradientClip = clip },
            "rmsprop" => new RmsProp(rate, momentum: o.Momentum) { WeightDecay = o.WeightDecay, GradientClip = clip },
            "sgd" => new Sgd(rate, o.Momentum) { WeightDecay = o.WeightDecay, GradientClip = clip },
            _ => throw Unknown("optimizer.kind", o.Kind, ["adam", "adamw", "adagrad", "adamax", "rmsprop", "sgd"]),
        };
    }

    /// <summary>The trainer's options.</summary>
    /// <exception cref="InvalidConfigException">A number is out of bounds.</exception>
    public static TrainerOptions Options(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        Bounded("training.epochs", config.Training.Epochs, 0, 1_000_000);
        Bounded("training.batch", config.Training.Batch, 1, 1_000_000);
        Bounded("training.patience", config.Training.Patience, 0, 1_000_000);
        Bounded("training.keep_checkpoints", config.Training.KeepCheckpoints, 1, 1_000_000);
        NonNegative("training.checkpoint_steps", config.Training.CheckpointSteps);
        return new TrainerOptions
        {
            Epochs = config.Training.Epochs,
            BatchSize = config.Training.Batch,
            ValidationBatchSize = ValidationBatchSize(config),
            Patience = config.Training.Patience,
            Binarization = BinarizationOf(config),
        };
    }

    /// <summary>As many data as usual, or as many as fit where an intermediate result of one is large.</summary>
    private static int ValidationBatchSize(RunConfig config)
    {
        int usual = new TrainerOptions().ValidationBatchSize;
        config = Complete(config);
        if (config.Model.EventShape.Count == 0) return usual;
        Likelihood likelihood = RequireBounds(config);
        double each = Math.Max(1, config.Objective.Samples) * ModelSize.Of(config.Model, likelihood).Largest;
        int rows = (int)Math.Clamp(LargestTensor / Math.Max(1, each), 1, usual);
        // What an objective makes of a batch by itself fitted training's.
        return LargestOf(config.Objective, PosteriorSpec.Parse(config.Model.Posterior), 1, 1) > 0 ? Math.Min(rows, Math.Max(1, config.Training.Batch)) : rows;
    }

    /// <summary>How the run's data are binarised.</summary>
    /// <exception cref="InvalidConfigException">The name is unknown.</exception>
    public static Binarization BinarizationOf(RunConfig config) => config.Data.Binarization switch
    {
        "none" => Binarization.None,
        "static" => Binarization.Static,
        "dynamic" => Binarization.Dynamic,
        "threshold" => Binarization.Threshold,
        _ => throw Unknown("data.binarization", config.Data.Binarization, ["none", "static", "dynamic", "threshold"]),
    };

    /// <summary>The likelihood of a name; <c>gaussian:0.1</c> is a Gaussian of that standard deviation.</summary>
    /// <exception cref="InvalidConfigException">The name is unknown.</exception>
    public static Likelihood LikelihoodOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        const string FixedGaussian = "gaussian:";
        if (name.StartsWith(FixedGaussian, StringComparison.Ordinal))
        {
            return double.TryParse(name.AsSpan(FixedGaussian.Length), System.Globalization.CultureInfo.InvariantCulture, out double scale) && scale > 0 && double.IsFinite(scale)
                ? Likelihood.Gaussian(scale)
                : throw new InvalidConfigException($"model.likelihood '{name}': the standard deviation after the colon is a positive number, as in gaussian:0.1.");
        }

        return Likelihood.All.FirstOrDefault(l => l.Name == name) ?? throw Unknown("model.likelihood", name, Likelihood.All.Select(l => l.Name));
    }

    /// <summary>The run's stream of random numbers.</summary>
    public static Rng RngOf(RunConfig config) => new(config.Training.Seed);

    private static InvalidConfigException Unknown(string key, string value, IEnumerable<string> known) =>
        new($"{key} '{value}' is unknown.{Suggestion.For(value, known)}");

    private static void Bounded(string key, int value, int minimum, int maximum)
    {
        if (value < minimum || value > maximum) throw new InvalidConfigException($"{key} lies between {minimum} and {maximum}, not {value}.");
    }

    private static void NonNegative(string key, double value)
    {
        if (!(value >= 0) || !double.IsFinite(value)) throw new InvalidConfigException($"{key} is a finite number of at least 0, not {value}.");
    }
}
