using System.Text;

namespace Reparam.Configuration;

/// <summary>
/// Texts with marks between them, such as the names of columns with commas. A text that contains a mark is written in
/// double quotes, as in a CSV file, and a quote within the quotes is doubled: <c>site,"load, kW"</c>. A quote opens at
/// the beginning of a text or after one of the marks <c>, = : &lt;</c>; elsewhere it is a letter like others.
/// </summary>
internal static class QuotedText
{
    private const char Quote = '"';
    private const string Marks = ",=:<\n";

    /// <summary>The parts between marks that are not in quotes, without blanks around them and with their quotes. Empty
    /// parts are left out.</summary>
    public static IReadOnlyList<string> Parts(string text, char mark) =>
        [.. Split(text, mark).Select(part => part.Trim()).Where(part => part.Length > 0)];

    /// <summary>The parts between marks that are not in quotes, as they stand.</summary>
    public static IReadOnlyList<string> Split(string text, char mark)
    {
        int[] ends = [.. Places(text, mark), text.Length];
        return [.. ends.Select((end, i) => text[(i == 0 ? 0 : ends[i - 1] + 1)..end])];
    }

    /// <summary>The places of the marks that are not in quotes.</summary>
    public static IReadOnlyList<int> Places(string text, char mark)
    {
        List<int> places = [];
        bool isQuoted = false;
        char before = Marks[0];
        int closed = -1;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == Quote && isQuoted) (isQuoted, closed) = (false, i);
            // Of two quotes that stand for one, the second opens the text again.
            else if (c == Quote && (Marks.Contains(before) || closed == i - 1)) isQuoted = true;
            else if (c == mark && !isQuoted) places.Add(i);
            if (!char.IsWhiteSpace(c) || c == '\n') before = c;
        }

        return places;
    }

    /// <summary>A part without blanks around it and without its quotes.</summary>
    /// <exception cref="InvalidConfigException">The quotes are not closed, or a text follows them.</exception>
    public static string Unquoted(string part)
    {
        part = part.Trim();
        if (part is not [Quote, ..]) return part;
        var text = new StringBuilder();
        for (int i = 1; i < part.Length; i++)
        {
            if (part[i] == Quote && (++i == part.Length || part[i] != Quote))
            {
                return i == part.Length ? text.ToString() : throw new InvalidConfigException(
                    $"A text follows the quotes in {part}; write a quote within quotes twice.");
            }

            text.Append(part[i]);
        }

        throw new InvalidConfigException($"The quotes in {part} are not closed; write a quote within quotes twice.");
    }

    /// <summary>The texts of a list with commas.</summary>
    /// <exception cref="InvalidConfigException">Quotes are not closed, or a text follows them.</exception>
    public static IReadOnlyList<string> List(string text) => [.. Parts(text, ',').Select(Unquoted)];

    /// <summary>The list of some texts, which <see cref="List"/> reads.</summary>
    public static string Join(IEnumerable<string> texts) => string.Join(',', texts.Select(text =>
        text.Length == 0 || text != text.Trim() || text.AsSpan().IndexOfAny(',', '=') >= 0 || text[0] == Quote
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text));
}
