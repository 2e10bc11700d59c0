namespace Reparam.Data;

/// <summary>How grey levels become zeros and ones. Results under different binarisations are not comparable.</summary>
public enum Binarization
{
    /// <summary>No binarisation: grey levels stay in [0, 1].</summary>
    None,

    /// <summary>One Bernoulli draw with p = level / 255 for each pixel. The draw is fixed by the seed.</summary>
    Static,

    /// <summary>A new Bernoulli draw with p = level / 255 each time a data point is read.</summary>
    Dynamic,

    /// <summary>1 if the level is at least 128, else 0.</summary>
    Threshold,
}
