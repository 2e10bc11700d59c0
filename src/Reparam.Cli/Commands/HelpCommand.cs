using System.CommandLine;
using Reparam.Configuration;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam help</c>: prints the same text as <c>--help</c>.</summary>
internal static class HelpCommand
{
    private const string Help = "--help";

    private static readonly Argument<string[]> Asked = new("COMMAND")
    {
        Description = "The command to explain; without it, all commands are listed.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create(Command root)
    {
        var command = new Command("help", "Show what a command does and takes.");
        command.Arguments.Add(Asked);
        command.SetHandler((parsed, _) => Print(root, parsed.GetValue(Asked) ?? []));
        return command;
    }

    /// <summary>Prints the help of a command.</summary>
    /// <param name="root">The root of the command line.</param>
    /// <param name="names">The name of the command, then the names of its subcommands.</param>
    /// <exception cref="InvalidConfigException">There is no such command.</exception>
    public static int Print(Command root, IReadOnlyList<string> names)
    {
        Command command = root;
        foreach (string name in names)
        {
            string[] known = [.. command.Subcommands.Select(c => c.Name)];
            if (known.Length == 0)
            {
                throw new InvalidConfigException(
                    $"'{command.Name}' has no subcommands, so '{name}' is not one; "
                    + $"see: reparam help {command.Name}");
            }

            string lack = command == root ? "There is" : $"'{command.Name}' has";
            command = command.Subcommands.FirstOrDefault(c => c.Name == name)
                ?? throw new InvalidConfigException($"{lack} no command '{name}'.{Suggestion.For(name, known)}");
        }

        return root.Parse([.. names, Help]).Invoke();
    }
}
