using System.Globalization;

namespace Reparam.Data;

/// <summary>How a text file with a table is written.</summary>
/// <param name="Separator">The character between cells; null to detect it.</param>
/// <param name="Decimal">The decimal mark of numbers: a point or a comma.</param>
/// <param name="HasHeader">Whether the first row names the columns; null to detect it.</param>
public sealed record TableFormat(char? Separator = null, char Decimal = '.', bool? HasHeader = null)
{
    /// <summary>Whether a decimal comma is detected where <see cref="Decimal"/> is a point.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool DetectsDecimal { get; init; } = true;

    /// <summary>Whether a cell is missing: empty, or one of NA, N/A, #N/A, NaN, null, ?, a hyphen and a
    /// point.</summary>
    public static bool IsMissing(ReadOnlySpan<char> text) => text.Trim() switch
    {
        "" or "NA" or "N/A" or "#N/A" or "NaN" or "nan" or "null" or "NULL" or "?" or "-" or "." => true,
        _ => false,
    };

    /// <summary>
    /// The finite number in a cell, with the decimal mark of the table. Groups of three digits may have separators, as
    /// in 1,234.5.
    /// </summary>
    public bool TryNumber(ReadOnlySpan<char> text, out double value)
    {
        text = text.Trim();
        value = double.NaN;
        if (text.IsEmpty || text.Length > 64 || !(char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.' or ','))
            return false;
        // Most numbers have a point and no groups; they are parsed as they are.
        if (Decimal == '.' && !text.Contains(',')) return Parsed(text, out value);
        Span<char> plain = stackalloc char[text.Length];
        char group = Decimal == '.' ? ',' : '.';
        int length = 0, sinceGroup = -1;
        bool isWhole = true;
        foreach (char c in text)
        {
            if (c == group)
            {
                // The first group has 1 to 3 digits, each later group has 3, and no group follows the decimal mark.
                int sign = length > 0 && !char.IsAsciiDigit(plain[0]) ? 1 : 0;
                int digits = sinceGroup < 0 ? length - sign : sinceGroup;
                // 0,123 is no number of thousands: it has a decimal comma.
                if (digits == 1 && sinceGroup < 0 && plain[length - 1] == '0') return false;
                if (!isWhole || digits == 0 || (sinceGroup < 0 ? digits > 3 : digits != 3)) return false;
                sinceGroup = 0;
                continue;
            }

            if (c == Decimal || c is 'e' or 'E')
            {
                if (sinceGroup is >= 0 and not 3 && isWhole) return false;
                isWhole = false;
            }
            else if (sinceGroup >= 0 && isWhole) sinceGroup++;

            plain[length++] = c == Decimal ? '.' : c;
        }

        if (sinceGroup >= 0 && isWhole && sinceGroup != 3) return false;
        return Parsed(plain[..length], out value);
    }

    private static bool Parsed(ReadOnlySpan<char> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    /// <summary>The same for a date in another order too, such as 30.11.2026, 11/30/2026 or 30-11-2026 12:00. A date
    /// in ISO 8601 form is read in every order.</summary>
    /// <param name="text">The cell.</param>
    /// <param name="order">The order of a date that is not in ISO 8601 form.</param>
    /// <param name="seconds">The seconds since 1970; NaN for a text that is no date.</param>
    public static bool TryDate(ReadOnlySpan<char> text, DateOrder order, out double seconds)
    {
        if (TryDate(text, out seconds)) return true;
        if (order == DateOrder.YearFirst || !LocalDate.TryParse(text.Trim(), out LocalDate date)
            || date.Seconds(order) is not { } found) return false;
        seconds = found;
        return true;
    }

    /// <summary>The seconds since 1970 of a date or a time in ISO 8601 form, such as 2026-11-30 or
    /// 2026-11-30T12:00:00.</summary>
    public static bool TryDate(ReadOnlySpan<char> text, out double seconds)
    {
        text = text.Trim();
        seconds = double.NaN;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-' || !char.IsAsciiDigit(text[0])) return false;
        if (!DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
            return false;
        seconds = (time - DateTimeOffset.UnixEpoch).TotalSeconds;
        return true;
    }
}
