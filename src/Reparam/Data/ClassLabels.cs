using System.Globalization;

namespace Reparam.Data;

/// <summary>Converts labels in the forms that files contain, [N], [N, 1] or one-hot [N, C], to one class per data
/// point.</summary>
internal static class ClassLabels
{
    // Memory grows with the largest label. A larger number is an identifier rather than a class.
    private const int LargestLabel = 999_999;

    /// <summary>
    /// The classes [N]; or a description of the problem if the numbers are not classes, such as the targets of a
    /// regression.
    /// </summary>
    /// <exception cref="InvalidDataFileException">The labels do not fit the data: their count differs, or a whole
    /// number is below 0 or too large.</exception>
    internal static (NumericArray? Classes, string? Problem) Of(
        NumericArray labels, NumericArray data, string name, string path)
    {
        int count = data.Shape.Rank == 0 ? 0 : data.Shape[0];
        if (labels.Shape.Rank == 0 || labels.Shape[0] != count)
        {
            throw Bad(path, $"it has {count} data and " +
                $"{(labels.Shape.Rank == 0 ? "a single number" : $"{labels.Shape[0]} labels")} '{name}'; give one " +
                "label per data point or none.");
        }

        bool column = labels.Shape.Size == count, oneHot = !column && labels.Shape.Rank == 2 && IsOneHot(labels);
        if (!column && !oneHot)
        {
            return (null,
                $"'{name}' has shape {labels.Shape}, and labels must be one class per data point (number or one-hot)");
        }

        int[] classes = new int[count];
        for (int i = 0; i < count; i++)
        {
            double value = oneHot ? Enumerable.Range(0, labels.Shape[1]).First(c =>
                labels[i * labels.Shape[1] + c] == 1) : labels[i];
            if (value != Math.Truncate(value) || double.IsInfinity(value))
            {
                return (null, FormattableString.Invariant(
                    $"'{name}' contains {value} (data point {i}), and labels must be classes, whole numbers from 0"));
            }

            if (value is < 0 or > LargestLabel)
            {
                throw Bad(path, string.Create(CultureInfo.InvariantCulture, $"label {i} of '{name}' is {value}; " +
                    $"labels must be classes, whole numbers from 0 to {LargestLabel}; numpy.unique(..., " +
                    $"return_inverse=True) gives such numbers."));
            }

            classes[i] = (int)value;
        }

        return (NumericArray.FromInt32([count], classes), null);
    }

    private static bool IsOneHot(NumericArray labels)
    {
        int width = labels.Shape[1];
        for (int i = 0; i < labels.Shape[0]; i++)
        {
            int ones = 0;
            for (int c = 0; c < width; c++)
            {
                double value = labels[i * width + c];
                if (value is not (0 or 1)) return false;
                ones += (int)value;
            }

            if (ones != 1) return false;
        }

        return true;
    }

    private static InvalidDataFileException Bad(string path, string problem) => new(path, 0, problem);
}
