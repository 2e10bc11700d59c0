using System.Globalization;
using System.Text.RegularExpressions;

namespace Reparam.Data;

/// <summary>
/// A date of two numbers and a year, such as 30.11.2026, 11/30/2026 or 1-2-2026 08:15: the numbers are day and month,
/// or month and day.
/// </summary>
/// <param name="First">The first number.</param>
/// <param name="Second">The second number.</param>
/// <param name="Year">The year, of four digits.</param>
/// <param name="Separator">The character between them: a point, a slash or a hyphen.</param>
/// <param name="IsPadded">Whether both numbers have two digits.</param>
/// <param name="Time">The seconds of the day, of a time after a blank.</param>
/// <param name="TimePattern">The pattern of the time; empty for none.</param>
internal readonly partial record struct LocalDate(
    int First, int Second, int Year, char Separator, bool IsPadded, double Time, string TimePattern)
{
    private static readonly string[] TimePatterns = ["HH:mm", "HH:mm:ss"];

    /// <summary>Reads a text; false if it is no such date in either order.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LocalDate date)
    {
        date = default;
        if (text.Length < 8 || !char.IsAsciiDigit(text[0])) return false;
        int first = char.IsAsciiDigit(text[1]) ? 2 : 1;
        char separator = text[first];
        if (separator is not ('.' or '/' or '-')) return false;
        ReadOnlySpan<char> rest = text[(first + 1)..];
        int second = rest.IndexOf(separator);
        if (second is not (1 or 2) || rest.Length < second + 5) return false;
        ReadOnlySpan<char> time = rest[(second + 5)..];
        if (!Number(text[..first], out int a) || !Number(rest[..second], out int b)
            || !Number(rest.Slice(second + 1, 4), out int year)) return false;
        string pattern = "";
        double seconds = 0;
        if (time.Length > 0)
        {
            if (time[0] != ' ') return false;
            pattern = time.Length == 6 ? TimePatterns[0] : TimePatterns[1];
            if (!TimeOnly.TryParseExact(time[1..], pattern, CultureInfo.InvariantCulture, DateTimeStyles.None,
                out TimeOnly clock))
                return false;
            seconds = clock.ToTimeSpan().TotalSeconds;
        }

        date = new LocalDate(a, b, year, separator, first == 2 && second == 2, seconds, pattern);
        return date.Seconds(DateOrder.DayFirst) is not null || date.Seconds(DateOrder.MonthFirst) is not null;
    }

    /// <summary>The seconds since 1970 in an order; null if there is no such day.</summary>
    public double? Seconds(DateOrder order)
    {
        (int day, int month) = order == DateOrder.DayFirst ? (First, Second) : (Second, First);
        return Year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(Year, month)
            ? (new DateTime(Year, month, day, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).TotalSeconds + Time
            : null;
    }

    /// <summary>The .NET pattern that writes dates in an order: <c>dd.MM.yyyy HH:mm</c>.</summary>
    /// <param name="order">Day or month first.</param>
    /// <param name="separator">The character between day, month and year.</param>
    /// <param name="isPadded">Whether day and month have two digits.</param>
    /// <param name="time">The pattern of the time; empty for none.</param>
    public static string Pattern(DateOrder order, char separator, bool isPadded, string time)
    {
        (string day, string month) = isPadded ? ("dd", "MM") : ("d", "M");
        (string first, string second) = order == DateOrder.DayFirst ? (day, month) : (month, day);
        return $"{first}{separator}{second}{separator}yyyy{(time.Length > 0 ? " " : "")}{time}";
    }

    /// <summary>Whether a text is such a pattern.</summary>
    public static bool IsPattern(string text) => KnownPattern().IsMatch(text);

    private static bool Number(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    [GeneratedRegex(@"^(dd[./-]MM|d[./-]M|MM[./-]dd|M[./-]d)[./-]yyyy( HH:mm(:ss)?)?\z")]
    private static partial Regex KnownPattern();
}
