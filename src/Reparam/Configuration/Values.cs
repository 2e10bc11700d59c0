using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reparam.Configuration;

/// <summary>A type of setting values: how JSON and options spell them, and which values are refused.</summary>
internal abstract class Value<TValue>
{
    /// <summary>What a value is, for error messages: "a whole number".</summary>
    public abstract string Sort { get; }

    public abstract string Placeholder { get; }

    public virtual IReadOnlyList<string> Choices => [];

    /// <summary>Whether a value is a real number.</summary>
    public virtual bool IsReal => false;

    public abstract JsonNode? Write(TValue value);

    public abstract TValue Read(JsonNode? node, in Place at);

    public abstract string Text(TValue value);

    public abstract JsonObject Schema();

    /// <summary>Converts the text of an option to JSON.</summary>
    public virtual JsonNode? Parse(string text) => JsonValue.Create(text);

    public virtual void Require(TValue value, string path)
    {
    }

    /// <summary>The accepted values, as the end of a sentence: "lies between 1 and 64".</summary>
    public virtual string Limits => $"is {Sort}";

    /// <summary>The JSON text of a number; null for any other value.</summary>
    protected static string? NumberIn(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? value.ToJsonString() : null;
}

internal sealed class WholeValue<TNumber>(TNumber minimum, TNumber maximum) : Value<TNumber>
    where TNumber : struct, IBinaryInteger<TNumber>, IMinMaxValue<TNumber>
{
    public override string Sort => TNumber.MinValue == TNumber.Zero ? $"a whole number from 0 to {TNumber.MaxValue}"
        : "a whole number";

    public override string Placeholder => "N";

    public override JsonNode? Write(TNumber value) => JsonNode.Parse(Text(value));

    public override TNumber Read(JsonNode? node, in Place at)
    {
        if (NumberIn(node) is not { } text) throw at.Misfit(Sort, node);
        if (NumberText.TryWhole(text, out TNumber value)) return value;
        throw maximum != TNumber.MaxValue && NumberText.TryWhole(text, out BigInteger _)
            ? new InvalidConfigException($"{at.Source}: {at.Path} {Limits}, not {text}.")
            : at.Misfit(Sort, node);
    }

    public override string Text(TNumber value) => value.ToString(null, CultureInfo.InvariantCulture);

    public override JsonNode? Parse(string text) =>
        NumberText.TryWhole(text, out TNumber value) ? Write(value) : Typed.Number(text) ?? JsonValue.Create(text);

    public override void Require(TNumber value, string path)
    {
        if (value >= minimum && value <= maximum) return;
        throw new InvalidConfigException(FormattableString.Invariant($"{path} {Limits}, not {value}."));
    }

    public override string Limits => maximum == TNumber.MaxValue
        ? FormattableString.Invariant($"is a whole number of at least {minimum}")
        : FormattableString.Invariant($"lies between {minimum} and {maximum}");

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "integer" };
        if (minimum != TNumber.MinValue) schema["minimum"] = Write(minimum);
        if (maximum != TNumber.MaxValue) schema["maximum"] = Write(maximum);
        return schema;
    }
}

internal sealed class RealValue(Bounds bounds) : Value<double>
{
    public override string Sort => "a number";

    public override bool IsReal => true;

    public override string Placeholder => "X";

    public override JsonNode? Write(double value) => JsonValue.Create(value);

    public override double Read(JsonNode? node, in Place at)
    {
        if (NumberIn(node) is not { } text) throw at.Misfit(Sort, node);
        return NumberText.TryReal(text, out double value) ? value : throw at.Misfit("a finite number", node);
    }

    public override string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public override JsonNode? Parse(string text) =>
        NumberText.TryReal(text, out double value) ? Write(value) : Typed.Number(text) ?? JsonValue.Create(text);

    public override void Require(double value, string path)
    {
        if (!bounds.Holds(value))
            throw new InvalidConfigException(FormattableString.Invariant($"{path} {Limits}, not {value}."));
    }

