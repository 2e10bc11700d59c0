namespace Reparam.Data;

/// <summary>How the numbers of a column become the inputs of a model.</summary>
public enum ColumnTransform
{
    /// <summary>Unchanged.</summary>
    None,

    /// <summary>(x - mean) / standard deviation.</summary>
    Standardize,

    /// <summary>(x - median) / (0.7413 times the distance of the quartiles), which is the standard deviation of a
    /// normal.</summary>
    Robust,

    /// <summary>The logarithm, then standardised.</summary>
    Log,
}
