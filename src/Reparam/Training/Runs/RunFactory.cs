using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Training.Runs;

/// <summary>Builds what a <see cref="RunConfig"/> names. A configuration is untrusted: every size is bounded before anything is allocated.</summary>
public static class RunFactory
{
    /// <summary>The most parameters that a model may have.</summary>
    public const double LargestModel = 200_000_000;

    /// <summary>The model, its weights drawn from the run's seed; what <see cref="ModelConfig.OutputBias"/> takes from the data is not there, as before a checkpoint is loaded. To train, use the other overload.</summary>
    /// <exception cref="InvalidConfigException">A name is unknown, a size out of bounds, or the data are no images that the model can take.</exception>
    public static LatentVariableModel Model(RunConfig config) => ModelFactory.Make(config);

    /// <summary>
    /// The model as training begins with it: a learned scale begins at the data's
    /// (<see cref="LatentVariableModel.StartAt"/>); where <see cref="ModelConfig.OutputBias"/> is <c>data</c>, its
    /// output begins at the mean of the training data.
    /// </summary>
    /// <exception cref="InvalidConfigException">As of <see cref="Model(RunConfig)"/>.</exception>
    /// <exception cref="ArgumentException">The data have another shape.</exception>
    public static LatentVariableModel Model(RunConfig config, Dataset train)
    {
        ArgumentNullException.ThrowIfNull(train);
        RequireBatches(config, train.Count);
        LatentVariableModel model = Model(config);
        if (LikelihoodOf(config.Model.Likelihood).LearnsScale) StartScale(model, config, train);
        if (config.Model.OutputBias != "data") return model;
        MlpDecoder decoder = model switch { Vae vae => (MlpDecoder)vae.Decoder, LayeredVae layered => (MlpDecoder)layered.Decoder, _ => throw new InvalidOperationException("The model's bounds were not checked.") };
        // Grey levels and draws by them have the same mean; what a threshold makes of them has another.
        Dataset seen = BinarizationOf(config) == Binarization.Threshold ? train.Binarize(Binarization.Threshold, RngOf(config)) : train;
        decoder.StartAt(seen.Mean());
        return model;
    }

    private static void StartScale(LatentVariableModel model, RunConfig config, Dataset train)
    {
        Binarization binarization = BinarizationOf(config);
        Dataset seen = binarization == Binarization.Threshold ? train.Binarize(binarization, RngOf(config)) : train;
        IReadOnlyList<double> mean = seen.Mean();
        bool drawn = binarization is Binarization.Static or Binarization.Dynamic && train.Kind == DataKind.Grey;
        // A digit that is drawn with chance m varies by m (1 - m), whatever its grey levels do.
        model.StartAt(mean, drawn ? [.. mean.Select(m => Math.Sqrt(m * (1 - m)))] : seen.StandardDeviation());
    }

    /// <summary>Refuses what building the run would refuse, without the cost of building its model.</summary>
    /// <param name="config">The configuration, the shape of a datum in it.</param>
    /// <param name="dataCount">The number of training data.</param>
    /// <exception cref="InvalidConfigException">A name is unknown, a number out of bounds, or parts do not fit.</exception>
    public static void Check(RunConfig config, int dataCount)
    {
        ModelFactory.RequireBounds(Complete(config));
        RequireBatches(config, dataCount);
        Objective(config, dataCount);
        Optimizer(config);
        Options(config);
    }

