namespace Reparam.Data;

/// <summary>Reads any supported array file. The format is told from the content, never from the name; gzip is taken off.</summary>
public static class DataFile
{
    /// <summary>Reads IDX, .npy, .npz or MATLAB v5 with a single array, or rows of 0 and 1 as text.</summary>
    /// <exception cref="InvalidDataFileException">The content is of no supported format, damaged, or holds several arrays.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static NumericArray Read(string path) => Read(UnpackedFile.Read(path));

    internal static NumericArray Read(UnpackedFile file)
    {
        ReadOnlySpan<byte> content = file.Content;
        if (content.IsEmpty) throw file.Bad(0, "it is empty; fetch or copy it again.");
        if (NpyFile.IsNpy(content)) return NpyFile.Read(file);
        if (NpzFile.IsNpz(content)) return MatFile.Only(NpzFile.Read(file), file.Path);
        if (MatFile.IsMat(content)) return MatFile.Only(MatFile.Read(file), file.Path);
        if (AmatFile.IsAmat(content)) return AmatFile.Read(file);
        if (content[0] == 0) return IdxFile.Read(file);
        throw file.Bad(0, "it is of no format that is read; convert it to .npy, .npz, IDX, MATLAB v5 or rows of 0 and 1.");
    }
}
