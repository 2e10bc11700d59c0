using System.Globalization;
using Reparam.Data;

namespace Reparam.Training;

/// <summary>Whether the size of the data is likely to be what a training suffers from.</summary>
public static class DataScale
{
    // Far from what a network's first outputs and a step of its optimiser are.
    private const double Far = 30;

    /// <summary>Whether values between these bounds are too large for a network to start from.</summary>
    public static bool IsFar(double minimum, double maximum) => Math.Max(Math.Abs(minimum), Math.Abs(maximum)) > Far;

    /// <summary>
    /// What about the size of the data would make a training diverge, and the mend, in a sentence without its full
    /// stop; null where nothing would.
    /// </summary>
    public static string? Problem(Dataset? data)
    {
        if (data is not { Kind: DataKind.Real }) return null;
        (double low, double high, _) = data.Range();
        if (!IsFar(low, high)) return null;
        double square = 0;
        foreach (float value in data.Values(0, data.Count)) square += (double)value * value;
        double size = Math.Sqrt(square / data.Count / data.EventShape.Size);
        return size > Far / 10
            ? string.Create(CultureInfo.InvariantCulture,
                $"The data range from {low:G4} to {high:G4}, and networks are made for numbers of about 1: " +
                $"standardise them (--standardize auto; in C#, Standardization.Fit(train).Apply(train))")
            : string.Create(CultureInfo.InvariantCulture, $"The data range from {low:G4} to {high:G4}, and their " +
                $"root mean square is {size:G3}: take the outliers in, by a logarithm or by clipping");
    }
}
