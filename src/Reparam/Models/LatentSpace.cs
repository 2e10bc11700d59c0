namespace Reparam.Models;

/// <summary>The space of a model's codes. It determines which operations on codes have a meaning.</summary>
public enum LatentSpace
{
    /// <summary>All real vectors. Lines between codes, directions and means have a meaning.</summary>
    Euclidean,

    /// <summary>The unit sphere.</summary>
    Spherical,

    /// <summary>Binary or one-hot variables, without intermediate values.</summary>
    Discrete,

    /// <summary>Some coordinates are discrete, the others are real.</summary>
    Mixed,
}
