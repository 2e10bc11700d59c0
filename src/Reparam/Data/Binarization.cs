namespace Reparam.Data;

/// <summary>How grey levels become zeros and ones. Numbers under different binarisations do not compare.</summary>
public enum Binarization
{
    /// <summary>Not at all: grey levels stay in [0, 1].</summary>
    None,

    /// <summary>One Bernoulli draw with p = level / 255 for each pixel, fixed by the seed for good.</summary>
    Static,

    /// <summary>A fresh Bernoulli draw each time a datum is read.</summary>
    Dynamic,

    /// <summary>One where the level is at least 128.</summary>
    Threshold,
}
