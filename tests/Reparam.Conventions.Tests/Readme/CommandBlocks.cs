using System.Text.RegularExpressions;

namespace Reparam.Conventions.Tests.Readme;

/// <summary>The shell commands of a page and what is wrong with them for a reader who pastes them in order.</summary>
internal static partial class CommandBlocks
{
    /// <summary>The commands of a page, each on one line and without its comment, with their place in the
    /// page.</summary>
    public static IEnumerable<(string Command, int At)> Commands(string text)
    {
        foreach (Pages.Block block in Pages.Blocks(text).Where(
            b => b.Kind is "" or "sh" or "bash" or "shell" or "console"))
        {
            string[] lines =
                [.. block.Text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Where(l => l.Length > 0)];
            // A block without a single command shows what one printed.
            if (block.Kind.Length == 0 && !lines.Any(l => First().IsMatch(l))) continue;
            for (int i = 0; i < lines.Length; i++)
                yield return (Spaces().Replace(Comment().Replace(lines[i], ""), " ").Trim(), block.At + i);
        }
    }

    /// <summary>The folder that a command trains into, such as <c>runs/mnist</c>; null where it trains
    /// nothing.</summary>
    public static string? Trains(string command) =>
        Training().IsMatch(command) && Out().Match(command) is { Success: true } m ? m.Groups["folder"].Value : null;

    /// <summary>What a reader of the page misses who runs its commands in order.</summary>
    public static IEnumerable<string> Faults(string text)
    {
        (string Command, int At)[] commands = [.. Commands(text)];
        Dictionary<string, int> made = [];
        foreach ((string command, int at) in commands)
        {
            if (Trains(command) is { } folder) made.TryAdd(folder, at);
            foreach (Match file in Written().Matches(command)) made.TryAdd(file.Groups[1].Value, at);
        }

        foreach (Pages.Block block in Pages.Blocks(text).Where(b => b.Kind == "python"))
            foreach (Match file in Named().Matches(block.Text)) made.TryAdd(file.Groups[1].Value, block.At);

        // In sentences too: a command in the text is pasted as one in a block is.
        IEnumerable<(string Name, int At)> read = Inline().Matches(
            Fenced().Replace(text, m => new string(' ', m.Length)))
            .SelectMany(m => Run().Matches(m.Value).Select(r => (r.Value, m.Index)))
            .Concat(commands.SelectMany(c => Run().Matches(c.Command).Select(r => (r.Value, c.At))))
            .Concat(commands.SelectMany(c => Read().Matches(c.Command).Select(r => (r.Groups[1].Value, c.At))));
        foreach ((string name, int at) in read)
        {
            // A file of the checkout needs no command.
            if (File.Exists(Path.Combine(Sources.Root, name))) continue;
            if (!made.TryGetValue(name, out int made1))
                yield return $"{name} is read and no command on the page makes it";
            else if (at < made1) yield return $"{name} is read before the command that makes it";
        }

        HashSet<string> set = ["REPARAM_DATA",
            .. commands.SelectMany(c => Assignment().Matches(c.Command)).Select(m => m.Groups[1].Value)];
        foreach ((string command, _) in commands)
        {
            foreach (Match variable in Variable().Matches(command).Where(v => !set.Contains(v.Groups[1].Value)))
                yield return $"{variable.Value} is set by nobody: {command}";
            foreach (Match word in Placeholder().Matches(command))
                yield return $"{word.Value} stands for something that the reader must fill in: {command}";
        }
    }

    [GeneratedRegex(@"^(reparam|mpirun|dotnet|export|alias|eng/\S+) ")]
    private static partial Regex First();

    [GeneratedRegex(@"(^| )#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@" {2,}")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(^(mpirun -n \d+ )?reparam|Reparam\.Cli --) train ")]
    private static partial Regex Training();

    [GeneratedRegex(@"--out ""?(?<folder>runs/[\w-]+)")]
    private static partial Regex Out();

    [GeneratedRegex(@"--out ""?([\w-]+\.np[yz])")]
    private static partial Regex Written();

    [GeneratedRegex(@"""([\w-]+\.np[yz])""")]
    private static partial Regex Named();

    [GeneratedRegex(@"--(?:data|latents) ""?([\w-]+\.np[yz])")]
    private static partial Regex Read();

    [GeneratedRegex(@"runs/[\w-]+")]
    private static partial Regex Run();

    [GeneratedRegex(@"`(?:reparam|eng/)[^`\n]*`")]
    private static partial Regex Inline();

    [GeneratedRegex("^```.*?^```[ ]*$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"(?:^|export )([A-Za-z_]\w*)=")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\$\{?([A-Za-z_]\w*)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?<![\w$.=/""-])[A-Z]{2,}(?![\w=.])|(?<=[/ ])[A-Z]{2,}(-[A-Z]{2,})+")]
    private static partial Regex Placeholder();
}
