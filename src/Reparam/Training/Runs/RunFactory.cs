using Reparam.Data;
using Reparam.Models;
using Reparam.Models.Flows;
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
    public static LatentVariableModel Model(RunConfig config)
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
        double objective = ObjectiveFactory.LargestOf(config.Objective, posterior, posterior.Family.EventShape(model.Latent).Size, batch);
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
    /// <param name="dataCount">The number of training data, which share the KL of uncertain weights and make the aggregate posterior.</param>
    /// <exception cref="InvalidConfigException">A name is unknown, a number out of bounds, or the model and the objective do not fit.</exception>
    public static Objective Objective(RunConfig config, int dataCount = 0) => ObjectiveFactory.Make(config, dataCount);

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
        if (o.Schedule is "step" or "cosine" or "stages" && o.DecaySteps < 1) throw new InvalidConfigException($"optimizer.schedule '{o.Schedule}' needs optimizer.decay_steps of at least 1.");
        NonNegative("optimizer.decay_factor", o.DecayFactor);
        Schedule rate = o.Schedule switch
        {
            "constant" => o.LearningRate,
            "step" => Schedule.Step(o.LearningRate, o.DecayFactor, o.DecaySteps),
            "exponential" => Schedule.Exponential(o.LearningRate, o.DecayFactor),
            "cosine" => Schedule.Cosine(o.LearningRate, o.LearningRate * o.DecayFactor, o.DecaySteps),
            "stages" => Schedule.Stages(o.LearningRate, o.DecayFactor, o.DecaySteps),
            _ => throw Unknown("optimizer.schedule", o.Schedule, ["constant", "step", "exponential", "cosine", "stages"]),
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
        return ObjectiveFactory.LargestOf(config.Objective, PosteriorSpec.Parse(config.Model.Posterior), 1, 1) > 0 ? Math.Min(rows, Math.Max(1, config.Training.Batch)) : rows;
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

    internal static InvalidConfigException Unknown(string key, string value, IEnumerable<string> known) =>
        new($"{key} '{value}' is unknown.{Suggestion.For(value, known)}");

    internal static void Bounded(string key, int value, int minimum, int maximum)
    {
        if (value < minimum || value > maximum) throw new InvalidConfigException($"{key} lies between {minimum} and {maximum}, not {value}.");
    }

    internal static void NonNegative(string key, double value)
    {
        if (!(value >= 0) || !double.IsFinite(value)) throw new InvalidConfigException($"{key} is a finite number of at least 0, not {value}.");
    }
}
