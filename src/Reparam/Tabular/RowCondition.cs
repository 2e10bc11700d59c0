using Reparam.Configuration;
using Reparam.Data;
using Reparam.Tensors;

namespace Reparam.Tabular;

/// <summary>A condition on synthetic rows: a column has a value, lies in a range, or is missing.</summary>
public sealed class RowCondition
{
    private readonly int _column;
    private readonly double _low, _high;

    private RowCondition(int column, double low, double high) => (_column, _low, _high) = (column, low, high);

    /// <summary>Parses conditions such as <c>class=good,age=30..40</c>.</summary>
    /// <param name="text">The conditions, with commas between them. A comma with no condition after it belongs to the
    /// value, so that numbers may have a decimal comma and texts may have commas. A name or a value may be in double
    /// quotes, as in a CSV file. A column that the model is given and that has no value, as in <c>age=</c>, or a mark
    /// of a missing cell, is missing.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="notes">Receives a sentence about a column that is missing here and was not in training.</param>
    /// <exception cref="InvalidConfigException">A column or a value is unknown, a range is empty, or a column that the
    /// model draws is missing.</exception>
    public static IReadOnlyList<RowCondition> Parse(string text, TableSchema schema, Action<string>? notes = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(schema);
        List<RowCondition> conditions = [];
        foreach (string part in Parts(text))
        {
            int mark = QuotedText.Places(part, '=').FirstOrDefault(-1);
            if (mark <= 0)
            {
                QuotedText.Unquoted(part); // throws where quotes are not closed
                throw new InvalidConfigException($"A condition is COLUMN=VALUE or COLUMN=LOW..HIGH, not '{part}'.");
            }

            (string name, string value) = (QuotedText.Unquoted(part[..mark]), QuotedText.Unquoted(part[(mark + 1)..]));
            int column = schema.Used.ToList().FindIndex(c => c.Name == name);
            if (column < 0)
            {
                throw new InvalidConfigException($"'{name}' is not a column of the model." +
                    Suggestion.For(name, schema.Used.Select(c => c.Name)));
            }

            if (conditions.Any(c => c._column == column))
                throw new InvalidConfigException($"Column '{name}' has two conditions; give one, such as LOW..HIGH.");
            conditions.Add(Of(schema, column, value));
            if (conditions[^1].IsMissing && schema.Used[column].Missing == 0)
                notes?.Invoke($"column '{name}' is missing here and in no training row: {TableSchema.Unfounded}");
        }

        return conditions;
    }

    private static List<string> Parts(string text)
    {
        List<string> parts = [];
        foreach (string part in QuotedText.Split(text, ',').Where(p => !string.IsNullOrWhiteSpace(p)))
        {
            if (parts.Count == 0 || QuotedText.Places(part, '=').Count > 0) parts.Add(part.Trim());
            else parts[^1] += "," + part;
        }

        return parts;
    }

    /// <summary>Whether the numbers of the modelled columns of a row meet the condition on one of them.</summary>
    internal bool Holds(TableSchema schema, ReadOnlySpan<double> values) => Contains(schema, values[_column]);

    /// <summary>Whether the range contains a number of the source as it is written.</summary>
    internal bool Contains(TableSchema schema, double value)
    {
        if (IsMissing) return double.IsNaN(value);
        double written = schema.Used[_column].Written(value);
        return written >= _low && written <= _high;
    }

    /// <summary>The name of the column.</summary>
    /// <param name="schema">The columns.</param>
    public string Column(TableSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return schema.Used[_column].Name;
    }

    /// <summary>The position of the column among the <see cref="TableSchema.Conditions"/>; null for a column that is
    /// modelled.</summary>
    /// <param name="schema">The columns.</param>
    public int? Place(TableSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return _column >= schema.Modelled.Count ? _column - schema.Modelled.Count : null;
    }

    /// <summary>The value as a number of the source, NaN for a missing one; null for a range.</summary>
    public double? Value => _low == _high || IsMissing ? _low : null;

    private bool IsMissing => double.IsNaN(_low);

    /// <summary>A number from the range, uniformly; of counts, levels and truths a whole one.</summary>
    internal double Drawn(TableSchema schema, Rng rng)
    {
        if (Value is { } only) return only;
        TableColumn column = schema.Used[_column];
        return column.HasLevels || column.Kind is ColumnKind.Count or ColumnKind.Boolean
            ? Math.Floor(_low + rng.NextDouble() * (_high - _low + 1)) : _low + rng.NextDouble() * (_high - _low);
    }

    private static RowCondition Of(TableSchema schema, int at, string value)
    {
        TableColumn column = schema.Used[at];
        if (TableFormat.IsMissing(value))
        {
            return column.IsCondition ? new RowCondition(at, double.NaN, double.NaN) : throw new InvalidConfigException(
                $"Column '{column.Name}' is drawn, and drawn cells are not missing; give it a value, or leave it out.");
        }

        string[] ends = value.Split("..");
        if (column.HasLevels)
        {
            bool isOne = column.Kind == ColumnKind.Category || ends.Length != 2 || schema.LevelOf(at, value) >= 0;
            if (isOne) ends = [value];
            return new RowCondition(at, Level(ends[0]), Level(ends[^1]));
        }

        if (ends.Length is 1 or 2 && Number(ends[0], out double low) && Number(ends[^1], out double high)
            && low <= high)
        {
            if (column.Kind is ColumnKind.Count or ColumnKind.Boolean)
            {
                (low, high) = (Math.Max(0, Math.Ceiling(low)), Math.Floor(high));
                if (column.Kind == ColumnKind.Boolean) high = Math.Min(high, 1);
            }

            return low <= high ? new RowCondition(at, low, high) : throw new InvalidConfigException(
                $"Column '{column.Name}' has no value {value}: it holds " +
                $"{(column.Kind == ColumnKind.Count ? "whole numbers from 0" : "0 and 1")}.");
        }

        string what = column.Kind == ColumnKind.Date ? "dates"
            : $"numbers with a decimal {(schema.Format.Decimal == ',' ? "comma" : "point")}";
        throw new InvalidConfigException(
            $"Column '{column.Name}' holds {what}; a condition is {column.Name}=LOW..HIGH, not '{value}'.");

        int Level(string text) => schema.LevelOf(at, text) is >= 0 and var level ? level
            : throw new InvalidConfigException(
                $"'{text}' is not a value of column '{column.Name}'.{Suggestion.For(text, column.Levels)}");

        bool Number(string text, out double number) => column.Kind == ColumnKind.Date
            ? TableFormat.TryDate(text, column.DateOrder, out number) : schema.Format.TryNumber(text, out number);
    }
}
