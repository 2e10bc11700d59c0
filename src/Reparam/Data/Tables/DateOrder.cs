namespace Reparam.Data;

/// <summary>The order of year, month and day in the dates of a column.</summary>
public enum DateOrder
{
    /// <summary>ISO 8601, such as 2026-11-30.</summary>
    YearFirst,

    /// <summary>Such as 30.11.2026 or 30/11/2026.</summary>
    DayFirst,

    /// <summary>Such as 11/30/2026.</summary>
    MonthFirst,
}
