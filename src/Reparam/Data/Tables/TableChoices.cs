namespace Reparam.Data;

/// <summary>The user's choices about the columns of a table. They take precedence over the inferred kinds.</summary>
public sealed record TableChoices
{
    /// <summary>The column with the label of each row, which is not modelled; null for none.</summary>
    public string? Label { get; init; }

    /// <summary>The columns that a model is conditioned on.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>Columns to leave out.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>How rows make a data point; null for one data point for each row.</summary>
    public TableWindow? Window { get; init; }

    /// <summary>The levels of ordinal columns by name, from the lowest to the highest. An ordinal column that is not
    /// named has its numbers, or its texts in alphabetical order.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Levels { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The orders of the dates of columns by name. A column that is not named has the order that its cells
    /// tell.</summary>
    public IReadOnlyDictionary<string, DateOrder> DateOrders { get; init; } = new Dictionary<string, DateOrder>();

    /// <summary>The kinds of columns by name.</summary>
    public IReadOnlyDictionary<string, ColumnKind> Kinds { get; init; } = new Dictionary<string, ColumnKind>();
}
