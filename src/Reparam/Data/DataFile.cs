namespace Reparam.Data;

/// <summary>Reads any supported array file. The format is told from the content, never from the name; gzip is taken off.</summary>
public static class DataFile
{
    /// <summary>Reads IDX, .npy, MATLAB v5 with a single array, rows of 0 and 1 as text, or the data of an .npz (see <see cref="ReadLabelled(string)"/>).</summary>
    /// <exception cref="InvalidDataFileException">The content is of no supported format, damaged, or leaves a choice which array is meant.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static NumericArray Read(string path) => ReadLabelled(path).Data;

    /// <summary>
    /// Reads data with their labels: an .npz may hold labels under the name <c>labels</c> or <c>y</c> beside the data, which are <c>data</c>, <c>images</c> or <c>x</c>, or the only other array. Other formats have no labels.
    /// </summary>
    /// <exception cref="InvalidDataFileException">The content is of no supported format, damaged, leaves a choice which array is meant, or its labels are not one whole number from 0 for each datum.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static LabelledArray ReadLabelled(string path)
    {
        UnpackedFile file = UnpackedFile.Read(path);
        return NpzFile.IsNpz(file.Content) ? LabelledArray.Of(NpzFile.Read(file), path) : new LabelledArray(Read(file), null);
    }

    internal static NumericArray Read(UnpackedFile file)
    {
        ReadOnlySpan<byte> content = file.Content;
        if (content.IsEmpty) throw file.Bad(0, "it is empty; fetch or copy it again.");
        if (NpyFile.IsNpy(content)) return NpyFile.Read(file);
        if (NpzFile.IsNpz(content)) return LabelledArray.Of(NpzFile.Read(file), file.Path).Data;
        if (MatFile.IsMat(content)) return MatFile.Only(MatFile.Read(file), file.Path);
        if (AmatFile.IsAmat(content)) return AmatFile.Read(file);
        if (content[0] == 0) return IdxFile.Read(file);
        throw file.Bad(0, "it is of no format that is read; convert it to .npy, .npz, IDX, MATLAB v5 or rows of 0 and 1.");
    }
}
