namespace Reparam.Data;

/// <summary>The file formats of the user's own data that a program reads in addition to the formats of
/// <see cref="DataFile"/>. None of these values is part of a run.</summary>
public sealed record DataFormats
{
    /// <summary>The formats of the library alone: PNG.</summary>
    public static DataFormats BuiltIn { get; } = new();

    /// <summary>The decoders of pictures. The first decoder that recognises a file decodes it.</summary>
    public IReadOnlyList<PictureDecoder> Pictures { get; init; } = [PngDecoder.Instance];

    /// <summary>The folder in which decoded pictures are kept, so that the pictures of a folder are decoded only once;
    /// null to decode them at each reading. A file there takes as much space as the scaled pictures of its folder. It
    /// is deleted 90 days after it was written, when another one is written.</summary>
    public string? Cache { get; init; }

    /// <summary>Opens a text file with a table, and detects what the format leaves open; null if the program reads no
    /// tables.</summary>
    public Func<string, TableFormat, TableSource>? Tables { get; init; }
}
