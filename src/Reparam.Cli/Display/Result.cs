using System.CommandLine;
using System.Text.Json.Nodes;
using Reparam.Cli.Commands;
using Reparam.Evaluation;

namespace Reparam.Cli.Display;

/// <summary>The results of a command, for standard output: lines and tables for the user, or one JSON object with
/// <c>--json</c>.</summary>
internal sealed class Result
{
    private const int LabelWidth = 16;

    private readonly bool _json;
    private readonly JsonObject _values = [];
    private readonly List<Action> _text = [];

    public Result(ParseResult parsed) => _json = parsed.GetValue(SharedOptions.Json);

    /// <summary>Adds a value that is only in the JSON object.</summary>
    public void Add(string key, JsonNode? value) => _values[key] = value;

    /// <summary>Adds a value for the JSON object and a line for the user.</summary>
    public void Add(string key, JsonNode? value, string label, string text)
    {
        _values[key] = value;
        Line(label, text);
    }

    /// <summary>Adds an estimate: in JSON <c>{"mean", "se", "count", "samples"}</c>, for the user mean +/- standard
    /// error.</summary>
    public void Add(string key, Estimate estimate, string label, string unit)
    {
        var node = new JsonObject
        {
            ["mean"] = Number(estimate.Mean), ["se"] = Number(estimate.StandardError), ["count"] = estimate.Count,
            ["samples"] = estimate.Samples,
        };
        Add(key, node, label, $"{estimate} {unit}");
    }

    /// <summary>Adds a share of data: in JSON <c>{"mean", "se", "count"}</c> as a fraction, for the user in per
    /// cent.</summary>
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

    /// <summary>Adds a line for the user.</summary>
    public void Line(string label, string text, Paint paint = Paint.None) => _text.Add(() =>
    {
        bool redirected = Console.IsOutputRedirected;
        foreach (string line in Lines(label, VisibleText.Of(text), Terminal.Width(redirected)))
            Console.Out.WriteLine(Terminal.Painted(line.TrimEnd(), paint, redirected));
    });

    /// <summary>Adds a command that the user can copy. It is always printed in one line.</summary>
    public void Command(string label, string command) =>
        _text.Add(() => Console.Out.WriteLine((label.Length == 0 ? "    " : label.PadRight(LabelWidth))
            + VisibleText.Of(command)));

    /// <summary>Adds a paragraph for the user, with an empty line above it.</summary>
    public void Paragraph(string text) => _text.Add(() =>
    {
        Console.Out.WriteLine();
        foreach (string line in TableLayout.Wrap(VisibleText.Of(text), Terminal.Width(Console.IsOutputRedirected)))
            Console.Out.WriteLine(line);
    });

    /// <summary>A label and its text. Further lines begin below the first character of the text.</summary>
    internal static IEnumerable<string> Lines(string label, string text, int width)
    {
        string head = label.PadRight(LabelWidth);
        if (VisibleText.Width(text) <= width - LabelWidth || head.Length > LabelWidth) return [head + text];
        return TableLayout.Wrap(text, Math.Max(width - LabelWidth, 1)).Select(
            (line, i) => (i == 0 ? head : new string(' ', LabelWidth)) + line);
    }

    /// <summary>Adds a table for the user.</summary>
    public void Table(ResultTable table) => _text.Add(table.Write);

    /// <summary>The values of the JSON object.</summary>
    public JsonObject Values => _values;

    /// <summary>Prints the lines so far, if the output is for the user. <see cref="Print"/> prints the rest.</summary>
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

    /// <summary>The number for JSON; null where it is not finite, because JSON has no such numbers.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    public static JsonArray Numbers(IEnumerable<double> values) => [.. values.Select(Number)];
}
