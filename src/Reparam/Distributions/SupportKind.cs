namespace Reparam.Distributions;

/// <summary>Kinds of sets on which distributions live.</summary>
public enum SupportKind
{
    /// <summary>Every element in an interval of the line.</summary>
    Interval,

    /// <summary>Every element a whole number.</summary>
    WholeNumbers,

    /// <summary>Every element a grey level k/255, k from 0 to 255.</summary>
    Levels,

    /// <summary>Vectors of zeros with a single one.</summary>
    OneHot,

    /// <summary>Vectors of non-negative numbers that sum to 1.</summary>
    Simplex,

    /// <summary>Vectors of length 1.</summary>
    Sphere,

    /// <summary>Symmetric positive-definite matrices.</summary>
    PositiveDefinite,

    /// <summary>Lower-triangular matrices with positive diagonal and rows of length 1: Cholesky factors of
    /// correlations.</summary>
    CorrelationCholesky,

    /// <summary>A set of given values.</summary>
    Points,

    /// <summary>A single value.</summary>
    Point,
}
