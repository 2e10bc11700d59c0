using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>A run with discrete latents, from training to every command that reads it.</summary>
public sealed class DiscreteModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bernoulli", "gumbel-softmax", 6)]
    [InlineData("categorical:3", "score-function", 18)]
    public void Discrete_runs_are_trained_resumed_and_read(string posterior, string discrete, int size)
    {
        string[] train = ["train", "--limit", "300", "--hidden", "16", "--latent", "6", "--posterior", posterior,
            "--discrete", discrete, "--seed", "3", "--out"];
        string through = Run([.. train, "through", "--epochs", "2", "--json"]).Json.GetProperty(
            "weights_sha256").GetString()!;
        Run([.. train, "run", "--epochs", "1"]);
        Assert.Equal(through,
            Run("train", "--resume", "run", "--epochs", "2", "--json").Json.GetProperty("weights_sha256").GetString());
        Assert.Equal(6, Run("evaluate", "run", "--samples", "5", "--limit", "20", "--json").Json.GetProperty(
            "kl_per_dimension").GetArrayLength());
        Run("encode", "run", "--limit", "20", "--out", _folder.File("means.npy"));
        Run("encode", "run", "--limit", "20", "--sample", "--out", _folder.File("draws.npy"));
        Assert.Equal([20, size], NpyFile.Read(_folder.File("means.npy")).Shape);
        float[] draws = NpyFile.Read(_folder.File("draws.npy")).ToFloat32();
        Assert.All(draws, z => Assert.True(z is 0 or 1));
        if (posterior != "bernoulli") Assert.Equal(20 * 6, draws.Sum());
        Run("decode", "run", "--latents", _folder.File("draws.npy"), "--out", _folder.File("decoded.npy"));
        Assert.Equal([20, 28, 28], NpyFile.Read(_folder.File("decoded.npy")).Shape);
        Run("sample", "run", "--count", "9", "--out", _folder.File("samples.png"));
        Run("reconstruct", "run", "--out", _folder.File("pairs.png"));
        foreach (string[] walk in new string[][] {
            ["traverse", "run"], ["manifold", "run"], ["interpolate", "run", "--from", "0", "--to", "1"] })
            CommandLine.Run(_folder.Path, walk).Exits(2).Says("are discrete, with nothing between");
    }

    [Theory]
    [InlineData("--posterior bernoulli --latent 3", 3, "component 1 is 1.5, but it must lie " +
        "between 0 and 1", 0f, 1.5f, 0f)]
    [InlineData("--posterior bernoulli --latent 3", 3, null, 0.5f, 1f, 0f)]
    [InlineData("--posterior categorical:2 --latent 2", 4, "components 2 to 3 are the probabilities of one " +
        "variable; they sum to 1.5", 0.5f, 0.5f, 1f, 0.5f)]
    [InlineData("--posterior categorical:2 --latent 2", 4, null, 0f, 1f, 0.3f, 0.7f)]
    [InlineData("--model semi-supervised --labels " +
        "50 --latent 2", 12, "sum to 0", 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, -2f, 3f)]
    [InlineData(
        "--model semi-supervised --labels 50 --latent 2", 12, null, 0f, 1f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, -2f, 3f)]
    [InlineData("--posterior vmf --latent 3", 3, "its length is 2, but codes lie on a sphere of radius 1", 0f, 2f, 0f)]
    [InlineData("--posterior vmf --latent 3", 3, null, 0.6f, 0f, -0.5f)]
    public void Codes_that_are_neither_draws_nor_means_are_not_decoded(
        string options, int size, string? words, params float[] code)
    {
        Run(["train", "--limit", "300", "--hidden", "16", "--epochs", "1", "--seed", "3", "--out", "run",
            .. options.Split(' ')]);
        NpyFile.Write(_folder.File("z.npy"), NumericArray.FromFloat32([1, size], code));
        CommandLine.Outcome decoded = CommandLine.Run(
            _folder.Path, "decode", "run", "--latents", "z.npy", "--out", "x.npy");
        if (words is null) decoded.Exits(0);
        else decoded.Exits(3).Says("vector 0 is not a code of this model", words);
        Assert.Equal(words is null, File.Exists(_folder.File("x.npy")));
    }

    [Fact]
    public void Settings_that_do_not_fit_are_refused_before_training() =>
        CommandLine.Run(_folder.Path, "train", "--posterior", "bernoulli", "--objective", "iwae").Exits(2).Says(
            "needs objective.samples (--samples) of at least 2");

    private CommandLine.Outcome Run(params string[] arguments) => CommandLine.Run(_folder.Path, arguments).Exits(0);
}
