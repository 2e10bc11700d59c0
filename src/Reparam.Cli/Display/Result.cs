using System.CommandLine;
using System.Text.Json.Nodes;
using Reparam.Cli.Commands;
using Reparam.Evaluation;

namespace Reparam.Cli.Display;

/// <summary>What a command found, for standard output: lines and tables for a person, or one JSON object with
/// <c>--json</c>.</summary>
internal sealed class Result
{
    private const int LabelWidth = 16;

    private readonly bool _json;
    private readonly JsonObject _values = [];
    private readonly List<Action> _text = [];

    public Result(ParseResult parsed) => _json = parsed.GetValue(SharedOptions.Json);

    /// <summary>A value that only programs want.</summary>
    public void Add(string key, JsonNode? value) => _values[key] = value;

    /// <summary>A value for programs, and a line for people.</summary>
    public void Add(string key, JsonNode? value, string label, string text)
    {
        _values[key] = value;
        Line(label, text);
    }

    /// <summary>An estimate: <c>{"mean", "se"}</c>, and mean +/- standard error.</summary>
    public void Add(string key, Estimate estimate, string label, string unit)
    {
        var node = new JsonObject
        {
            ["mean"] = Number(estimate.Mean), ["se"] = Number(estimate.StandardError), ["count"] = estimate.Count,
            ["samples"] = estimate.Samples,
        };
        Add(key, node, label, $"{estimate} {unit}");
    }

    /// <summary>A share of data: <c>{"mean", "se", "count"}</c> as a fraction, and per cent for people.</summary>
    public void AddShare(string key, Estimate share, string label, string meaning)
    {
        var node = new JsonObject
        {
            ["mean"] = Number(share.Mean), ["se"] = Number(share.StandardError), ["count"] = share.Count,
        };
        string error = double.IsFinite(share.StandardError)
            ? FormattableString.Invariant($" +/- {100 * share.StandardError:F2}") : "";
        Add(key, node, label, FormattableString.Invariant($"{100 * share.Mean:F2}{error} % {meaning}"));
    }

    /// <summary>A line for people.</summary>
    public void Line(string label, string text, Paint paint = Paint.None) => _text.Add(() =>
    {
        bool redirected = Console.IsOutputRedirected;
        foreach (string line in Lines(label, text, Terminal.Width(redirected)))
            Console.Out.WriteLine(Terminal.Painted(line.TrimEnd(), paint, redirected));
    });

    /// <summary>A command for people to copy, in one line however long it is.</summary>
    public void Command(string label, string command) =>
        _text.Add(() => Console.Out.WriteLine((label.Length == 0 ? "    " : label.PadRight(LabelWidth)) + command));

    /// <summary>A paragraph for people, with a blank line above it.</summary>
    public void Paragraph(string text) => _text.Add(() =>
    {
        Console.Out.WriteLine();
        foreach (string line in TableLayout.Wrap(text, Terminal.Width(Console.IsOutputRedirected)))
            Console.Out.WriteLine(line);
    });

    /// <summary>A label and its text, whose further lines begin below the text's first letter.</summary>
    internal static IEnumerable<string> Lines(string label, string text, int width)
    {
        string head = label.PadRight(LabelWidth);
        if (text.Length <= width - LabelWidth || head.Length > LabelWidth) return [head + text];
        return TableLayout.Wrap(text, Math.Max(width - LabelWidth, 1)).Select(
            (line, i) => (i == 0 ? head : new string(' ', LabelWidth)) + line);
    }

    /// <summary>A table for people.</summary>
    public void Table(ResultTable table) => _text.Add(table.Write);

    /// <summary>The values, for a file.</summary>
    public JsonObject Values => _values;

    /// <summary>Prints for people what is known so far; <see cref="Print"/> prints the rest.</summary>
    public void Flush()
    {
        if (!_json) _text.ForEach(write => write());
        _text.Clear();
    }

    public int Print(int code = ExitCode.Done)
    {
        if (_json) Console.Out.WriteLine(_values.ToJsonString());
        else _text.ForEach(write => write());
        return code;
    }

    /// <summary>A number, or null where JSON has none for it.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    public static JsonArray Numbers(IEnumerable<double> values) => [.. values.Select(Number)];
}
