using System.CommandLine;
using System.CommandLine.Invocation;
using Reparam.Cli.Display;

namespace Reparam.Cli.Commands;

/// <summary>The help of a command with many options, printed in groups. Lines break at spaces, to the width of the
/// terminal.</summary>
/// <param name="command">The command.</param>
/// <param name="groupOf">The group of an option; null for the last group.</param>
/// <param name="otherwise">Prints the help of all other commands.</param>
internal sealed class GroupedHelp(Command command, Func<Option, string?> groupOf,
    SynchronousCommandLineAction otherwise) : SynchronousCommandLineAction
{
    private const string LastGroup = "run";

    // A longer name gets a separate line.
    private const int NameWidth = 26;

    /// <summary>With --help, the required arguments of the command may be missing.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command != command) return otherwise.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        int width = Terminal.Width(Console.IsOutputRedirected);
        output.WriteLine($"Description:\n  {command.Description}\n\nUsage:\n  reparam {command.Name} [options]");
        foreach (IGrouping<string, Option> group in command.Options.Where(o => !o.Hidden).GroupBy(
            o => groupOf(o) ?? LastGroup))
        {
            output.WriteLine($"\n{char.ToUpperInvariant(group.Key[0])}{group.Key[1..]}:");
            foreach (Option option in group) Print(output, option, width);
        }

        return ExitCode.Done;
    }

    private static void Print(TextWriter output, Option option, int width)
    {
        string argument = option.HelpName is null ? "" : $" {option.HelpName}";
        string name = $"  {string.Join(", ", [option.Name, .. option.Aliases])}{argument}";
        string indent = new(' ', NameWidth);
        string first = name.Length < NameWidth ? name.PadRight(NameWidth) : name + "\n" + indent;
        string[] lines = [.. TableLayout.Wrap(option.Description ?? "", width - NameWidth)];
        for (int i = 0; i < lines.Length; i++) output.WriteLine((i == 0 ? first : indent) + lines[i]);
    }
}
