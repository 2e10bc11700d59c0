namespace Reparam.Distributions;

/// <summary>The kinds of sets on which distributions have their mass.</summary>
public enum SupportKind
{
    /// <summary>Every element lies in an interval of the line.</summary>
    Interval,

    /// <summary>Every element is a whole number.</summary>
    WholeNumbers,

    /// <summary>Every element is a grey level k/255 with k from 0 to 255.</summary>
    Levels,

    /// <summary>Vectors with one element 1 and all other elements 0.</summary>
    OneHot,

    /// <summary>Vectors of non-negative numbers that sum to 1.</summary>
    Simplex,

    /// <summary>Vectors of length 1.</summary>
    Sphere,

    /// <summary>Symmetric positive-definite matrices.</summary>
    PositiveDefinite,

    /// <summary>
    /// Lower-triangular matrices with a positive diagonal and rows of length 1. They are the Cholesky factors of
    /// correlation matrices.
    /// </summary>
    CorrelationCholesky,

    /// <summary>A set of given values.</summary>
    Points,

    /// <summary>A single value.</summary>
    Point,
}