    /// <summary>
    /// Parses likelihood, posterior and prior, the words of a configuration that may hold a number, before any data are
    /// known.
    /// </summary>
    /// <exception cref="InvalidConfigException">One of them is unknown, or its number is none.</exception>
    public static void RequireNumbersInWords(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Model.Likelihood != ModelConfig.AutomaticLikelihood) LikelihoodOf(config.Model.Likelihood);
        PosteriorSpec.Parse(config.Model.Posterior);
        PriorSpec.Parse(config.Model.Prior);
    }

    /// <summary>
    /// The configuration with the architecture's own choices spelt out where it leaves them open. Those that depend on the data's shape stay open until it is
    /// known.
    /// </summary>
    /// <exception cref="InvalidConfigException">The architecture is unknown.</exception>
    public static RunConfig Complete(RunConfig config) => ModelFactory.Complete(config);

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
        if (!(o.LearningRate > 0) || !double.IsFinite(o.LearningRate)) throw new InvalidConfigException($"optimizer.learning_rate is a finite number above 0, not {o.LearningRate}: a common one is 1e-3.");
        NonNegative("optimizer.weight_decay", o.WeightDecay);
        NonNegative("optimizer.gradient_clip", o.GradientClip);
        NonNegative("optimizer.warmup_steps", o.WarmupSteps);
        if (!(o.Momentum >= 0 && o.Momentum < 1)) throw new InvalidConfigException($"optimizer.momentum lies in [0, 1), not {o.Momentum}.");
        if (o.Momentum > 0 && o.Kind is not ("sgd" or "rmsprop")) throw new InvalidConfigException($"optimizer.momentum belongs to 'sgd' and 'rmsprop', not to '{o.Kind}'; set it to 0.");
        // Parameters are Float32, and so are the constants that meet them.
        if (!(o.Beta1 >= 0 && (float)o.Beta1 < 1)) throw new InvalidConfigException($"optimizer.beta1 lies in [0, 1) as a Float32, not {o.Beta1}.");
        if (!(o.Beta2 >= 0 && (float)o.Beta2 < 1)) throw new InvalidConfigException($"optimizer.beta2 lies in [0, 1) as a Float32, not {o.Beta2}.");
        if (!(float.IsNormal((float)o.Epsilon) && o.Epsilon > 0)) throw new InvalidConfigException($"optimizer.epsilon is a positive number that a Float32 holds, not {o.Epsilon}.");
        var published = new OptimizerConfig();
        if (o.Kind is not ("adam" or "adamw") && (o.Beta1, o.Beta2, o.Epsilon) != (published.Beta1, published.Beta2, published.Epsilon))
            throw new InvalidConfigException($"optimizer.beta1, beta2 and epsilon belong to 'adam' and 'adamw', not to '{o.Kind}'; leave them out.");
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
            "adam" => new Adam(rate, o.Beta1, o.Beta2, o.Epsilon) { WeightDecay = o.WeightDecay, GradientClip = clip },
            "adamw" => new Adam(rate, o.Beta1, o.Beta2, o.Epsilon, decoupled: true) { WeightDecay = o.WeightDecay, GradientClip = clip },
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

    private static void RequireBatches(RunConfig config, int dataCount)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Model.Normalization == "batch" && config.Training.Batch > 0 && dataCount % config.Training.Batch == 1)
            throw new InvalidConfigException($"model.normalization 'batch' compares the data of a batch, and of {dataCount:N0} training data in batches of {config.Training.Batch} one is left over for the last; choose another training.batch.");
    }

    /// <summary>As many data as usual, or as many as fit where an intermediate result of one is large.</summary>
    private static int ValidationBatchSize(RunConfig config)
    {
        int usual = new TrainerOptions().ValidationBatchSize;
        config = Complete(config);
        if (config.Model.EventShape.Count == 0) return usual;
        Likelihood likelihood = ModelFactory.RequireBounds(config);
        double each = Math.Max(1, config.Objective.Samples) * ModelSize.Of(config.Model, likelihood).Largest;
        int rows = (int)Math.Clamp(ModelFactory.LargestTensor / Math.Max(1, each), 1, usual);
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

    /// <summary>
    /// The likelihood of a name; <c>gaussian:0.1</c> is a Gaussian of that standard deviation, <c>auto</c>, before data
    /// have settled it, Bernoulli.
    /// </summary>
    /// <exception cref="InvalidConfigException">The name is unknown.</exception>
    public static Likelihood LikelihoodOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        const string FixedGaussian = "gaussian:";
        if (name.StartsWith(FixedGaussian, StringComparison.Ordinal))
        {
            string text = name[FixedGaussian.Length..];
            if (NumberText.TryReal(text, out double scale) && scale > 0) return Likelihood.Gaussian(scale);
            throw new InvalidConfigException(NumberText.WithPoint(text) is { } pointed
                ? $"model.likelihood '{name}': numbers are written with a point: {FixedGaussian}{pointed}"
                : $"model.likelihood '{name}': the standard deviation after the colon is a positive number, as in gaussian:0.1.");
        }

        if (name == ModelConfig.AutomaticLikelihood) return Likelihood.Bernoulli;
        return Likelihood.All.FirstOrDefault(l => l.Name == name) ?? throw Unknown("model.likelihood", name, [ModelConfig.AutomaticLikelihood, .. Likelihood.All.Select(l => l.Name)]);
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