    public override string Limits => $"is {bounds}";

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "number" };
        if (double.IsFinite(bounds.Minimum)) schema[bounds.IsAbove ? "exclusiveMinimum" : "minimum"] = bounds.Minimum;
        if (double.IsFinite(bounds.Maximum)) schema[bounds.IsBelow ? "exclusiveMaximum" : "maximum"] = bounds.Maximum;
        return schema;
    }
}

internal sealed class TruthValue : Value<bool>
{
    public override string Sort => "true or false";

    public override string Placeholder => "true|false";

    public override JsonNode? Write(bool value) => JsonValue.Create(value);

    public override bool Read(JsonNode? node, in Place at) =>
        node is JsonValue value && value.TryGetValue(out bool truth) ? truth : throw at.Misfit(Sort, node);

    public override string Text(bool value) => value ? "true" : "false";

    public override JsonNode? Parse(string text) =>
        text is "true" or "false" ? JsonValue.Create(text == "true") : JsonValue.Create(text);

    public override JsonObject Schema() => new() { ["type"] = "boolean" };
}

/// <summary>A text. An option may write it as a JSON string, in quotes, where <paramref name="isJson"/> is
/// true.</summary>
internal sealed class TextValue(string placeholder, bool isJson = true) : Value<string>
{
    public override string Sort => "a text";

    public override string Placeholder => placeholder;

    public override JsonNode? Write(string value) => JsonValue.Create(value);

    public override string Read(JsonNode? node, in Place at) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : throw at.Misfit(Sort, node);

    public override string Text(string value) => value;

    public override JsonNode? Parse(string text) => isJson ? Typed.Text(text) : JsonValue.Create(text);

    public override JsonObject Schema() => new() { ["type"] = "string" };
}

/// <summary>One of several values, each chosen by its name.</summary>
internal sealed class ChoiceValue<TValue>(IReadOnlyList<(string Name, TValue Value)> choices) : Value<TValue>
{
    public override string Sort => "a text";

    public override string Placeholder => "NAME";

    public override IReadOnlyList<string> Choices => [.. choices.Select(c => c.Name)];

    public override JsonNode? Write(TValue value) => JsonValue.Create(Text(value));

    public override TValue Read(JsonNode? node, in Place at)
    {
        if (node is not JsonValue value || !value.TryGetValue(out string? text)) throw at.Misfit(Sort, node);
        foreach ((string name, TValue choice) in choices)
        {
            if (name == text) return choice;
        }

        throw new InvalidConfigException($"{at.Path} '{text}' is unknown.{Suggestion.For(text, Choices)}");
    }

    public override string Text(TValue value) =>
        choices.First(c => EqualityComparer<TValue>.Default.Equals(c.Value, value)).Name;

    public override JsonNode? Parse(string text) => Typed.Text(text);

    public override void Require(TValue value, string path)
    {
        if (choices.All(c => !EqualityComparer<TValue>.Default.Equals(c.Value, value)))
            throw new InvalidConfigException($"{path} '{value}' is unknown.{Suggestion.For($"{value}", Choices)}");
    }

    public override JsonObject Schema() => new()
    {
        ["enum"] = new JsonArray([.. choices.Select(c => JsonValue.Create(c.Name))]),
    };
}

/// <summary>A list of whole numbers, such as widths of layers.</summary>
internal sealed class WholesValue(int minimum, int maximum, int most) : Value<IReadOnlyList<int>>
{
    public override string Sort => "whole numbers, such as 500,500 (in JSON [500, 500])";

    public override string Placeholder => "N,N";

    public override JsonNode? Write(IReadOnlyList<int> value) =>
        new JsonArray([.. value.Select(v => JsonValue.Create(v))]);

