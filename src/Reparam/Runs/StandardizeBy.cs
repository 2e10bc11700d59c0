namespace Reparam.Runs;

/// <summary>What is standardised in real data: the values over which mean 0 and variance 1 of the training data
/// hold.</summary>
public enum StandardizeBy
{
    /// <summary>Channels of images and columns of other data, if the likelihood is a Gaussian without bounds and the
    /// data are real numbers. Nothing otherwise, and nothing for images in [0, 1].</summary>
    Auto,

    /// <summary>Nothing is standardised.</summary>
    None,

    /// <summary>Each element of a data point separately.</summary>
    Columns,

    /// <summary>Each channel of images, with one mean and one scale for all pixels of the channel.</summary>
    Channels,
}
