namespace Reparam.Data;

/// <summary>Random changes of images in training, new in each step, by which few images teach more.</summary>
public enum Augmentation
{
    /// <summary>No change.</summary>
    None,

    /// <summary>Half of the images are mirrored left to right.</summary>
    Flip,

    /// <summary>Images are moved by up to an eighth of their width and height. The pixels at the edge are
    /// repeated.</summary>
    Shift,

    /// <summary>Both.</summary>
    FlipAndShift,
}
