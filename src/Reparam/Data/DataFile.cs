namespace Reparam.Data;

/// <summary>Reads array files of all supported formats. The content decides the format, not the name of the file. Files
/// with gzip compression are decompressed.</summary>
public static class DataFile
{
    /// <summary>
    /// Reads the array of an IDX file, an .npy file or a text file with rows of numbers, or the data of an .npz or
    /// MATLAB v5 file (see <see cref="ReadParts"/>). In a file with parts these are the training data.
    /// </summary>
    /// <exception cref="InvalidDataFileException">The format is not supported, the content is damaged, or it is
    /// ambiguous which array contains the data.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static NumericArray Read(string path) => ReadLabelled(path).Data;

    /// <summary>
    /// Reads data with their labels if the file has any (see <see cref="ReadParts"/>). In a file with parts these are
    /// the training data.
    /// </summary>
    /// <exception cref="InvalidDataFileException">The same as for <see cref="ReadParts"/>.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static LabelledArray ReadLabelled(string path) => ReadParts(path).Train;

    /// <summary>
    /// Reads data in the parts that the file names, each part with its labels. In .npz and MATLAB files the names of
    /// the arrays decide their roles. Labels are named <c>labels</c> or <c>y</c>. Data are named <c>data</c>,
    /// <c>images</c>, <c>x</c> or <c>imgs</c>, or are the only other array. Names such as <c>x_train</c>,
    /// <c>y_test</c>, <c>val_images</c> and <c>train</c> give the part. Labels are classes, [N] or [N, 1], or one-hot
    /// [N, C]. Other arrays, and arrays without numbers, are ignored with a note. Files of other formats have one array
    /// and no labels.
    /// </summary>
    /// <exception cref="InvalidDataFileException">The format is not supported, the content is damaged, it is ambiguous
    /// which array has a role, or labels that are whole numbers are not one class from 0 for each data
    /// point.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static LabelledParts ReadParts(string path) => Parts(UnpackedFile.Read(path));

    internal static NumericArray Read(UnpackedFile file) => Parts(file).Train.Data;

    private static LabelledParts Parts(UnpackedFile file)
    {
        ReadOnlySpan<byte> content = file.Content;
        if (content.IsEmpty) throw file.Bad(0, "it is empty; fetch or copy it again.");
        if (NpzFile.IsNpz(content)) return ArrayRoles.Of(NpzFile.Members(file), file.Path);
        if (MatFile.IsMat(content)) return ArrayRoles.Of(MatFile.Members(file), file.Path);
        return new LabelledParts(new LabelledArray(One(file), null), null, null, []);
    }

    private static NumericArray One(UnpackedFile file)
    {
        ReadOnlySpan<byte> content = file.Content;
        if (NpyFile.IsNpy(content)) return NpyFile.Read(file);
        if (AmatFile.IsText(content)) return AmatFile.Read(file);
        if (MatFile.IsVersion4(content))
        {
            throw file.Bad(0, "it is a MATLAB version 4 file, which is not supported; save it again in MATLAB with " +
                "save(..., '-v7'), or in Python with scipy.io.savemat('data.mat', scipy.io.loadmat('old.mat')).");
        }

        if (content[0] == 0) return IdxFile.Read(file);
        string known = content switch
        {
            [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "it is an HDF5 file, which is not supported; convert it " +
                "in Python: numpy.save('data.npy', h5py.File('data.h5')['NAME'][:]).",
            [0x80, >= 2 and <= 5, ..] => "it is a Python pickle, which is never opened, because it could run " +
                "any program; save its numbers with numpy.save or numpy.savez.",
            _ => "its format is not supported; convert it to .npy, .npz, IDX, MATLAB v5 or rows of numbers.",
        };
        throw file.Bad(0, known);
    }
}
