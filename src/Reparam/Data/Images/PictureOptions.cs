using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>How pictures of any size become data of one shape.</summary>
public sealed record PictureOptions
{
    /// <summary>The largest number of pictures in a folder.</summary>
    public const int MaxPictures = 1_000_000;

    /// <summary>
    /// The width and height in pixels. 0 keeps the size of the pictures if all have the same size and no side exceeds
    /// <see cref="LargestKept"/> pixels; otherwise it is <see cref="DefaultSize"/>.
    /// </summary>
    public int Size { get; init; }

    /// <summary>The size of pictures of different or large sizes if <see cref="Size"/> is 0.</summary>
    public const int DefaultSize = 64;

    /// <summary>The longest side of pictures that keep their size if <see cref="Size"/> is 0.</summary>
    public const int LargestKept = 256;

    /// <summary>What happens to a picture whose sides have another ratio.</summary>
    public PictureCrop Crop { get; init; }

    /// <summary>Whether colours become grey. If false, pictures have three channels, unless all of them are
    /// grey.</summary>
    public bool Grey { get; init; }

    /// <summary>Whether a picture that cannot be decoded is an error. If false, it is left out with a note.</summary>
    public bool Strict { get; init; }

    /// <summary>The largest width × height × channels of a picture before it is scaled.</summary>
    public long MaxSamples { get; init; } = PictureDecoder.DefaultMaxSamples;

    /// <summary>The decoders.</summary>
    public DataFormats Formats { get; init; } = DataFormats.BuiltIn;

    /// <summary>The shape of a data point, [height, width] or [channels, height, width], which replaces
    /// <see cref="Size"/> and <see cref="Grey"/>; null to follow these.</summary>
    public Shape? EventShape { get; init; }
}
