using Reparam.Models;
using Reparam.Models.Flows;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Training.Runs;

/// <summary>Builds the model that a configuration names, after every size has been bounded.</summary>
internal static class ModelFactory
{
    /// <summary>Elements of one tensor; in Float32 just under what one array holds.</summary>
    public const double LargestTensor = 500_000_000;

    private const int LargestWidth = 65_536;
    private const int LargestChannels = 4096;
    private const int LargestClasses = 10_000;
    private const int LargestCodebook = 65_536;
    private const double LargestCodebookSize = 20_000_000; // kept three times over: vectors, sums, those of a batch
    private const int MostLayers = 16;
    private const double LargestStep = 32e9; // bytes of a step's intermediate results

    private static readonly string[] s_kinds = ["mlp", "conv", "resnet"];
    private static readonly string[] s_families = ["vae", "hierarchical", "ladder", "vq-vae", "semi-supervised"];

    /// <inheritdoc cref="RunFactory.Model(RunConfig)"/>
    public static LatentVariableModel Make(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config = Complete(config);
        Likelihood likelihood = RequireBounds(config);
        ModelConfig model = config.Model;
        var parts = new Parts(model, likelihood, RunFactory.RngOf(config).Split("weights"));
        return model.Family switch
        {
            "hierarchical" or "ladder" => Layered(parts),
            "vq-vae" => new VqVae(
                parts.EventShape, model.Codes, model.Latent, model.Channels!, likelihood, parts.Weights, parts.Activation, parts.Initializer, autoregressive: PriorSpec.Parse(model.Prior).Kind == "autoregressive"),
            "semi-supervised" => new SemiSupervisedVae(Plain(parts), Encoder(parts, 1, PosteriorFamily.Categorical(model.Classes), parts.Weights.Split("classifier"))),
            _ => Plain(parts),
        };
    }

    /// <inheritdoc cref="RunFactory.Complete"/>
    public static RunConfig Complete(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        ModelConfig model = config.Model;
        if (!s_kinds.Contains(model.Kind)) throw RunFactory.Unknown("model.kind", model.Kind, s_kinds);
        if (!s_families.Contains(model.Family)) throw RunFactory.Unknown("model.family", model.Family, s_families);
        model = model with { Activation = model.Activation ?? (model.Kind == "resnet" ? "silu" : "relu") };
        if (model.Kind == "mlp")
        {
            model = model with { Hidden = model.Hidden ?? [256, 256], Channels = model.Channels ?? [] };
        }
        else if (model.EventShape.Count > 0 && (model.Hidden is null || model.Channels is null))
        {
            Shape eventShape = EventShapeOf(model);
            IReadOnlyList<int> hidden = model.Family == "vq-vae" ? [] : Vae.DefaultHidden(eventShape);
            model = model with { Hidden = model.Hidden ?? hidden, Channels = model.Channels ?? Vae.DefaultChannels(eventShape) };
        }

        if (model.IsLayered)
        {
            // Each layer has half of what is below it.
            model = model with { Upper = model.Upper ?? [Math.Max(1, model.Latent / 2)] };
            model = model with { UpperHidden = model.UpperHidden ?? [.. model.Upper!.Select((_, l) => Math.Max(16, (model.Hidden is { Count: > 0 } widths ? widths[^1] : 256) >> Math.Min(l + 1, 16)))] };
        }

        else
        {
            model = model with { Upper = model.Upper ?? [], UpperHidden = model.UpperHidden ?? [] };
        }

        if (model.Family == "vq-vae" && model.Codes == 0) model = model with { Codes = 128 };
        return config with { Model = model with { DecoderHidden = model.DecoderHidden ?? model.Hidden?.Reverse().ToArray() } };
    }

