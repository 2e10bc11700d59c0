namespace Reparam.Models;

/// <summary>The source of the standard deviation of a <see cref="GaussianLikelihood"/>.</summary>
public enum GaussianScale
{
    /// <summary>A constant.</summary>
    Fixed,

    /// <summary>One learned number, shared by all elements.</summary>
    Shared,

    /// <summary>
    /// One number for all elements, which is computed and not learned: the value of maximum likelihood, the root of the
    /// mean squared residual of the scored batch (Rybkin, Daniilidis and Levine 2021). Training tracks a running mean
    /// of its square, which evaluation uses.
    /// </summary>
    Optimal,

    /// <summary>One learned number for each element of a datum, the same for all data.</summary>
    PerColumn,

    /// <summary>The network predicts it for each element of each datum.</summary>
    PerElement,
}
