using System.Security.Cryptography;

namespace Reparam.Data;

/// <summary>One file of a known data set: its name, where it is published, and the hash that identifies it.</summary>
/// <param name="Name">The file name in the folder of the data set. The name with <c>.gz</c> and without are both
/// accepted.</param>
/// <param name="Url">The address where the file is published.</param>
/// <param name="ContentBytes">The length in bytes of the content that <paramref name="ContentSha256"/> is computed
/// from.</param>
/// <param name="ContentSha256">The SHA-256, in lower-case hexadecimal, of the content without gzip compression. For a
/// MATLAB file it is the SHA-256 of the pixels only, because the header contains the time of saving.</param>
public sealed record DatasetFile(string Name, Uri Url, long ContentBytes, string ContentSha256)
{
    /// <summary>The path of the file, or the path where it should be put.</summary>
    internal string PathIn(string folder)
    {
        string named = Path.Combine(folder, Name);
        string other = Name.EndsWith(".gz", StringComparison.Ordinal) ? named[..^3] : named + ".gz";
        return !File.Exists(named) && File.Exists(other) ? other : named;
    }

    /// <summary>Reads the array and checks its SHA-256.</summary>
    /// <exception cref="InvalidDataFileException">The file is damaged, or it is not the published file.</exception>
    internal NumericArray Read(string path)
    {
        UnpackedFile file = UnpackedFile.Read(path);
        bool isMat = MatFile.IsMat(file.Content);
        // The hash is checked before an IDX or text file is parsed. A file with the right hash cannot fail to parse,
        // and for another file the message about the hash is clearer.
        NumericArray? pixels = isMat ? Faces(file) : null;
        ReadOnlyMemory<byte> content = pixels?.Content ?? file.Content;
        string hash = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        return hash == ContentSha256
            ? pixels ?? DataFile.Read(file)
            : throw file.Bad(0, $"it is damaged, or it is not the published '{Name}' (SHA-256 of its content is " +
                $"{hash}, expected {ContentSha256}); remove it and fetch it again.");
    }

    /// <summary>The published file has one face per column. The library needs one face per row.</summary>
    private static NumericArray Faces(UnpackedFile file)
    {
        NumericArray columns = DataFile.Read(file);
        if (columns.Kind != ElementKind.UInt8 || columns.Shape.Rank != 2)
            throw file.Bad(0, "it does not contain a matrix of bytes; remove it and fetch it again.");
        // Reading row-major bytes as column-major ones transposes them.
        return new NumericArray(ElementKind.UInt8, [columns.Shape[1], columns.Shape[0]],
            ColumnMajor.ToRowMajor(columns.Content.Span, [columns.Shape[1], columns.Shape[0]], 1));
    }
}