    /// <summary>Every size of a complete model against its bound, and the sizes that they multiply to.</summary>
    /// <exception cref="InvalidConfigException">One is out of bounds, or parts do not fit.</exception>
    public static Likelihood RequireBounds(RunConfig config)
    {
        ModelConfig model = config.Model;
        Shape eventShape = EventShapeOf(model);
        RunFactory.Bounded("model.latent", model.Latent, 1, LargestWidth);
        RequireWidths("model.hidden", model.Hidden!);
        RequireWidths("model.decoder_hidden", model.DecoderHidden!);
        if (!Activation.All.Any(a => a.Name == model.Activation)) throw RunFactory.Unknown("model.activation", model.Activation!, Activation.All.Select(a => a.Name));
        if (!Initializer.All.Any(i => i.Name == model.Initializer)) throw RunFactory.Unknown("model.initializer", model.Initializer, Initializer.All.Select(i => i.Name));
        Likelihood likelihood = RunFactory.LikelihoodOf(model.Likelihood);
        RunFactory.Bounded("model.blocks", model.Blocks, 0, 64);
        if (model.Kind != "resnet" && model.Blocks != 1) throw new InvalidConfigException($"model.blocks belongs to 'resnet', not to '{model.Kind}'; leave it at 1.");
        if (model.Weights is not ("point" or "bayesian")) throw RunFactory.Unknown("model.weights", model.Weights, ["point", "bayesian"]);
        if (model.Weights == "bayesian" && model.Kind != "mlp") throw new InvalidConfigException($"model.weights 'bayesian' belongs to 'mlp', not to '{model.Kind}'; set it to point.");
        if (model.Kind != "resnet" && model.Attention) throw new InvalidConfigException($"model.attention belongs to 'resnet', not to '{model.Kind}'; set it to false.");
        if (model.Kind == "mlp")
        {
            if (model.Channels!.Count > 0) throw new InvalidConfigException("model.channels belongs to 'conv' and 'resnet', not to 'mlp'; choose one of these with --model, or leave --channels away.");
        }
        else
        {
            if (model.Channels!.Count is 0 or > 16) throw new InvalidConfigException($"model.channels has {model.Channels.Count} entries; 1 to 16, one for each halving of the image.");
            foreach (int width in model.Channels) RunFactory.Bounded("model.channels", width, 1, LargestChannels);
            if (ImageShape.Problem(eventShape, model.Channels.Count) is { } problem) throw new InvalidConfigException($"model.kind '{model.Kind}' does not fit the data. {problem}");
        }

        if (model.OutputBias is not ("initializer" or "data")) throw RunFactory.Unknown("model.output_bias", model.OutputBias, ["initializer", "data"]);
        if (model.OutputBias == "data" && !(IsPlainMlp(model) && likelihood is BernoulliLikelihood))
            throw new InvalidConfigException("model.output_bias 'data' belongs to an 'mlp' of the families vae, hierarchical and ladder with point weights and a bernoulli likelihood; set it to initializer.");
        if (model.Normalization is not ("none" or "batch")) throw RunFactory.Unknown("model.normalization", model.Normalization, ["none", "batch"]);
        if (model.Normalization == "batch") RequireBatches(config);
        if (model.Condition is not ("none" or "labels")) throw RunFactory.Unknown("model.condition", model.Condition, ["none", "labels"]);
        bool labelled = model.Condition == "labels" || model.Family == "semi-supervised";
        if (model.Family == "semi-supervised" && model.Classes == 0) throw new InvalidConfigException("model.family 'semi-supervised' takes its classes from the labels that it is told; where none are, say how many it shall make: --set model.classes=10.");
        if (model.Family == "semi-supervised" && model.Classes == 1) throw new InvalidConfigException("model.family 'semi-supervised' tells two classes apart at least, and the data's labels hold one (0); leave the family away, or use data with more.");
        RunFactory.Bounded("model.classes", model.Classes, !labelled ? 0 : model.Condition == "labels" ? 1 : 2, labelled ? LargestClasses : 0);
        RequireFamily(model);
        PosteriorSpec.Parse(model.Posterior).Require(model.Latent);
        // A codebook has a prior of its own; of several layers the top one has it.
        if (model.Family != "vq-vae") PriorSpec.Parse(model.Prior).Require(model.IsLayered ? model with { Latent = model.Upper![^1] } : model);
        ModelSize size = ModelSize.Of(model, likelihood);
        string narrower = model.Kind == "mlp" ? "Narrow model.hidden." : "Narrow model.channels or model.hidden.";
        if (size.Parameters > RunFactory.LargestModel)
            throw new InvalidConfigException($"The model would have {size.Parameters:N0} parameters ({size.Parameters * 12 / 1_000_000:N0} MB with optimiser state); at most {RunFactory.LargestModel:N0}. {narrower}");
        double batch = Math.Max(1, config.Training.Batch), draws = batch * Math.Max(1, config.Objective.Samples) * Math.Max(1, model.Family == "semi-supervised" ? model.Classes : 1);
        // What dreams decodes (and wake-sleep encodes) as much again; drawn classes are encoded for each draw.
        double passes = config.Objective.Kind switch { "wake-sleep" => 2, "vae-gan" => 3, _ => 1 };
        double encodings = batch * passes * (model.Family == "semi-supervised" ? Math.Max(1.0, config.Objective.Samples / (double)model.Classes) : 1);
        draws *= passes;
        // Each intermediate result is kept for the way back, has a gradient there, and some need working memory: three times its 4 bytes.
        double encoded = PriorSpec.Parse(model.Prior).Size(model).Encoded;
        var posterior = PosteriorSpec.Parse(model.Posterior);
        double objective = ObjectiveFactory.LargestOf(config.Objective, posterior, posterior.Family.EventShape(model.Latent).Size, batch);
        double step = 12 * ((encodings + encoded) * size.Encoder + draws * size.Decoder + 3 * objective);
        if (step > LargestStep)
            throw new InvalidConfigException($"A step would need about {step / 1e9:N0} GB for intermediate results ({batch:N0} data, {draws:N0} decoded); at most {LargestStep / 1e9:N0} GB. Lower training.batch or objective.samples. {narrower}");
        double largest = Math.Max(Math.Max(draws, encoded) * size.Largest, objective);
        if (largest > LargestTensor)
            throw new InvalidConfigException($"One intermediate result would have {largest:N0} elements; at most {LargestTensor:N0}. Lower training.batch or objective.samples. {narrower}");
        return likelihood;
    }