    public override IReadOnlyList<int> Read(JsonNode? node, in Place at)
    {
        // A single number stands for a list with one entry.
        JsonNode?[] items = node switch { JsonArray array => [.. array], JsonValue => [node],
            _ => throw at.Misfit(Sort, node) };
        int[] values = new int[items.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (NumberIn(items[i]) is not { } text || !NumberText.TryWhole(text, out values[i]))
                throw at.Misfit(Sort, node);
        }

        return values;
    }

    public override string Text(IReadOnlyList<int> value) => string.Join(",", value);

    public override JsonNode? Parse(string text)
    {
        // An empty text means no hidden layer: a linear model.
        if (string.IsNullOrWhiteSpace(text)) return new JsonArray();
        return NumberText.Wholes(text) is { } list ? Write(list) : Typed.Array(text) ?? JsonValue.Create(text);
    }

    public override void Require(IReadOnlyList<int> value, string path)
    {
        if (value.Count > most)
        {
            throw new InvalidConfigException(
                FormattableString.Invariant($"{path} has {value.Count} entries; give at most {most}."));
        }

        foreach (int each in value)
        {
            if (each < minimum || each > maximum)
            {
                throw new InvalidConfigException(
                    FormattableString.Invariant($"{path} lies between {minimum} and {maximum}, not {each}."));
            }
        }
    }

    public override JsonObject Schema() => new()
    {
        ["type"] = "array",
        ["items"] = new JsonObject { ["type"] = "integer", ["minimum"] = minimum, ["maximum"] = maximum },
        ["maxItems"] = most,
    };
}

/// <summary>A value or null. Null lets the program choose the value.</summary>
internal sealed class OpenValue<TValue>(Value<TValue> inner) : Value<TValue?>
    where TValue : class
{
    public override string Sort => inner.Sort;

    public override string Placeholder => inner.Placeholder;

    public override IReadOnlyList<string> Choices => inner.Choices;

    public override JsonNode? Write(TValue? value) => value is null ? null : inner.Write(value);

    public override TValue? Read(JsonNode? node, in Place at) => node is null ? null : inner.Read(node, at);

    public override string Text(TValue? value) => value is null ? "null" : inner.Text(value);

    public override JsonNode? Parse(string text) => text == "null" ? null : inner.Parse(text);

    public override void Require(TValue? value, string path)
    {
        if (value is not null) inner.Require(value, path);
    }

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(inner.Schema(), new JsonObject { ["type"] = "null" }),
    };
}

/// <summary>A number or null. Null lets the program choose the number.</summary>
internal sealed class OpenNumber<TNumber>(Value<TNumber> inner) : Value<TNumber?>
    where TNumber : struct
{
    public override string Sort => inner.Sort;

    public override bool IsReal => inner.IsReal;

    public override string Placeholder => inner.Placeholder;

    public override JsonNode? Write(TNumber? value) => value is { } number ? inner.Write(number) : null;

    public override TNumber? Read(JsonNode? node, in Place at) => node is null ? null : inner.Read(node, at);

    public override string Text(TNumber? value) => value is { } number ? inner.Text(number) : "null";

    public override JsonNode? Parse(string text) => text == "null" ? null : inner.Parse(text);

    public override void Require(TNumber? value, string path)
    {
        if (value is { } number) inner.Require(number, path);
    }

    public override string Limits => inner.Limits;

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(inner.Schema(), new JsonObject { ["type"] = "null" }),
    };
}

/// <summary>Parses texts of options that are written as JSON.</summary>
internal static class Typed
{
    public static JsonNode? Text(string text) => text.StartsWith('"') ? Json(text) ?? JsonValue.Create(text)
        : JsonValue.Create(text);

    public static JsonNode? Array(string text) => Json(text) as JsonArray;

    public static JsonNode? Number(string text) => text == text.Trim() && Json(text) is JsonValue value
        && value.GetValueKind() == JsonValueKind.Number ? value : null;

    private static JsonNode? Json(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
