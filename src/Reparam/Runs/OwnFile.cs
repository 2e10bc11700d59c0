using Reparam.Data;
using Reparam.Tensors;

namespace Reparam.Runs;

/// <summary>
/// A person's own file as sets: with its parts where it has them, images turned and pixels recognised as the
/// configuration says.
/// </summary>
/// <param name="Train">What to learn from; all data where the file has no parts.</param>
/// <param name="Validation">The file's part for validation; null where it has none.</param>
/// <param name="Test">The file's part for tests; null where it has none.</param>
/// <param name="Layout">Where channels were: <c>data.layout</c>, settled.</param>
/// <param name="Levels">What numbers stand for: <c>data.levels</c>, settled.</param>
internal sealed record OwnFile(Dataset Train, Dataset? Validation, Dataset? Test, string Layout, string Levels)
{
    public static OwnFile Read(string path, Shape? eventShape, DataSettings config, Action<string>? notes)
    {
        config.Require("data");
        LabelledParts parts = DataFile.ReadParts(path);
        if (config.Parts == "none") parts = parts with { Validation = null, Test = null };
        foreach (string note in parts.Notes) notes?.Invoke($"'{path}': {note}");
        NumericArray first = parts.Train.Data;
        RequireData(first, path);
        bool turn = config.Layout == "auto" ? ImageArrays.HasChannelsLast(first.Shape)
            && !IsAsWanted(first.Shape[1..], eventShape) : config.Layout == "channels-last";
        if (turn && first.Shape.Rank != 4)
        {
            throw new InvalidDataFileException(path, $"its data have shape {first.Shape[1..]}, and images with their " +
                "channels last (data.layout 'channels-last') are [height, width, channels].");
        }

        NumericArray train = turn ? ImageArrays.ChannelsFirst(first) : first;
        PixelLevels levels = config.Levels == "auto" ? ImageArrays.LevelsOf(train)
            : Enum.Parse<PixelLevels>(config.Levels, ignoreCase: true);
        if (turn && config.Layout == "auto")
        {
            notes?.Invoke($"'{path}': images of shape {first.Shape[1..]} have their channels last, and are turned to " +
                $"{train.Shape[1..]} (--layout channels-first leaves them)");
        }

        if (config.Levels == "auto" && Recognised(levels, first.Kind) is { } recognised)
            notes?.Invoke($"'{path}': {recognised} (--levels stored leaves them)");
        return new OwnFile(Set(parts.Train)!, Set(parts.Validation), Set(parts.Test), turn ? "channels-last"
            : "channels-first", levels.ToString().ToLowerInvariant());

        Dataset? Set(LabelledArray? part)
        {
            if (part is null) return null;
            RequireData(part.Data, path);
            NumericArray array = turn ? ImageArrays.ChannelsFirst(part.Data) : part.Data;
            Shape own = array.Shape[1..], wanted = eventShape ?? own;
            if (!Fits(own, wanted))
            {
                throw new InvalidDataFileException(
                    path, $"its data have shape {own}, and the model takes {wanted}; reshape them first.");
            }

            try
            {
                array = ImageArrays.Turned(array, levels);
                return Dataset.FromArray(Path.GetFileNameWithoutExtension(path),
                    new NumericArray(array.Kind, Shape.Create([array.Shape[0]]) + wanted, array.Content), part.Labels);
            }
            catch (ArgumentException failure)
            {
                // .NET appends the name of a parameter, which says nothing about a file.
                throw new InvalidDataFileException(path, failure.Message.Split(" (Parameter '")[0], failure);
            }
        }
    }

    private static void RequireData(NumericArray array, string path)
    {
        if (array.Shape.Rank < 2)
        {
            throw new InvalidDataFileException(
                path, $"it holds an array of shape {array.Shape}; data are [count, ...], one datum a row.");
        }

        if (array.Shape.Size == 0)
        {
            throw new InvalidDataFileException(
                path, $"it holds an array of shape {array.Shape}, which is empty; a set has at least one datum.");
        }
    }

    private static string? Recognised(PixelLevels levels, ElementKind kind) => levels switch
    {
        PixelLevels.Digits => $"all numbers are 0 or 1 ({kind}), and are taken for binary digits",
        PixelLevels.Unit => $"all numbers are grey levels over 255 ({kind}), and are taken for such",
        PixelLevels.Bytes => $"pixels of 0 to 255 ({kind}) are divided by 255",
        _ => null,
    };

    private static bool IsAsWanted(Shape own, Shape? wanted) => wanted is { } shape && own == shape;

    private static bool Fits(Shape own, Shape wanted) =>
        own == wanted || (own.Size == wanted.Size && (own.Rank == 1 || Long(own).SequenceEqual(Long(wanted))));

    /// <summary>The extents of a shape but for those of 1, which say nothing.</summary>
    private static IEnumerable<int> Long(Shape shape) => shape.AsSpan().ToArray().Where(e => e > 1);
}