    /// <summary>What a family has no use for, or cannot do without.</summary>
    private static void RequireFamily(ModelConfig model)
    {
        if (model.IsLayered)
        {
            if (model.Upper!.Count is 0 or > MostLayers) throw new InvalidConfigException($"model.upper has {model.Upper.Count} entries; 1 to {MostLayers}, the sizes of the layers of latents above the first.");
            foreach (int size in model.Upper) RunFactory.Bounded("model.upper", size, 1, LargestWidth);
            if (model.UpperHidden!.Count != model.Upper.Count) throw new InvalidConfigException($"model.upper_hidden has {model.UpperHidden.Count} entries and model.upper {model.Upper.Count}; one width for each layer of latents above the first, or leave it out.");
            RequireWidths("model.upper_hidden", model.UpperHidden);
        }
        else if (model.Upper is { Count: > 0 } || model.UpperHidden is { Count: > 0 })
        {
            throw new InvalidConfigException($"model.upper and model.upper_hidden belong to the families 'hierarchical' and 'ladder', not to '{model.Family}'; leave them out.");
        }

        if (model.Family != "vq-vae" && model.Codes != 0) throw new InvalidConfigException($"model.codes belongs to the family 'vq-vae', not to '{model.Family}'; leave it out.");
        if (!(model.InputNoise is >= 0 and < 1)) throw new InvalidConfigException($"model.input_noise is a probability of losing an element, at least 0 and below 1, not {model.InputNoise}.");
        if (model.Family == "vae") return;
        if (model.InputNoise > 0) throw new InvalidConfigException($"model.input_noise belongs to the family 'vae', not to '{model.Family}'; set it to 0.");
        string prior = PriorSpec.Parse(model.Prior).Kind;
        if (model.Posterior != "normal") throw new InvalidConfigException($"model.family '{model.Family}' has posteriors of its own; leave model.posterior at normal, not '{model.Posterior}'.");
        if (model.Weights != "point") throw new InvalidConfigException($"model.weights '{model.Weights}' belongs to the family 'vae', not to '{model.Family}'; set it to point.");
        if (model.Condition != "none") throw new InvalidConfigException($"model.condition '{model.Condition}' belongs to the family 'vae', not to '{model.Family}'; set it to none.");
        if (prior == "vamp") throw new InvalidConfigException($"model.prior '{model.Prior}' belongs to the family 'vae', not to '{model.Family}'; use {(model.Family == "vq-vae" ? "standard or autoregressive" : "a mixture or flow prior")}.");
        if (model.Family != "vq-vae") return;
        RunFactory.Bounded("model.codes", model.Codes, 2, LargestCodebook);
        double codebook = (double)model.Codes * model.Latent;
        if (codebook > LargestCodebookSize) throw new InvalidConfigException($"A codebook of {model.Codes:N0} codes (model.codes) of length {model.Latent:N0} (model.latent) would have {codebook:N0} numbers; at most {LargestCodebookSize:N0}. Lower one of them.");
        if (model.Kind != "conv") throw new InvalidConfigException($"model.family 'vq-vae' is convolutional: choose model.kind 'conv', not '{model.Kind}'.");
        if (model.Hidden!.Count > 0 || model.DecoderHidden!.Count > 0) throw new InvalidConfigException("model.family 'vq-vae' keeps its codes where they are in the image, with no linear layers between: leave model.hidden and model.decoder_hidden empty.");
        if (prior == "autoregressive") PriorSpec.Parse(model.Prior).RequireOneNetwork(model);
        if (prior is not ("standard" or "autoregressive")) throw new InvalidConfigException($"model.prior of a 'vq-vae' is standard, which is uniform, or autoregressive, not '{model.Prior}'.");
    }

