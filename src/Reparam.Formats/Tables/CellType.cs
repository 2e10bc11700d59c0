namespace Reparam.Formats;

/// <summary>The type of the cells of a column in a file that has types.</summary>
public enum CellType
{
    /// <summary>Texts; an empty one is missing.</summary>
    Text,

    /// <summary>Whole numbers of 64 bits.</summary>
    Whole,

    /// <summary>Numbers of double precision.</summary>
    Number,

    /// <summary>Dates and times, as timestamps in microseconds without a time zone.</summary>
    Time,
}
