using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// Reads a folder of pictures as a data set. The pictures are in the ordinal order of their relative paths, and all
/// folders in the folder are read. The folders in it are the classes of the pictures, in ordinal order, if there are at
/// least two and no picture is outside of them. Hidden files, links and the folders of runs are left out.
/// </summary>
public static class PictureFolder
{
    private static readonly string[] TrainNames = ["train", "training"];
    private static readonly string[] ValidationNames = ["val", "valid", "validation"];
    private static readonly string[] TestNames = ["test", "testing"];

    /// <summary>
    /// Reads all pictures of a folder, or one picture. The result has grey levels, the event shape [height, width] for
    /// grey pictures or [3, height, width], class labels if the folder has classes, and the relative paths as
    /// <see cref="Dataset.Names"/>.
    /// </summary>
    /// <param name="path">A folder, or the path of one picture.</param>
    /// <param name="options">How pictures become data of one shape; null for the defaults.</param>
    /// <param name="notes">Receives sentences about choices, and about files that are left out.</param>
    /// <exception cref="InvalidDataFileException">There are no pictures, or a picture is damaged and
    /// <see cref="PictureOptions.Strict"/> is set.</exception>
    /// <exception cref="FileNotFoundException">There is no such folder or file.</exception>
    public static Dataset Read(string path, PictureOptions? options = null, Action<string>? notes = null) =>
        ReadParts(path, options ?? new PictureOptions(), useParts: false, notes).Train;

    /// <summary>Whether a file is a picture that one of the decoders reads.</summary>
    internal static bool IsPicture(string path, DataFormats formats) =>
        File.Exists(path) && new PictureFile(Path.GetFileName(path), path).IsPicture(formats);

    /// <summary>Reads pictures in the parts that the folders <c>train</c>, <c>val</c> and <c>test</c> name; all
    /// pictures are the training part if the folder has no such parts.</summary>
    internal static (Dataset Train, Dataset? Validation, Dataset? Test) ReadParts(
        string path, PictureOptions options, bool useParts, Action<string>? notes)
    {
        bool single = File.Exists(path);
        if (!single && !Directory.Exists(path))
            throw new FileNotFoundException($"There is no folder '{path}'; check the path.", path);
        PictureListing listing = single
            ? new PictureListing([new PictureFile(Path.GetFileName(path), path)], 0) : PictureListing.Of(path);
        if (listing.Links > 0)
            notes?.Invoke($"'{path}': {listing.Links} links are left out; copy the files to use them");
        (Shape eventShape, ReadOnlyMemory<byte> levels, IReadOnlyList<PictureFile> files) =
            new PictureReader(path, options, notes).Read(listing.Files);
        string[][] folders = [.. files.Select(f => f.Name.Split('/')[..^1])];
        bool parts = useParts && HasParts(folders);
        (string[]? classes, int[]? labels) = ClassesOf([.. folders.Select(f => parts ? f[1..] : f)]);
        string name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        Dataset all = Dataset.Adopt(name.Length == 0 ? "pictures" : name, eventShape, levels, DataKind.Grey, labels)
            .Named(files.Select(f => f.Name).ToArray(), classes);
        if (classes is not null)
        {
            const int most = 10;
            IEnumerable<string> counts = classes.Take(most).Select((c, k) => $"{c} ({labels!.Count(l => l == k)})");
            notes?.Invoke($"'{path}': {files.Count} pictures in {classes.Length} classes, named by folders: " +
                $"{string.Join(", ", counts)}{(classes.Length > most ? ", ..." : "")}");
        }

        return !parts ? (all, null, null)
            : (Part(TrainNames)!, Part(ValidationNames), Part(TestNames));

        Dataset? Part(string[] names)
        {
            int[] members = [.. Enumerable.Range(0, files.Count).Where(i => Is(folders[i][0], names))];
            return members.Length == 0 ? null : all.Subset(members);
        }
    }

    /// <summary>Whether all pictures are in folders that are named like parts, and one of these is the training
    /// part.</summary>
    private static bool HasParts(string[][] folders) =>
        folders.All(f => f.Length > 0 && Is(f[0], [.. TrainNames, .. ValidationNames, .. TestNames]))
        && folders.Any(f => Is(f[0], TrainNames)) && folders.Any(f => !Is(f[0], TrainNames));

    private static bool Is(string folder, string[] names) => names.Contains(folder, StringComparer.OrdinalIgnoreCase);

    private static (string[]? Classes, int[]? Labels) ClassesOf(string[][] folders)
    {
        if (folders.Any(f => f.Length == 0)) return (null, null);
        string[] classes = [.. folders.Select(f => f[0]).Distinct().Order(StringComparer.Ordinal)];
        if (classes.Length < 2) return (null, null);
        var index = classes.Select((c, k) => (c, k)).ToDictionary(e => e.c, e => e.k, StringComparer.Ordinal);
        return (classes, [.. folders.Select(f => index[f[0]])]);
    }
}
