using Reparam.Configuration;
using Reparam.Data;

namespace Reparam.Tabular;

/// <summary>A condition on synthetic rows: a column has a value, or lies in a range.</summary>
public sealed class RowCondition
{
    private readonly int _column;
    private readonly double _low, _high;

    private RowCondition(int column, double low, double high) => (_column, _low, _high) = (column, low, high);

    /// <summary>Parses conditions such as <c>class=good,age=30..40</c>.</summary>
    /// <param name="text">The conditions, with commas between them. A comma with no condition after it belongs to the
    /// value, so that numbers may have a decimal comma and texts may have commas.</param>
    /// <param name="schema">The columns.</param>
    /// <exception cref="InvalidConfigException">A column or a value is unknown, or a range is empty.</exception>
    public static IReadOnlyList<RowCondition> Parse(string text, TableSchema schema)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(schema);
        List<RowCondition> conditions = [];
        foreach (string part in Parts(text))
        {
            int mark = part.IndexOf('=', StringComparison.Ordinal);
            if (mark <= 0)
                throw new InvalidConfigException($"A condition is COLUMN=VALUE or COLUMN=LOW..HIGH, not '{part}'.");
            (string name, string value) = (part[..mark].Trim(), part[(mark + 1)..].Trim());
            int column = schema.Modelled.ToList().FindIndex(c => c.Name == name);
            if (column < 0)
            {
                throw new InvalidConfigException($"'{name}' is not a column of the model." +
                    Suggestion.For(name, schema.Modelled.Select(c => c.Name)));
            }

            conditions.Add(Of(schema, column, value));
        }

        return conditions;
    }

    private static List<string> Parts(string text)
    {
        List<string> parts = [];
        foreach (string part in text.Split(',').Where(p => !string.IsNullOrWhiteSpace(p)))
        {
            if (parts.Count == 0 || part.Contains('=', StringComparison.Ordinal)) parts.Add(part);
            else parts[^1] += "," + part;
        }

        return parts.ConvertAll(part => part.Trim());
    }

    /// <summary>Whether a row of numbers of the source meets the condition.</summary>
    internal bool Holds(TableSchema schema, ReadOnlySpan<double> values)
    {
        TableColumn column = schema.Modelled[_column];
        // The range holds for the number as it is written.
        double written = column.Written(values[_column]);
        return written >= _low && written <= _high;
    }

    private static RowCondition Of(TableSchema schema, int at, string value)
    {
        TableColumn column = schema.Modelled[at];
        string[] ends = value.Split("..");
        if (column.HasLevels)
        {
            if (column.Kind == ColumnKind.Category || ends.Length != 2) ends = [value];
            return new RowCondition(at, Level(ends[0]), Level(ends[^1]));
        }

        if (ends.Length is 1 or 2 && Number(ends[0], out double low) && Number(ends[^1], out double high)
            && low <= high)
            return new RowCondition(at, low, high);
        string what = column.Kind == ColumnKind.Date ? "dates"
            : $"numbers with a decimal {(schema.Format.Decimal == ',' ? "comma" : "point")}";
        throw new InvalidConfigException(
            $"Column '{column.Name}' holds {what}; a condition is {column.Name}=LOW..HIGH, not '{value}'.");

        int Level(string text) => schema.LevelOf(at, text) is >= 0 and var level ? level
            : throw new InvalidConfigException(
                $"'{text}' is not a value of column '{column.Name}'.{Suggestion.For(text, column.Levels)}");

        bool Number(string text, out double number) => column.Kind == ColumnKind.Date
            ? TableFormat.TryDate(text, out number) : schema.Format.TryNumber(text, out number);
    }
}
