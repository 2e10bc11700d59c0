using System.CommandLine;
using System.Text.RegularExpressions;
using Reparam.Configuration;
using Reparam.Runs;
using Reparam.Tensors;

namespace Reparam.Cli.Tests.Fuzz;

/// <summary>
/// Command lines made from the command tree itself, so that a new command or option takes part without a word here:
/// values by the option's type and by what its help names; valid, at the edge and senseless.
/// The same seed makes the same lines.
/// </summary>
internal sealed partial class RandomCommandLine(Command root, ulong seed)
{
    private const string Letters = "abcxyz-_=,.:/ ";

    private static readonly string[] s_sound = ["0", "1", "2", "3", "5", "0.5", "0.1", "1e-3"];

    private static readonly string[] s_numbers =
    [
        "-1", "-0.5", "+2", "007", "", " ", "0,5", "0,001", "1,000.5", "-0,5", "1.000,5", "2147483647", "2147483648",
        "99999999999999999999", "1e999", "1e-999", "NaN",
        "Infinity", "-Infinity", "∞", "٣", "½", "1_000", "0x10", "1 ", "1\t", "1;2", "--1", "1e", "e5", ".", "null",
        "true", "[1]", "{}", "\"1\"", "1/*c*/",
    ];

    private static readonly string[] s_lists = ["4", "4,3", "8,8,8", "0", "-4,4", "4,", ",4", ",", "", "4, 3", "4;3",
        "1e3,2", "0,5", "99999999999,2", "[4,3]", "[4,[3]]", "4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4", "x,y"];

    private static readonly string[] s_inputs = ["run", "data.npz", "none.npy", "folder", ".", "", " ", "text.txt",
        "empty", "damaged.npy", "run/config.json", "folder/../run", "ünïcødé", "-", "digits", "c.json", "damaged.json"];

    private static readonly string[] s_outputs = ["out.png", "out.npy", "out.npz", "out.svg", "new", "folder", "", ".",
        "text.txt", "text.txt/x.png", "missing/x.png", "ünï cødé.png", "out", new string('n', 300) + ".png", "/"];

    private static readonly string[] s_garbage = ["", " ", "-", "--", "---", "=", "\n", "{0}", "%s", "'", "\"", "\\",
        "*", "$(true)", "ß", "日本", "\u200b", "🙂", "a=b=c", "null", "@none", "[", "{", "--unknown", "-x", "true"];

    private readonly Rng _rng = new(seed);

    /// <summary>Line number <paramref name="index"/>.</summary>
    public IReadOnlyList<string> At(int index)
    {
        var draw = new Draw(new Random((int)((uint)_rng.At(index).NextUInt64() >> 1)));
        Command command = root;
        List<string> words = [];
        while (command.Subcommands.Count > 0 && !draw.Oddly(0.02))
        {
            command = draw.From([.. command.Subcommands]);
            words.Add(draw.Oddly(0.01) ? draw.From(s_garbage) : command.Name);
        }

        foreach (Argument argument in command.Arguments)
        {
            if (draw.Oddly(0.04)) continue;
            int count = argument.Arity.MaximumNumberOfValues > 1 ? draw.Below(3) : 1;
            for (int i = 0; i < count; i++) words.Add(OfArgument(argument, draw));
        }

        List<Option> options =
            [.. command.Options.Where(o => o.Name is not ("--help" or "--version") || draw.Chance(0.01))];
        HashSet<string> given = [];
        foreach (Option option in options.Where(o => o.Required)) Give(option);
        for (int i = draw.Below(5); i > 0 && options.Count > 0; i--) Give(draw.From(options));
        if (draw.Oddly(0.05)) words.Insert(draw.Below(words.Count + 1), draw.From(s_garbage));
        Cap(command, given, words);
        return words;

        void Give(Option option)
        {
            if (!given.Add(option.Name) && !draw.Oddly(0.2)) return;
            string name = option.Aliases.Count > 0 && draw.Chance(0.3) ? draw.From([.. option.Aliases]) : option.Name;
            if (option.ValueType == typeof(bool))
            {
                words.Add(name);
                if (draw.Oddly(0.05)) words.Add(draw.From(s_garbage));
                return;
            }

            if (draw.Oddly(0.02))
            {
                words.Add(name);
                return;
            }

            string value = ValueOf(option, draw);
            if (draw.Chance(0.2)) words.Add($"{name}={value}");
            else words.AddRange([name, value]);
        }
    }

    private static string OfArgument(Argument argument, Draw draw)
    {
        if (draw.Oddly(0.05)) return draw.From(s_garbage);
        if (argument.Name == "RUN") return draw.Oddly(0.25) ? draw.From(s_inputs) : "run";
        string[] words = Words(argument.Description);
        return words.Length == 0 || draw.Oddly(0.2) ? draw.From(s_inputs) : draw.From(words);
    }

