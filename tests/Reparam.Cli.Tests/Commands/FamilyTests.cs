using System.Text.Json;
using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>Runs of every family and of objectives with a network of their own, from training to every command that
/// reads them.</summary>
public sealed class FamilyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--model hierarchical --latent 6 --upper 3 --hidden 16", 9)]
    [InlineData("--model ladder --latent 6 --upper 4,2 --hidden 16", 12)]
    [InlineData("--model ladder --latent 6 --upper 4,2 --hidden 16 --batch 50 --normalization batch", 12)]
    [InlineData("--model vq-vae --network conv --channels 4,8 --latent 4 --codes 8 --prior autoregressive", 392)]
    [InlineData("--model semi-supervised --latent 4 --hidden 16 --labels 50", 14)]
    [InlineData("--latent 6 --hidden 16 --objective factor-vae", 6)]
    [InlineData("--latent 6 --hidden 16 --objective aae --posterior point", 6)]
    [InlineData("--latent 6 --hidden 16 --objective vae-gan", 6)]
    [InlineData("--latent 6 --hidden 16 --objective wake-sleep", 6)]
    [InlineData("--latent 6 --hidden 16 --prior autoregressive:2 --input-noise 0.2 --likelihood gaussian-optimal", 6)]
    [InlineData("--model diffusion --network mlp --hidden 16 --ema 0.9 --noise learned --sampler ddim:3", 784)]
    [InlineData(
        "--model diffusion --network unet --channels 4,4,4 --batch 20 --sampler ancestral:3 --weighting min-snr", 784)]
    public void Runs_are_trained_resumed_and_read(string options, int size)
    {
        string[] train = ["train", "--limit", "300", "--seed", "3", .. options.Split(' '), "--out"];
        string through = Run([.. train, "through", "--epochs", "2", "--json"]).Json.GetProperty(
            "weights_sha256").GetString()!;
        Run([.. train, "run", "--epochs", "1"]);
        Assert.Equal(through,
            Run("train", "--resume", "run", "--epochs", "2", "--json").Json.GetProperty("weights_sha256").GetString());
        JsonElement evaluated = Run("evaluate", "run", "--samples", "5", "--limit", "30", "--json").Json;
        Assert.True(double.IsFinite(evaluated.GetProperty("reconstruction").GetProperty("mean").GetDouble()));
        bool bounds = !options.Contains("point", StringComparison.Ordinal);
        Assert.Equal(bounds ? JsonValueKind.Object : JsonValueKind.Null, evaluated.GetProperty("elbo").ValueKind);
        bool draws = !options.Contains("diffusion", StringComparison.Ordinal);
        Assert.Equal(bounds && draws, evaluated.TryGetProperty("nll", out _));
        if (options.Contains("ladder", StringComparison.Ordinal))
        {
            Assert.Equal(
                ["z1", "z2", "z3"], evaluated.GetProperty("active_by_latent").EnumerateObject().Select(l => l.Name));
        }

        if (options.Contains("vq-vae", StringComparison.Ordinal))
            Assert.Equal(8, evaluated.GetProperty("codebook").GetProperty("codes").GetInt32());
        if (options.Contains("semi", StringComparison.Ordinal))
            Assert.Equal(30, evaluated.GetProperty("accuracy").GetProperty("count").GetInt32());
        if (bounds)
        {
            Assert.Equal(evaluated.GetProperty("kl").GetProperty("mean").GetDouble(),
                evaluated.GetProperty("kl_by_latent").EnumerateObject().Sum(l => l.Value.GetDouble()), 1e-3);
        }

        Run("encode", "run", "--limit", "20", "--out", _folder.File("codes.npy"));
        Assert.Equal([20, size], NpyFile.Read(_folder.File("codes.npy")).Shape);
        Run("decode", "run", "--latents", _folder.File("codes.npy"), "--out", _folder.File("decoded.npy"));
        Assert.Equal([20, 28, 28], NpyFile.Read(_folder.File("decoded.npy")).Shape);
        Run("sample", "run", "--count", "9", "--out", _folder.File("samples.png"));
        if (options.Contains("semi", StringComparison.Ordinal))
        {
            Run("sample", "run", "--count", "3", "--class", "7", "--out", _folder.File("sevens.npy"));
            CommandLine.Run(_folder.Path, "sample", "run", "--class", "10").Exits(2).Says("--class");
        }

        Run("reconstruct", "run", "--out", _folder.File("pairs.png"));
        Run("diagnose", "run");
        Run("inspect", "run");
    }

    [Fact]
    public void Diffusion_of_codes_is_trained_on_the_autoencoder_of_a_run_and_keeps_it()
    {
        Run("train", "--limit", "300", "--latent", "6", "--hidden", "16", "--epochs", "2", "--out", "first");
        string[] train = ["train", "--model", "latent-diffusion", "--autoencoder", "first", "--hidden", "16",
            "--condition", "labels", "--seed", "3", "--out"];
        string through = Run([.. train, "through", "--epochs", "2", "--json"]).Json.GetProperty(
            "weights_sha256").GetString()!;
        Run([.. train, "run", "--epochs", "1"]);
        // The run has a copy of the autoencoder, so it does not need the first run any more.
        Directory.Delete(_folder.File("first"), recursive: true);
        Assert.Equal(through,
            Run("train", "--resume", "run", "--epochs", "2", "--json").Json.GetProperty("weights_sha256").GetString());
        JsonElement evaluated = Run("evaluate", "run", "--limit", "30", "--json").Json;
        Assert.Equal(["codes", "z1", "diffusion"],
            evaluated.GetProperty("kl_by_latent").EnumerateObject().Select(l => l.Name));
        Assert.Equal(16, evaluated.GetProperty("elbo").GetProperty("samples").GetInt32());
        Run("sample", "run", "--count", "3", "--class", "7", "--guidance", "2", "--sampler", "heun:2", "--out",
            _folder.File("sevens.npy"));
        Assert.Equal([3, 28, 28], NpyFile.Read(_folder.File("sevens.npy")).Shape);
        CommandLine.Run(_folder.Path, "train", "--model", "latent-diffusion").Exits(2).Says("--autoencoder");
        CommandLine.Run(_folder.Path, "train", "--model", "latent-diffusion", "--autoencoder", "run").Exits(2)
            .Says("needs a vae");
    }

    [Fact]
    public void Options_of_diffusions_are_refused_for_other_models()
    {
        Run("train", "--limit", "200", "--latent", "2", "--hidden", "8", "--epochs", "1", "--out", "vae");
        Run("train", "--limit", "200", "--model", "diffusion", "--network", "mlp", "--hidden", "8", "--epochs", "1",
            "--out", "run");
        CommandLine.Run(_folder.Path, "sample", "vae", "--sampler", "ddim:5").Exits(2).Says("belongs to diffusion");
        CommandLine.Run(_folder.Path, "evaluate", "vae", "--chain-steps", "5").Exits(2).Says("belongs to diffusion");
        CommandLine.Run(_folder.Path, "evaluate", "run", "--chain-steps", "0").Exits(2).Says("--chain-steps");
        CommandLine.Run(_folder.Path, "sample", "run", "--guidance", "2").Exits(2)
            .Says("needs a model with a condition");
        CommandLine.Run(_folder.Path, "sample", "run", "--sampler", "ddim:0").Exits(2).Says("model.sampler");
        CommandLine.Run(_folder.Path, "train", "--network", "unet").Exits(2).Says("set model.kind to diffusion");
        CommandLine.Run(_folder.Path, "train", "--model", "diffusion", "--network", "conv").Exits(2).Says("unet");
        CommandLine.Run(_folder.Path, "train", "--model", "diffusion", "--objective", "iwae").Exits(2)
            .Says("do not fit together");
        JsonElement few = Run("evaluate", "run", "--limit", "50", "--chain-steps", "5", "--json").Json;
        JsonElement all = Run("evaluate", "run", "--limit", "50", "--json").Json;
        Assert.True(few.GetProperty("elbo").GetProperty("mean").GetDouble()
            < all.GetProperty("elbo").GetProperty("mean").GetDouble());
    }

    [Theory]
    [InlineData("unknown", "--model", "ladders")]
    [InlineData("model.upper belongs to 'hierarchical' and 'ladder', not to 'vae'", "--upper", "4")]
    [InlineData("model.codes belongs to 'vq-vae'", "--codes", "8")]
    [InlineData("has one code at each place", "--model", "vq-vae", "--network", "mlp")]
    [InlineData("has one code at each place", "--model", "vq-vae", "--network", "conv", "--hidden", "32")]
    [InlineData("belongs to model.kind 'semi-supervised'", "--labels", "100")]
    [InlineData("and there are only", "--model", "semi-supervised", "--labels", "100000")]
    [InlineData("A codebook of", "--model", "vq-vae", "--network", "conv", "--codes", "65536", "--latent", "2000")]
    [InlineData("the same for all codes", "--model", "vq-vae", "--network", "conv", "--beta", "7")]
    [InlineData("objective.warmup_steps belongs to", "--objective", "aae", "--warmup", "10")]
    [InlineData("nothing would train the scale", "--objective", "vae-gan", "--likelihood", "gaussian-learned")]
    [InlineData("Wake-sleep needs a model that generates", "--model", "ladder", "--objective", "wake-sleep")]
    [InlineData("leave the sphere", "--posterior", "vmf", "--objective", "factor-vae")]
    [InlineData("an unweighted mean", "--likelihood", "gaussian-optimal", "--objective", "iwae", "--samples", "4")]
    [InlineData("set the number of classes", "--model", "semi-supervised", "--labels", "0")]
    [InlineData("model.upper_hidden (--upper-hidden) has 1 entries",
        "--model", "ladder", "--upper", "4,2", "--upper-hidden", "8")]
    [InlineData("depends on the draws of another", "--model", "ladder", "--objective", "beta-tcvae")]
    [InlineData("at least 0 and below 1", "--input-noise", "1")]
    [InlineData("density would grow without limit", "--posterior", "point", "--prior", "flow:2")]
    [InlineData("does not maximise", "--objective", "vae-gan", "--patience", "3")]
    [InlineData("sums over the class", "--posterior", "bernoulli", "--discrete", "enumeration")]
    [InlineData("optimizer.schedule.decay_steps of at least 1", "--schedule", "stages", "--decay-steps", "0")]
    [InlineData("above 0, not 0", "--lr", "0")]
    [InlineData("need the KL of latent", "--posterior", "bernoulli", "--discrete", "score-function", "--estimator",
        "sampled", "--free-nats", "3")]
    [InlineData("belongs to 'mlp'", "--network", "conv", "--normalization", "batch")]
    [InlineData("encodes pseudo-inputs", "--prior", "vamp:5", "--normalization", "batch")]
    [InlineData("decodes draws of the prior", "--objective", "wake-sleep", "--normalization", "batch")]
    [InlineData("one is left over for the last", "--batch", "67", "--validation", "31", "--normalization", "batch")]
    [InlineData("two latent dimensions", "--model", "ladder", "--upper", "1", "--prior", "flow:2")]
    public void What_does_not_fit_is_refused_before_training(string words, params string[] options) =>
        CommandLine.Run(_folder.Path, ["train", "--limit", "300", .. options]).Exits(2).Says(words);

    private CommandLine.Outcome Run(params string[] arguments) => CommandLine.Run(_folder.Path, arguments).Exits(0);
}
