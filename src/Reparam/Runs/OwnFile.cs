using Reparam.Data;
using Reparam.Tensors;

namespace Reparam.Runs;

/// <summary>
/// The user's own file as data sets: in its parts if it names parts, with channels first, and with pixel levels
/// recognised as the configuration says.
/// </summary>
/// <param name="Train">The training data; all data if the file has no parts.</param>
/// <param name="Validation">The validation part of the file; null if there is none.</param>
/// <param name="Test">The test part of the file; null if there is none.</param>
/// <param name="Layout">Where the channel axis is in the file: the definite value of <c>data.layout</c>.</param>
/// <param name="Levels">What the numbers in the file mean: the definite value of <c>data.levels</c>.</param>
internal sealed record OwnFile(Dataset Train, Dataset? Validation, Dataset? Test, string Layout, string Levels)
{
    /// <summary>The definite values of <c>data.size</c> and <c>data.grey</c>; null if the data are not
    /// pictures.</summary>
    public (int Size, bool Grey)? Pictures { get; private init; }

    /// <summary>Whether a path is a folder of pictures or one picture.</summary>
    public static bool IsPictures(string path, DataFormats formats) =>
        Directory.Exists(path) || PictureFolder.IsPicture(path, formats);

    /// <summary>Reads a folder of pictures, or one picture.</summary>
    public static OwnFile ReadPictures(
        string path, Shape? eventShape, DataSettings config, DataFormats formats, Action<string>? notes)
    {
        config.Require("data");
        var options = new PictureOptions
        {
            Size = config.Size, Crop = config.Crop, Grey = config.Grey, Strict = config.Strict, Formats = formats,
            EventShape = eventShape,
        };
        (Dataset train, Dataset? validation, Dataset? test) =
            PictureFolder.ReadParts(path, options, config.Parts != "none", notes);
        Shape shape = train.EventShape;
        return new OwnFile(train, validation, test, "channels-first", "stored")
        {
            Pictures = (shape[^1] == shape[^2] ? shape[^1] : config.Size, shape.Rank == 2),
        };
    }

    public static OwnFile Read(string path, Shape? eventShape, DataSettings config, Action<string>? notes)
    {
        config.Require("data");
        LabelledParts parts = DataFile.ReadParts(path);
        if (config.Parts == "none") parts = parts with { Validation = null, Test = null };
        foreach (string note in parts.Notes) notes?.Invoke($"'{path}': {note}");
        NumericArray first = parts.Train.Data;
        RequireData(first, path);
        bool turn = Turns(first.Shape, eventShape, config, path);
        NumericArray train = turn ? ImageArrays.ChannelsFirst(first) : first;
        PixelLevels levels = config.Levels == "auto" ? ImageArrays.LevelsOf(train)
            : Enum.Parse<PixelLevels>(config.Levels, ignoreCase: true);
        Tell(path, config, turn, first.Shape[1..], levels, first.Kind, notes);
        return new OwnFile(Set(parts.Train)!, Set(parts.Validation), Set(parts.Test), turn ? "channels-last"
            : "channels-first", levels.ToString().ToLowerInvariant());

        Dataset? Set(LabelledArray? part)
        {
            if (part is null) return null;
            RequireData(part.Data, path);
            NumericArray array = turn ? ImageArrays.ChannelsFirst(part.Data) : part.Data;
            Shape wanted = Wanted(array.Shape[1..], eventShape, path);
            try
            {
                array = ImageArrays.Turned(array, levels);
                return Dataset.FromArray(Path.GetFileNameWithoutExtension(path),
                    new NumericArray(array.Kind, Shape.Create([array.Shape[0]]) + wanted, array.Content), part.Labels);
            }
            catch (ArgumentException failure)
            {
                // .NET appends the name of a parameter, which is meaningless in an error about a file.
                throw new InvalidDataFileException(path, failure.Message.Split(" (Parameter '")[0], failure);
            }
        }
    }

