using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>A run conditioned on labels: every command that decodes takes a class.</summary>
public sealed class ConditionalModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Conditional_run_is_trained_evaluated_and_asked_for_classes()
    {
        Run("train", "--limit", "300", "--hidden", "16", "--latent", "3", "--condition", "labels", "--epochs", "1",
            "--seed", "3", "--out", "run");
        Run("evaluate", "run", "--samples", "5", "--limit", "20");
        Run("encode", "run", "--limit", "20", "--out", _folder.File("codes.npy"));
        Run("reconstruct", "run", "--out", _folder.File("pairs.png"));
        Assert.Contains("a row for each style and a column for each class", CommandLine.Outcome.Joined(
            Run("sample", "run", "--out", _folder.File("grid.png")).Output), StringComparison.Ordinal);
        Pictures.RequireGrid(_folder.File("grid.png"), 10, 10);
        Run("sample", "run", "--class", "7", "--count", "4", "--out", _folder.File("sevens.npy"));
        Assert.Equal([4, 28, 28], NpyFile.Read(_folder.File("sevens.npy")).Shape);
        Run("decode", "run", "--class", "7", "--latents", _folder.File("codes.npy"), "--out",
            _folder.File("decoded.npy"));
        foreach (string[] walk in new string[][] {
            ["traverse", "run"], ["manifold", "run", "--grid", "3"], ["interpolate", "run", "--from", "0", "--to", "1"],
            ["arithmetic", "run", "--a", "0", "--b", "1", "--c", "2"] })
        {
            Run([.. walk, "--class", "2", "--out", _folder.File("walk.png")]);
            CommandLine.Run(_folder.Path, walk).Exits(2).Says("Give the class with --class, from 0 to 9");
        }

        CommandLine.Run(_folder.Path, "sample", "run", "--class", "10").Exits(2).Says("--class lies between 0 and 9");
        CommandLine.Run(_folder.Path, "sample", "run", "--class", "seven").Exits(2).Says(
            "--class takes a whole number from 0 to 9, not 'seven': the classes of this run have no names");
        NpyFile.Write(_folder.File("own.npy"), NumericArray.FromBytes([20, 784], new byte[20 * 784]));
        CommandLine.Run(_folder.Path, "evaluate", "run", "--data", _folder.File("own.npy")).Exits(3).Says(
            "has no labels");
        CommandLine.Run(_folder.Path, "train", "--data", _folder.File("own.npy"), "--condition", "labels").Exits(
            2).Says("has none");
    }

    [Fact]
    public void Class_of_an_unconditional_run_is_refused()
    {
        Run("train", "--limit", "100", "--hidden", "8", "--latent", "2", "--epochs", "1", "--out", "run");
        CommandLine.Run(_folder.Path, "sample", "run", "--class", "1").Exits(2).Says(
            "trained without --condition labels");
    }

    private CommandLine.Outcome Run(params string[] arguments) => CommandLine.Run(_folder.Path, arguments).Exits(0);
}
