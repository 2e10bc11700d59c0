namespace Reparam.Models;

/// <summary>Where a model's codes live, which says what may be done with them.</summary>
public enum LatentSpace
{
    /// <summary>All real vectors: lines between codes, directions and means make sense.</summary>
    Euclidean,

    /// <summary>The unit sphere.</summary>
    Spherical,

    /// <summary>Coins or one-hot variables, with nothing between their values.</summary>
    Discrete,

    /// <summary>Some coordinates discrete, the others real.</summary>
    Mixed,
}