    /// <summary>Reads an .npy or IDX file row by row when the rows are needed, to the same data as
    /// <see cref="Read"/>.</summary>
    public static OwnFile Stream(string path, Shape? eventShape, DataSettings config, Action<string>? notes)
    {
        config.Require("data");
        var file = RowFile.Open(path);
        try
        {
            return Stream(file, eventShape, config, notes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static OwnFile Stream(RowFile file, Shape? eventShape, DataSettings config, Action<string>? notes)
    {
        string path = file.Path;
        // The number of data points is not part of any decision.
        bool turn = Turns([1, .. file.RowShape], eventShape, config, path);
        Shape row = file.RowShape, own = turn ? [row[2], row[0], row[1]] : row;
        Shape wanted = Wanted(own, eventShape, path);
        PixelLevels? levels = config.Levels == "auto" ? null
            : Enum.Parse<PixelLevels>(config.Levels, ignoreCase: true);
        var rows = FileRows.Open(file, turn, ref levels);
        Tell(path, config, turn, row, levels!.Value, file.Kind, notes);
        return new OwnFile(Dataset.Streamed(Path.GetFileNameWithoutExtension(path), wanted, rows), null, null,
            turn ? "channels-last" : "channels-first", levels.Value.ToString().ToLowerInvariant());
    }

    private static bool Turns(Shape shape, Shape? eventShape, DataSettings config, string path)
    {
        bool turn = config.Layout == "auto" ? ImageArrays.HasChannelsLast(shape)
            && !IsAsWanted(shape[1..], eventShape) : config.Layout == "channels-last";
        return !turn || shape.Rank == 4 ? turn : throw new InvalidDataFileException(path,
            $"its data have shape {shape[1..]}, and images with channels last (data.layout 'channels-last') have " +
            "shape [height, width, channels].");
    }

    private static Shape Wanted(Shape own, Shape? eventShape, string path)
    {
        Shape wanted = eventShape ?? own;
        return Fits(own, wanted) ? wanted : throw new InvalidDataFileException(
            path, $"its data have shape {own}, and the model takes {wanted}; reshape them first.");
    }

    private static void Tell(string path, DataSettings config, bool turn, Shape row, PixelLevels levels,
        ElementKind kind, Action<string>? notes)
    {
        if (turn && config.Layout == "auto")
        {
            Shape turned = [row[2], row[0], row[1]];
            notes?.Invoke($"'{path}': images of shape {row} have channels last and are converted to {turned} " +
                "(--layout channels-first keeps them)");
        }

        if (config.Levels == "auto" && Recognised(levels, kind) is { } recognised)
            notes?.Invoke($"'{path}': {recognised} (--levels stored keeps them)");
    }

    private static void RequireData(NumericArray array, string path)
    {
        if (array.Shape.Rank < 2)
        {
            throw new InvalidDataFileException(
                path, $"it holds an array of shape {array.Shape}; data need shape [count, ...], one data point " +
                    "per row.");
        }

        if (array.Shape.Size == 0)
        {
            throw new InvalidDataFileException(
                path, $"it holds an array of shape {array.Shape}, which is empty; a data set needs at least one " +
                    "data point.");
        }
    }

    private static string? Recognised(PixelLevels levels, ElementKind kind) => levels switch
    {
        PixelLevels.Digits => $"all numbers are 0 or 1 ({kind}) and are read as binary digits",
        PixelLevels.Unit => $"all numbers are grey levels divided by 255 ({kind}) and are read as grey levels",
        PixelLevels.Bytes => $"pixels from 0 to 255 ({kind}) are divided by 255",
        _ => null,
    };

    private static bool IsAsWanted(Shape own, Shape? wanted) => wanted is { } shape && own == shape;

    private static bool Fits(Shape own, Shape wanted) =>
        own == wanted || (own.Size == wanted.Size && (own.Rank == 1 || Long(own).SequenceEqual(Long(wanted))));

    /// <summary>The extents of a shape without the extents of 1.</summary>
    private static IEnumerable<int> Long(Shape shape) => shape.AsSpan().ToArray().Where(e => e > 1);
}
