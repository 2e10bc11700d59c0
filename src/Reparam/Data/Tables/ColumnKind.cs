namespace Reparam.Data;

/// <summary>What the cells of a column mean.</summary>
public enum ColumnKind
{
    /// <summary>Real numbers.</summary>
    Real,

    /// <summary>Positive numbers with a long upper tail, modelled by their logarithms.</summary>
    Positive,

    /// <summary>Counts 0, 1, 2, ...</summary>
    Count,

    /// <summary>0 or 1.</summary>
    Boolean,

    /// <summary>One of several texts.</summary>
    Category,

    /// <summary>One of several texts that have an order, such as small, medium and large.</summary>
    Ordinal,

    /// <summary>A date or a time, in ISO 8601 form or in the order of <see cref="TableColumn.DatePattern"/>.</summary>
    Date,

    /// <summary>The same value in all rows. The column is not modelled.</summary>
    Constant,

    /// <summary>Names or numbers of rows. The column is not modelled.</summary>
    Identifier,

    /// <summary>A column that the user or the schema leaves out.</summary>
    Ignored,
}
