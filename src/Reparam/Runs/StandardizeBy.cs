namespace Reparam.Runs;

/// <summary>What of real data is brought to mean 0 and variance 1 of the training data.</summary>
public enum StandardizeBy
{
    /// <summary>What a Gaussian without bounds scores, but for images in [0, 1]: channels of images, columns of
    /// others.</summary>
    Auto,

    /// <summary>Nothing.</summary>
    None,

    /// <summary>Each element of a datum by itself.</summary>
    Columns,

    /// <summary>Each channel of images.</summary>
    Channels,
}
