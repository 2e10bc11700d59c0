using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Training.Runs;

/// <summary>Builds what a <see cref="RunConfig"/> names. A configuration is untrusted: every size is bounded before anything is allocated.</summary>
public static class RunFactory
{
    private const int LargestWidth = 65_536;
    private const long LargestModel = 200_000_000; // parameters

    /// <summary>The model, its weights drawn from the run's seed.</summary>
    /// <exception cref="InvalidConfigException">A name is unknown or a size out of bounds.</exception>
    public static Vae Model(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        ModelConfig model = config.Model;
        if (model.Kind != "mlp") throw Unknown("model.kind", model.Kind, ["mlp"]);
        if (model.EventShape.Count is 0 or > Shape.MaxRank - 2 || model.EventShape.Any(e => e is < 1 or > LargestWidth))
            throw new InvalidConfigException($"model.event_shape [{string.Join(", ", model.EventShape)}] is not the shape of a datum: 1 to {Shape.MaxRank - 2} extents of 1 to {LargestWidth}.");
        Bounded("model.latent", model.Latent, 1, LargestWidth);
        if (model.Hidden.Count > 64) throw new InvalidConfigException($"model.hidden has {model.Hidden.Count} layers; at most 64.");
        foreach (int width in model.Hidden) Bounded("model.hidden", width, 1, LargestWidth);
        Likelihood likelihood = LikelihoodOf(model.Likelihood);
        long size = model.EventShape.Aggregate(1L, (product, extent) => Math.Min(product * extent, LargestModel + 1));
        if (ParameterCount(size, model, likelihood) is > LargestModel and long count)
            throw new InvalidConfigException($"The model would have {count:N0} parameters ({count * 12 / 1_000_000:N0} MB with optimiser state); at most {LargestModel:N0}. Narrow model.hidden.");
        Activation activation = Activation.All.FirstOrDefault(a => a.Name == model.Activation)
            ?? throw Unknown("model.activation", model.Activation, Activation.All.Select(a => a.Name));
        Initializer initializer = Initializer.All.FirstOrDefault(i => i.Name == model.Initializer)
            ?? throw Unknown("model.initializer", model.Initializer, Initializer.All.Select(i => i.Name));
        return Vae.Mlp(Shape.Create([.. model.EventShape]), model.Latent, model.Hidden, likelihood, RngOf(config).Split("weights"), activation, initializer);
    }

    /// <summary>The objective.</summary>
    /// <exception cref="InvalidConfigException">A name is unknown or a number out of bounds.</exception>
    public static Objective Objective(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        ObjectiveConfig objective = config.Objective;
        Bounded("objective.samples", objective.Samples, 1, 100_000);
        NonNegative("objective.beta", objective.Beta);
        NonNegative("objective.free_bits", objective.FreeBits);
        NonNegative("objective.warmup_steps", objective.WarmupSteps);
        NonNegative("objective.cycle_steps", objective.CycleSteps);
        if (objective.WarmupSteps > 0 && objective.CycleSteps > 0) throw new InvalidConfigException("objective.warmup_steps and objective.cycle_steps exclude each other; set one to 0.");
        switch (objective.Kind)
        {
            case "elbo":
                return new Elbo(objective.Samples)
                {
                    Beta = objective.WarmupSteps > 0 ? Schedule.Linear(0, objective.Beta, objective.WarmupSteps)
                        : objective.CycleSteps > 0 ? Schedule.Cyclical(0, objective.Beta, objective.CycleSteps)
                        : objective.Beta,
                    FreeBits = objective.FreeBits > 0 ? FreeBits.PerDimension(objective.FreeBits) : FreeBits.None,
                    Estimator = objective.Estimator switch
                    {
                        "closed-form-kl" => ElboEstimator.ClosedFormKL,
                        "sampled" => ElboEstimator.Sampled,
                        _ => throw Unknown("objective.estimator", objective.Estimator, ["closed-form-kl", "sampled"]),
                    },
                };
            case "iwae":
                if (objective.Beta != 1 || objective.WarmupSteps > 0 || objective.CycleSteps > 0 || objective.FreeBits > 0)
                    throw new InvalidConfigException("objective.kind 'iwae' has no KL term of its own: leave beta at 1 and warmup_steps, cycle_steps and free_bits at 0, or use 'elbo'.");
                return new ImportanceWeightedElbo(objective.Samples);
            default:
                throw Unknown("objective.kind", objective.Kind, ["elbo", "iwae"]);
        }
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
            Patience = config.Training.Patience,
            Binarization = BinarizationOf(config),
        };
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

    private static long ParameterCount(long size, ModelConfig model, Likelihood likelihood)
    {
        long count = 0, width = size;
        foreach (int next in model.Hidden)
        {
            count += (width + 1) * next;
            width = next;
        }

        count += (width + 1) * 2 * model.Latent;
        width = model.Latent;
        foreach (int next in model.Hidden.Reverse())
        {
            count += (width + 1) * next;
            width = next;
        }

        return count + (width + 1) * size * likelihood.OutputsPerElement;
    }

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