    private static string ValueOf(Option option, Draw draw)
    {
        if (draw.Oddly(0.05)) return draw.From(s_garbage);
        if (draw.Oddly(0.02)) return draw.Text(Letters, 12);
        string kind = option.HelpName ?? "";
        if (kind == "A.B=C") return Setting(draw);
        if (option.ValueType != typeof(string) || NumberKind().IsMatch(kind)) return Number(draw);
        if (kind.StartsWith("N,N", StringComparison.Ordinal) || kind.StartsWith("D,D", StringComparison.Ordinal))
            return draw.Oddly(0.6) ? draw.From(s_lists) : draw.From(["4", "4,3", "8,8"]);
        if (option.Name is "--out" or "--plot")
            return draw.Oddly(0.6) ? draw.From(s_outputs) : draw.From(["out.png", "out.npy", "new"]);
        if (kind.Contains("FILE", StringComparison.Ordinal) || kind.Contains("DIR", StringComparison.Ordinal))
            return draw.Oddly(0.7) ? draw.From(s_inputs) : draw.From(["run", "data.npz", "c.json"]);
        string[] words = Words(option.Description);
        if (kind.Contains("PATH", StringComparison.Ordinal)) return draw.Oddly(0.7) ? draw.From(s_inputs) : "data.npz";
        if (words.Length == 0 || draw.Oddly(0.15)) return draw.From(s_sound);
        string word = draw.From(words);
        return word.EndsWith(':') || draw.Oddly(0.1) ? word.TrimEnd(':') + ":" + Number(draw) : word;
    }

    private static string Number(Draw draw) => draw.From(draw.Oddly(0.4) ? s_numbers : s_sound);

    /// <summary>A key of the configuration with any value.</summary>
    private static string Setting(Draw draw)
    {
        string key = draw.From([.. Flag.Of(RunSettings.Definition, Catalog.BuiltIn).Select(f => f.Path),
            "model.event_shape", "optimizer.kind", "schema", "model", "nothing.here", ""]);
        return key + (draw.Oddly(0.05) ? "" : "=")
            + (draw.Oddly(0.3) ? draw.From(draw.Chance(0.5) ? s_lists : s_garbage) : Number(draw));
    }

    /// <summary>
    /// The names that a help text lists: words of small letters in an enumeration, with a colon where a number follows.
    /// </summary>
    private static string[] Words(string? description) => [.. NamedKinds().Matches(description ?? "").Select(
        m => m.Groups[1].Value + (m.Groups[2].Length > 0 ? ":" : ""))];

    /// <summary>Small work where the line itself asks for none.</summary>
    private static void Cap(Command command, HashSet<string> given, List<string> words)
    {
        if (words.Contains("--")) return;
        (string Name, string Value)[] caps = command.Name switch
        {
            "train" => [("--data", "data.npz"), ("--limit", "30"), ("--epochs", "1"), ("--hidden", "4"),
                ("--latent", "2"), ("--batch", "10")],
            "evaluate" => [("--samples", "2")],
            "estimators" => [("--replicates", "10"), ("--dimensions", "1,2")],
            "bench" => [("--seconds", "0.01")],
            "agreement" => [("--count", "10")],
            _ => [],
        };
        foreach ((string name, string value) in caps)
        {
            if (!given.Contains(name) && command.Options.Any(o => o.Name == name)) words.AddRange([name, value]);
        }

        // The deep reference steps hold a gigabyte.
        if (command.Name == "bench") words.Add("iwae-k1");
    }

    [GeneratedRegex("^(N|K|P|X|R|I|J|C|L|S|M|T|COUNT|STEPS|NATS|NORM|SECONDS)$")]
    private static partial Regex NumberKind();

    [GeneratedRegex(@"(?<![\w.-])([a-z][a-z0-9]+(?:-[a-z0-9]+)*)(:[A-Z]+)?(?=[,.;:]| or | and |$)")]
    private static partial Regex NamedKinds();

    /// <summary>One line's draws.</summary>
    private sealed class Draw(Random random)
    {
        // Every second line is meant as its help says, so that some get far.
        private readonly bool _odd = random.NextDouble() < 0.5;

        /// <summary>Whether to do what nobody should.</summary>
        public bool Oddly(double probability) => random.NextDouble() < probability && _odd;

        public int Below(int count) => random.Next(count);

        public bool Chance(double probability) => random.NextDouble() < probability;

        public T From<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];

        public string Text(string letters, int most) =>
            new([.. Enumerable.Range(0, random.Next(most)).Select(_ => letters[random.Next(letters.Length)])]);
    }
}
