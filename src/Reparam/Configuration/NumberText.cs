using System.Globalization;
using System.Numerics;

namespace Reparam.Configuration;

/// <summary>
/// Parses numbers as options and configurations spell them. The format does not depend on the language of the system:
/// ASCII digits, a point, an exponent. Thousands separators, NaN and infinity are refused, and so are text before or
/// after the number and numbers that are too large for their type.
/// </summary>
public static class NumberText
{
    private const NumberStyles Real =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a finite number such as <c>-0.5</c>, <c>.5</c> or <c>1e-3</c>.</summary>
    public static bool TryReal(string text, out double value)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = 0;
        return text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E')
            && double.TryParse(text, Real, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    /// <summary>Reads a whole number such as <c>-5</c> that fits its type.</summary>
    public static bool TryWhole<T>(string text, out T value)
        where T : struct, IBinaryInteger<T>
    {
        ArgumentNullException.ThrowIfNull(text);
        value = T.Zero;
        return text.All(c => char.IsAsciiDigit(c) || c is '+' or '-')
            && T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>
    /// Reads whole numbers separated by commas, such as <c>500,300</c>; null if the text has another form.
    /// </summary>
    public static IReadOnlyList<int>? Wholes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(',');
        int[] values = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!TryWhole(parts[i], out values[i])) return null;
        }

        return values;
    }

    /// <summary>
    /// Rewrites a number with a decimal comma as a number with a point: <c>0.001</c> for <c>0,001</c>. Null for any
    /// other text.
    /// </summary>
    public static string? WithPoint(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string pointed = text.Replace(',', '.');
        return pointed != text && TryReal(pointed, out _) ? pointed : null;
    }
}
