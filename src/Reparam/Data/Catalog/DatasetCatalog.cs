using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>The data sets that are known by name: loading them from a data directory, checking their files, fetching
/// them.</summary>
public static partial class DatasetCatalog
{
    /// <summary>Number of generated digits to train on.</summary>
    public const int DigitsTrain = 10_000;

    /// <summary>Number of generated digits to test on.</summary>
    public const int DigitsTest = 2_000;

    private const int FreyHeight = 28, FreyWidth = 20, FreyTrain = 1565, FreyValidation = 200;

    /// <summary>All known sets.</summary>
    public static IReadOnlyList<DatasetEntry> Entries { get; } =
        [Digits(), Mnist(), FashionMnist(), StaticMnist(), FreyFaces()];

    /// <summary>The set of a name; dashes and capitals do not matter.</summary>
    /// <exception cref="ArgumentException">There is no such set; the message lists those there are.</exception>
    public static DatasetEntry Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string plain = name.Replace('-', '_');
        return Entries.FirstOrDefault(entry => string.Equals(entry.Name, plain, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no data set named '{name}'; known are " +
                $"{string.Join(", ", Entries.Select(entry => entry.Name))}.", nameof(name));
    }

    /// <summary>Loads a set, each of its files proved by its SHA-256.</summary>
    /// <param name="name">The set's name.</param>
    /// <param name="directory">The data directory; <see cref="DataDirectory.Resolve"/> where null.</param>
    /// <param name="seed">What built-in digits follow from, and the order in which sets without an official split are
    /// cut.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message says what to put where.</exception>
    /// <exception cref="InvalidDataFileException">A file is damaged or another one.</exception>
    /// <exception cref="ArgumentException">There is no such set.</exception>
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

    /// <summary>Looks at every file of a set.</summary>
    /// <param name="name">The set's name.</param>
    /// <param name="directory">The data directory; <see cref="DataDirectory.Resolve"/> where null.</param>
    /// <exception cref="ArgumentException">There is no such set.</exception>
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
            return new DatasetFileStatus(file, path, DatasetFileState.Missing, "it is not there");
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
                $"and put it there; where data sets are is what --data-dir or {DataDirectory.Variable} says.", path);
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
        // Neighbouring frames of the film are nearly alike, so a cut without shuffling would not test anything; there
        // is no official order.
        Dataset shuffled = all.Shuffle(new Rng(seed).Split("frey_faces"));
        int test = FreyTrain + FreyValidation;
        return new DataSplits(shuffled.Slice(0, FreyTrain), shuffled.Slice(FreyTrain, FreyValidation),
            shuffled.Slice(test, all.Count - test));
    }
}