    /// <summary>Whether the networks are multilayer perceptrons of points that see data or their codes, and nothing else.</summary>
    private static bool IsPlainMlp(ModelConfig model) => model.Kind == "mlp" && model.Weights == "point" && (model.Family == "vae" || model.IsLayered);

    /// <summary>Batch normalisation wants batches that are all of one kind: data and what is made of them.</summary>
    private static void RequireBatches(RunConfig config)
    {
        ModelConfig model = config.Model;
        if (!IsPlainMlp(model))
            throw new InvalidConfigException("model.normalization 'batch' belongs to an 'mlp' of the families vae, hierarchical and ladder with point weights; set it to none.");
        if (PriorSpec.Parse(model.Prior).Kind == "vamp") throw new InvalidConfigException($"model.prior '{model.Prior}' encodes pseudo-inputs, whose averages are not those of the data, and model.normalization is 'batch'; set that to none, or use a mixture or flow prior.");
        if (config.Training.Batch < 2) throw new InvalidConfigException($"model.normalization 'batch' compares the data of a batch, and training.batch is {config.Training.Batch}; set it to 2 at least, some hundred better.");
    }

    private static void RequireWidths(string key, IReadOnlyList<int> widths)
    {
        if (widths.Count > 64) throw new InvalidConfigException($"{key} has {widths.Count} layers; at most 64.");
        foreach (int width in widths) RunFactory.Bounded(key, width, 1, LargestWidth);
    }

    private static Shape EventShapeOf(ModelConfig model)
    {
        if (model.EventShape.Count is 0 or > Shape.MaxRank - 2 || model.EventShape.Any(e => e is < 1 or > LargestWidth))
            throw new InvalidConfigException($"model.event_shape [{string.Join(", ", model.EventShape)}] is not the shape of a datum: 1 to {Shape.MaxRank - 2} extents of 1 to {LargestWidth}.");
        return model.EventShape.Aggregate(1.0, (product, extent) => product * extent) <= RunFactory.LargestModel
            ? Shape.Create([.. model.EventShape])
            : throw new InvalidConfigException($"model.event_shape [{string.Join(", ", model.EventShape)}] has more than {RunFactory.LargestModel:N0} elements, the most that a datum may have.");
    }

    /// <summary>The encoder of the architecture, for any latents.</summary>
    private static NetworkEncoder Encoder(Parts parts, int latent, PosteriorFamily family, Rng rng)
    {
        ModelConfig model = parts.Model;
        return model.Kind switch
        {
            "mlp" => new MlpEncoder(parts.EventShape, latent, model.Hidden!, parts.Activation, parts.Initializer, rng, family: family, batchNorm: parts.BatchNorm),
            "conv" => new ConvEncoder(parts.EventShape, latent, model.Channels!, model.Hidden!, parts.Activation, parts.Initializer, rng, family: family),
            _ => new ResidualEncoder(parts.EventShape, latent, model.Channels!, model.Blocks, model.Attention, model.Hidden!, parts.Activation, parts.Initializer, rng, family: family),
        };
    }

    /// <summary>The decoder of the architecture.</summary>
    private static Decoder Decoder(Parts parts, Rng rng)
    {
        ModelConfig model = parts.Model;
        return model.Kind switch
        {
            "mlp" => new MlpDecoder(parts.EventShape, model.Latent, model.DecoderHidden!, parts.Activation, parts.Likelihood, parts.Initializer, rng, batchNorm: parts.BatchNorm),
            "conv" => new ConvDecoder(parts.EventShape, model.Latent, [.. model.Channels!.Reverse()], model.DecoderHidden!, parts.Activation, parts.Likelihood, parts.Initializer, rng),
            _ => new ResidualDecoder(parts.EventShape, model.Latent, [.. model.Channels!.Reverse()], model.Blocks, model.Attention, model.DecoderHidden!, parts.Activation, parts.Likelihood, parts.Initializer, rng),
        };
    }

