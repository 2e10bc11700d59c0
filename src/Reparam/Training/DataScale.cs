using System.Globalization;
using Reparam.Data;

namespace Reparam.Training;

/// <summary>Checks whether the values of the data are so large that training is likely to diverge.</summary>
public static class DataScale
{
    // Much larger than the first outputs of a network and than a step of its optimiser.
    private const double Far = 30;

    /// <summary>Whether values between these bounds are too large for a network at the start of training.</summary>
    public static bool IsFar(double minimum, double maximum) => Math.Max(Math.Abs(minimum), Math.Abs(maximum)) > Far;

    /// <summary>The reason why the values of the data would make training diverge, and how to correct it, as a sentence
    /// without its full stop. Null if the values are not too large.</summary>
    public static string? Problem(Dataset? data)
    {
        if (data is not { Kind: DataKind.Real }) return null;
        (double low, double high, _) = data.Range();
        if (!IsFar(low, high)) return null;
        double square = 0;
        data.ForEachRow(row =>
        {
            foreach (float value in row) square += (double)value * value;
        });
        double size = Math.Sqrt(square / data.Count / data.EventShape.Size);
        return size > Far / 10
            ? string.Create(CultureInfo.InvariantCulture,
                $"The data range from {low:G4} to {high:G4}, and networks need numbers of about 1: standardise the " +
                $"data (--standardize auto; in C#, Standardization.Fit(train).Apply(train))")
            : string.Create(CultureInfo.InvariantCulture, $"The data range from {low:G4} to {high:G4}, and their " +
                $"root mean square is {size:G3}: reduce the outliers, by a logarithm or by clipping");
    }
}
