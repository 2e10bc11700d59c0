using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>The data sets that are known by name. Loads them from a data directory, checks their files and downloads
/// them.</summary>
public static partial class DatasetCatalog
{
    /// <summary>The number of generated digits in the training part.</summary>
    public const int DigitsTrain = 10_000;

    /// <summary>The number of generated digits in the test part.</summary>
    public const int DigitsTest = 2_000;

    private const int FreyHeight = 28, FreyWidth = 20, FreyTrain = 1565, FreyValidation = 200;

    /// <summary>All known data sets.</summary>
    public static IReadOnlyList<DatasetEntry> Entries { get; } =
        [Digits(), Mnist(), FashionMnist(), StaticMnist(), FreyFaces()];

    /// <summary>The data set with a name. Case does not matter, and a dash is the same as an underscore.</summary>
    /// <exception cref="ArgumentException">There is no such data set. The message lists the known data
    /// sets.</exception>
    public static DatasetEntry Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string plain = name.Replace('-', '_');
        return Entries.FirstOrDefault(entry => string.Equals(entry.Name, plain, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no data set named '{name}'; known names are " +
                $"{string.Join(", ", Entries.Select(entry => entry.Name))}.", nameof(name));
    }

    /// <summary>Loads a data set and checks each of its files by its SHA-256.</summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="directory">The data directory; null uses <see cref="DataDirectory.Resolve"/>.</param>
    /// <param name="seed">The seed of the built-in digits, and of the shuffle of data sets without an official
    /// split.</param>
    /// <exception cref="FileNotFoundException">A file is missing. The message says which file to put where.</exception>
    /// <exception cref="InvalidDataFileException">A file is damaged, or it is not the published file.</exception>
    /// <exception cref="ArgumentException">There is no such data set.</exception>
    public static DataSplits Load(string name, string? directory = null, ulong seed = 0)
    {
        DatasetEntry entry = Find(name);
        if (entry.Files.Count == 0)
        {
            DigitGenerator digits = new(seed);
            return new DataSplits(
                digits.Generate(DigitsTrain), Validation: null, digits.Generate(DigitsTest, firstIndex: DigitsTrain));
        }

        string folder = FolderOf(entry, directory);
        NumericArray[] arrays = [.. entry.Files.Select(file => ReadOrExplain(entry, file, folder))];
        if (entry.Name == "frey_faces") return CutFaces(entry.Name, arrays[0], seed);
        return entry.Name == "binarized_mnist_static"
            ? new DataSplits(Piece(entry.Name, arrays[0], null), Piece(entry.Name, arrays[1], null),
                Piece(entry.Name, arrays[2], null))
            : new DataSplits(
                Piece(entry.Name, arrays[0], arrays[1]), Validation: null, Piece(entry.Name, arrays[2], arrays[3]));
    }

    /// <summary>Checks every file of a data set.</summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="directory">The data directory; null uses <see cref="DataDirectory.Resolve"/>.</param>
    /// <exception cref="ArgumentException">There is no such data set.</exception>
    public static IReadOnlyList<DatasetFileStatus> Verify(string name, string? directory = null)
    {
        DatasetEntry entry = Find(name);
        string folder = FolderOf(entry, directory);
        return [.. entry.Files.Select(file => Look(file, folder))];
    }

    private static string FolderOf(DatasetEntry entry, string? directory) =>
        Path.Combine(DataDirectory.Resolve(directory), entry.Name);

    private static DatasetFileStatus Look(DatasetFile file, string folder)
    {
        string path = file.PathIn(folder);
        if (!System.IO.File.Exists(path))
            return new DatasetFileStatus(file, path, DatasetFileState.Missing, "the file does not exist");
        try
        {
            file.Read(path);
            return new DatasetFileStatus(file, path, DatasetFileState.Valid, Problem: null);
        }
        catch (Exception failure) when (failure is InvalidDataFileException or IOException
            or UnauthorizedAccessException)
        {
            return new DatasetFileStatus(file, path, DatasetFileState.Damaged, failure.Message);
        }
    }

    private static NumericArray ReadOrExplain(DatasetEntry entry, DatasetFile file, string folder)
    {
        string path = file.PathIn(folder);
        if (System.IO.File.Exists(path)) return file.Read(path);
        throw new FileNotFoundException(
            $"Data set '{entry.Name}' needs '{path}'. Run 'reparam data fetch {entry.Name}', or download {file.Url} " +
                $"and put it there; --data-dir or {DataDirectory.Variable} sets the folder of data sets.", path);
    }

    private static Dataset Piece(string name, NumericArray images, NumericArray? labels)
    {
        bool binary = labels is null;
        Shape shape = binary ? [28, 28] : images.Shape[1..];
        return Dataset.Adopt(name, shape, images.Content, binary ? DataKind.Binary : DataKind.Grey, labels?.ToInt32());
    }

    private static DataSplits CutFaces(string name, NumericArray faces, ulong seed)
    {
        Dataset all = Dataset.Adopt(name, [FreyHeight, FreyWidth], faces.Content, DataKind.Grey, labels: null);
        // There is no official split. Neighbouring frames of the film are nearly equal; the data are shuffled, so that
        // each part is a random sample of all frames.
        Dataset shuffled = all.Shuffle(new Rng(seed).Split("frey_faces"));
        int test = FreyTrain + FreyValidation;
        return new DataSplits(shuffled.Slice(0, FreyTrain), shuffled.Slice(FreyTrain, FreyValidation),
            shuffled.Slice(test, all.Count - test));
    }
}
