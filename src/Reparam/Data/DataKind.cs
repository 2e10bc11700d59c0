namespace Reparam.Data;

/// <summary>What the numbers of a <see cref="Dataset"/> mean, and how they are stored.</summary>
public enum DataKind
{
    /// <summary>Grey levels 0 to 255, stored as bytes. The value of a grey level is level / 255.</summary>
    Grey,

    /// <summary>0 or 1, stored as bytes.</summary>
    Binary,

    /// <summary>Finite real numbers, stored as 32-bit floats.</summary>
    Real,

    /// <summary>The cells of the rows of a table: numbers, counts and numbers of categories, with NaN for missing
    /// cells. Each column is stored in a type of its own.</summary>
    Table,
}