    /// <summary>One layer of latents.</summary>
    private static Vae Plain(Parts parts)
    {
        (ModelConfig model, Likelihood likelihood, Rng weights) = parts;
        (Activation activation, Initializer initializer) = (parts.Activation, parts.Initializer);
        var posterior = PosteriorSpec.Parse(model.Posterior);
        PosteriorFamily family = posterior.Family;
        Flow? flow = posterior.Flow(model.Latent, (int)ModelSize.Of(model, likelihood).Hidden, weights.Split("posterior"));
        Func<NetworkEncoder, Prior>? prior = PriorSpec.Parse(model.Prior).Make(model, likelihood, weights.Split("prior"));
        return model.Kind switch
        {
            "mlp" => Vae.Mlp(parts.EventShape, model.Latent, model.Hidden!, likelihood, weights, activation, initializer, posterior: family, flow: flow, prior: prior, decoderHidden: model.DecoderHidden, context: model.Classes, inputNoise: model.InputNoise, uncertainWeights: model.Weights == "bayesian", batchNorm: parts.BatchNorm),
            "conv" => Vae.Conv(parts.EventShape, model.Latent, model.Channels, likelihood, weights, model.Hidden, activation, initializer, posterior: family, flow: flow, prior: prior, decoderHidden: model.DecoderHidden, context: model.Classes, inputNoise: model.InputNoise),
            _ => Vae.Residual(parts.EventShape, model.Latent, model.Channels, likelihood, weights, model.Blocks, model.Attention, model.Hidden, activation, initializer, posterior: family, flow: flow, prior: prior, decoderHidden: model.DecoderHidden, context: model.Classes, inputNoise: model.InputNoise),
        };
    }

    /// <summary>Several layers of latents, joined by networks of two hidden layers each.</summary>
    private static LayeredVae Layered(Parts parts)
    {
        (ModelConfig model, Likelihood likelihood, Rng weights) = parts;
        (Activation activation, Initializer initializer) = (parts.Activation, parts.Initializer);
        int[] sizes = [model.Latent, .. model.Upper!];
        List<ConditionalNormal> generative = [], inference = [];
        List<IReadOnlyList<int>> upward = [];
        for (int l = 0; l + 1 < sizes.Length; l++)
        {
            int width = model.UpperHidden![l];
            upward.Add([width, width]);
            generative.Add(new ConditionalNormal(sizes[l + 1], sizes[l], [width, width], activation, initializer, weights.Split(FormattableString.Invariant($"generative{l + 1}")), batchNorm: parts.BatchNorm));
            if (model.Family == "hierarchical") inference.Add(new ConditionalNormal(sizes[l], sizes[l + 1], [width, width], activation, initializer, weights.Split(FormattableString.Invariant($"inference{l + 2}")), batchNorm: parts.BatchNorm));
        }

        NetworkEncoder encoder = Encoder(parts, model.Latent, PosteriorFamily.Normal, weights.Split("encoder"));
        Prior top = PriorSpec.Parse(model.Prior).Make(model with { Latent = sizes[^1] }, likelihood, weights.Split("prior"))?.Invoke(encoder) ?? new StandardNormalPrior(sizes[^1]);
        Decoder decoder = Decoder(parts, weights.Split("decoder"));
        return model.Family == "hierarchical"
            ? new HierarchicalVae(encoder, inference, decoder, generative, top)
            : new LadderVae(encoder, upward, decoder, generative, top, activation, initializer, weights.Split("upward"), batchNorm: parts.BatchNorm);
    }

    /// <summary>What the builders share.</summary>
    private sealed record Parts(ModelConfig Model, Likelihood Likelihood, Rng Weights)
    {
        public Activation Activation { get; } = Activation.All.First(a => a.Name == Model.Activation);

        public Initializer Initializer { get; } = Initializer.All.First(i => i.Name == Model.Initializer);

        public bool BatchNorm => Model.Normalization == "batch";

        public Shape EventShape { get; } = Shape.Create([.. Model.EventShape]);
    }
}
