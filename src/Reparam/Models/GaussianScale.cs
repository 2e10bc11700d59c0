namespace Reparam.Models;

/// <summary>Where the standard deviation of a <see cref="GaussianLikelihood"/> comes from.</summary>
public enum GaussianScale
{
    /// <summary>A constant.</summary>
    Fixed,

    /// <summary>One learned number for all elements.</summary>
    Shared,

    /// <summary>The network, for each element of each datum.</summary>
    PerElement,
}
