using System.Security.Cryptography;

namespace Reparam.Data;

/// <summary>One file of a known data set: its name, where it is published, and what proves that it is the right
/// one.</summary>
/// <param name="Name">File name in the set's folder. With or without <c>.gz</c>, either is accepted.</param>
/// <param name="Url">Where it is published.</param>
/// <param name="ContentBytes">Length of what <paramref name="ContentSha256"/> is taken of.</param>
/// <param name="ContentSha256">SHA-256, lower-case hexadecimal, of the content with gzip taken off; of the pixels alone
/// for a MATLAB file, whose header holds the time it was saved.</param>
public sealed record DatasetFile(string Name, Uri Url, long ContentBytes, string ContentSha256)
{
    /// <summary>The path at which the file is, or at which it should be put.</summary>
    internal string PathIn(string folder)
    {
        string named = Path.Combine(folder, Name);
        string other = Name.EndsWith(".gz", StringComparison.Ordinal) ? named[..^3] : named + ".gz";
        return !File.Exists(named) && File.Exists(other) ? other : named;
    }

    /// <summary>Reads the array and proves its identity.</summary>
    /// <exception cref="InvalidDataFileException">The file is damaged or another one.</exception>
    internal NumericArray Read(string path)
    {
        UnpackedFile file = UnpackedFile.Read(path);
        bool isMat = MatFile.IsMat(file.Content);
        // Hash first: a file with the right hash cannot fail to parse, and a wrong one deserves the plainer message.
        NumericArray? pixels = isMat ? Faces(file) : null;
        ReadOnlyMemory<byte> content = pixels?.Content ?? file.Content;
        string hash = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        return hash == ContentSha256
            ? pixels ?? DataFile.Read(file)
            : throw file.Bad(0, $"it is damaged or not the published '{Name}' (SHA-256 of its content is {hash}, " +
                $"expected {ContentSha256}); remove it and fetch it again.");
    }

    /// <summary>The published faces stand one in a column; everything else here wants one in a row.</summary>
    private static NumericArray Faces(UnpackedFile file)
    {
        NumericArray columns = DataFile.Read(file);
        if (columns.Kind != ElementKind.UInt8 || columns.Shape.Rank != 2)
            throw file.Bad(0, "it does not hold a matrix of bytes; remove it and fetch it again.");
        // Reading row-major bytes as column-major ones transposes them.
        return new NumericArray(ElementKind.UInt8, [columns.Shape[1], columns.Shape[0]],
            ColumnMajor.ToRowMajor(columns.Content.Span, [columns.Shape[1], columns.Shape[0]], 1));
    }
}
