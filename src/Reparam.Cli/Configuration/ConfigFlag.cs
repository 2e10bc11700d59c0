using System.CommandLine;

namespace Reparam.Cli.Configuration;

/// <summary>An option of <c>train</c> that stands for one key of the configuration.</summary>
internal sealed record ConfigFlag(Option<string> Option, string Path)
{
    public static IReadOnlyList<ConfigFlag> All { get; } =
    [
        Flag("--data", "data.name", "A known data set (see 'reparam data list') or the path of a file.", "NAME|PATH"),
        Flag("--binarization", "data.binarization", "none, static, dynamic or threshold.", "KIND"),
        Flag("--validation", "data.validation", "Training data held out for validation; -1 a tenth, 0 none. A set with a validation part of its own keeps that.", "COUNT"),
        Flag("--labels", "data.labels", "Labels that a semi-supervised model is told, as many of each class; -1 all, 0 none.", "COUNT"),
        Flag("--limit", "data.limit", "Use only the first COUNT training data; 0 all.", "COUNT"),
        Flag("--layout", "data.layout", "Where images of one's own file have their channels: channels-first, channels-last; auto.", "NAME"),
        Flag("--levels", "data.levels", "What numbers of one's own file stand for: stored, digits (0 and 1), bytes (0 to 255) or unit (those over 255); auto.", "NAME"),
        Flag("--standardize", "data.standardize", "Bring real numbers to mean 0 and variance 1: none, columns, channels (of images); auto does so where a gaussian scores reals.", "NAME"),
        Flag("--model", "model.kind", "mlp (any data), conv or resnet (images).", "NAME"),
        Flag("--family", "model.family", "vae; hierarchical or ladder with --upper layers of latents; vq-vae with --codes; semi-supervised with --labels.", "NAME"),
        Flag("--latent", "model.latent", "Number of latent variables.", "N"),
        Flag("--hidden", "model.hidden", "Widths of the encoder's hidden linear layers, such as 500,500; after the convolutions, if any.", "N,N"),
        Flag("--decoder-hidden", "model.decoder_hidden", "Widths of the decoder's hidden linear layers; those of the encoder reversed by default.", "N,N"),
        Flag("--channels", "model.channels", "Channels of a conv's or resnet's levels, each halving the image, such as 32,64.", "N,N"),
        Flag("--upper", "model.upper", "Sizes of the layers of latents above the first of a hierarchical or ladder model, such as 32,16,8.", "N,N"),
        Flag("--upper-hidden", "model.upper_hidden", "Widths of the networks between layers of latents, one for each layer above the first.", "N,N"),
        Flag("--codes", "model.codes", "Vectors in the codebook of a vq-vae.", "K"),
        Flag("--activation", "model.activation", "tanh, relu, softplus, silu, gelu, leaky-relu or identity.", "NAME"),
        Flag("--likelihood", "model.likelihood", "auto, by the kind of the data; bernoulli, gaussian, gaussian:SCALE, gaussian-learned, gaussian-optimal, gaussian-sigmoid or logistic256.", "NAME"),
        Flag("--initializer", "model.initializer", "pytorch, glorot, he, aevb or small-normal.", "NAME"),
        Flag("--posterior", "model.posterior", "normal; point, an autoencoder; or a flow with its number of maps: planar:N, sylvester:N, iaf:N, coupling:N, spline:N or bnaf:N; full, low-rank:N, mixture:N (gradients of its weights are noise once components part); vmf, power-spherical; bernoulli, or categorical:N with N outcomes.", "NAME:N"),
        Flag("--input-noise", "model.input_noise", "Probability with which each element is hidden from the encoder while training.", "P"),
        Flag("--weights", "model.weights", "The decoder's weights: point, or bayesian with a posterior of their own (mlp).", "KIND"),
        Flag("--condition", "model.condition", "labels makes a conditional model, to be asked for a class; none.", "NAME"),
        Flag("--prior", "model.prior", "standard; mixture:N normals, vamp:N pseudo-inputs, flow:N coupling or autoregressive:N masked maps, all learned.", "NAME:N"),
        Flag("--objective", "objective.kind", "elbo; beta-tcvae, factor-vae, dip-vae-i, dip-vae-ii, info-vae, wae-mmd, aae; vae-gan; iwae, miwae, piwae, ciwae, renyi; rws or wake-sleep.", "NAME"),
        Flag("--samples", "objective.samples", "Latent draws for each datum (L of the ELBO, K of the IWAE bound).", "K"),
        Flag("--beta", "objective.beta", "Final weight of the KL.", "X"),
        Flag("--warmup", "objective.warmup_steps", "Steps over which beta rises from 0.", "STEPS"),
        Flag("--cycle", "objective.cycle_steps", "Steps in a cycle of cyclical annealing.", "STEPS"),
        Flag("--capacity", "objective.capacity", "Nats of KL that cost nothing, C of beta |KL - C|.", "NATS"),
        Flag("--capacity-steps", "objective.capacity_steps", "Steps over which the capacity rises from 0.", "STEPS"),
        Flag("--groups", "objective.groups", "Groups of the draws of miwae and piwae.", "M"),
        Flag("--alpha", "objective.alpha", "Order of renyi, the ELBO's share in ciwae, the KL's part left out of info-vae, the likeness to the datum in vae-gan.", "X"),
        Flag("--penalty", "objective.penalty", "Weight of the penalty of beta-tcvae, factor-vae, dip-vae, info-vae, wae-mmd and aae.", "X"),
        Flag("--supervision", "objective.supervision", "alpha, how much the labels of a semi-supervised model weigh.", "X"),
        Flag("--commitment", "objective.commitment", "How much keeps the encoder of a vq-vae near its codebook.", "X"),
        Flag("--free-bits", "objective.free_bits", "Free nats of KL for each latent dimension.", "NATS"),
        Flag("--free-nats", "objective.free_nats", "Free nats of KL for all dimensions of a latent together.", "NATS"),
        Flag("--estimator", "objective.estimator", "closed-form-kl (SGVB B), sampled (SGVB A), sticking-the-landing; with iwae also doubly-reparameterized.", "NAME"),
        Flag("--discrete", "objective.discrete", "Gradient of discrete latents: gumbel-softmax, straight-through-gumbel-softmax, straight-through or score-function; enumeration of the class of a semi-supervised model.", "NAME"),
        Flag("--temperature", "objective.temperature", "Temperature of the Gumbel-Softmax at the first step.", "X"),
        Flag("--temperature-rate", "objective.temperature_rate", "r of exp(-r step), by which the temperature falls.", "R"),
        Flag("--temperature-floor", "objective.temperature_floor", "Where the temperature stops falling.", "X"),
        Flag("--optimizer", "optimizer.kind", "adam, adamw, adagrad, adamax, rmsprop or sgd.", "NAME"),
        Flag("--lr", "optimizer.learning_rate", "Learning rate.", "X"),
        Flag("--weight-decay", "optimizer.weight_decay", "Weight decay; 1/N over N data is the N(0, I) prior on weights.", "X"),
        Flag("--clip", "optimizer.gradient_clip", "Gradient norm above which gradients are scaled down; 0 never.", "NORM"),
        Flag("--batch", "training.batch", "Data in a step.", "N"),
        Flag("--epochs", "training.epochs", "Passes over the training set.", "N"),
        Flag("--seed", "training.seed", "Seed of everything random.", "N"),
        Flag("--patience", "training.patience", "Epochs without a better validation bound before stopping; 0 never.", "N"),
        Flag("--checkpoint-steps", "training.checkpoint_steps", "Steps between checkpoints besides those of each epoch.", "N"),
    ];

    private static ConfigFlag Flag(string name, string path, string help, string value) => new(new Option<string>(name) { Description = help, HelpName = value }, path);
}
