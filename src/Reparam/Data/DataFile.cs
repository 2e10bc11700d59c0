namespace Reparam.Data;

/// <summary>Reads any supported array file. The format is told from the content, never from the name; gzip is taken
/// off.</summary>
public static class DataFile
{
    /// <summary>
    /// Reads IDX, .npy, rows of numbers as text, or the data of an .npz or of a MATLAB v5 file (see
    /// <see cref="ReadParts"/>; of parts the one to train on).
    /// </summary>
    /// <exception cref="InvalidDataFileException">The content is of no supported format, damaged, or leaves a choice
    /// which array is meant.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static NumericArray Read(string path) => ReadLabelled(path).Data;

    /// <summary>
    /// Reads data with their labels where the file has any (see <see cref="ReadParts"/>); of a file with parts the one
    /// to train on.
    /// </summary>
    /// <exception cref="InvalidDataFileException">As of <see cref="ReadParts"/>.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static LabelledArray ReadLabelled(string path) => ReadParts(path).Train;

    /// <summary>
    /// Reads data in the parts that the file says, each with its labels. The arrays of an .npz and of a MATLAB file are
    /// told by their names: labels are <c>labels</c> or <c>y</c>, data are <c>data</c>, <c>images</c>,
    /// <c>x</c> or <c>imgs</c>, or the only other array; <c>x_train</c>, <c>y_test</c>, <c>val_images</c>, <c>train</c>
    /// and the like are the parts that they name. Labels are classes, [N] or [N, 1], or one-hot [N, C].
    /// Other arrays, and what holds no numbers, are left alone with a note. Other formats have one array and no labels.
    /// </summary>
    /// <exception cref="InvalidDataFileException">The content is of no supported format, damaged, leaves a choice which
    /// array is meant, or its labels are whole numbers and not one from 0 for each datum.</exception>
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
            throw file.Bad(0, "it is a file of MATLAB version 4, which is not read; save it again in MATLAB with " +
                "save(..., '-v7'), or in Python with scipy.io.savemat('data.mat', scipy.io.loadmat('old.mat')).");
        }

        if (content[0] == 0) return IdxFile.Read(file);
        string known = content switch
        {
            [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "it is HDF5, which is not read; convert it in Python: " +
                "numpy.save('data.npy', h5py.File('data.h5')['NAME'][:]).",
            [0x80, >= 2 and <= 5, ..] => "it is a Python pickle, which is never opened, since it may run any " +
                "program; save its numbers with numpy.save or numpy.savez.",
            _ => "it is of no format that is read; convert it to .npy, .npz, IDX, MATLAB v5 or rows of numbers.",
        };
        throw file.Bad(0, known);
    }
}
