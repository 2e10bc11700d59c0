namespace Reparam.Models;

/// <summary>Where the standard deviation of a <see cref="GaussianLikelihood"/> comes from.</summary>
public enum GaussianScale
{
    /// <summary>A constant.</summary>
    Fixed,

    /// <summary>One learned number for all elements.</summary>
    Shared,

    /// <summary>
    /// One number for all elements, which nothing learns: that of largest likelihood, the root of the mean squared
    /// residual of the batch that is scored (Rybkin, Daniilidis and Levine 2021). Training tracks its running mean,
    /// which scores afterwards.
    /// </summary>
    Optimal,

    /// <summary>The network, for each element of each datum.</summary>
    PerElement,
}
