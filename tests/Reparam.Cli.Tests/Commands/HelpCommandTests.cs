using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>What a person tries first.</summary>
public sealed class HelpCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Program_alone_lists_its_commands()
    {
        string help = Output();
        Assert.Contains("evaluate <RUN>", help, StringComparison.Ordinal);
        Assert.Contains("Show what a command does and takes.", help, StringComparison.Ordinal);
        Assert.Equal(help, Output("help"));
        Assert.Equal(help, Output("--help"));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("estimators")]
    [InlineData("data", "fetch")]
    public void Help_of_a_command_is_what_the_command_says(params string[] command) =>
        Assert.Equal(Output([.. command, "--help"]), Output(["help", .. command]));

    [Fact]
    public void Options_of_train_stand_in_groups_with_their_defaults_and_fit_80_columns()
    {
        string help = Output("train", "--help");
        Assert.All(help.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        int[] groups = [.. ((string[])["Data:", "Model:", "Objective:", "Optimizer:", "Training:", "Run:"]).Select(
            g => help.IndexOf($"\n{g}\n", StringComparison.Ordinal))];
        Assert.All(groups, at => Assert.True(at > 0));
        Assert.Equal(groups.Order(), groups);
        string words = string.Join(' ', help.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(
            "--epochs N Number of passes over the training set. Default: 40.", words, StringComparison.Ordinal);
        Assert.Contains(
            "--groups N Number of groups of the draws (miwae, piwae). Default: 8.", words, StringComparison.Ordinal);
        Assert.Contains(
            "closed-form-kl, sampled, sticking-the-landing, doubly-reparameterized", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no command 'evalute'. Did you mean 'evaluate'?", "evalute")]
    [InlineData("There is no command 'nonsense'. Known: train, evaluate,", "nonsense")]
    [InlineData("'data' has no command 'fetsh'. Did you mean 'fetch'?", "data", "fetsh")]
    [InlineData("'train' has no subcommands, so 'mnist' is not one", "train", "mnist")]
    public void Misspelt_command_is_corrected(string words, params string[] command) =>
        CommandLine.Run(_folder.Path, ["help", .. command]).Exits(2).Says(words);

    [Fact]
    public void Other_word_than_a_command_is_still_refused() =>
        CommandLine.Run(_folder.Path, "evalute").Exits(2).Says("Did you mean 'evaluate'?");

    private string Output(params string[] words) => CommandLine.Run(_folder.Path, words).Exits(0).Output;
}
