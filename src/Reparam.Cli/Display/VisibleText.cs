using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace Reparam.Cli.Display;

/// <summary>
/// Text as a terminal may show it. Names and cells come from files, and characters that move the cursor, start an
/// escape sequence or turn the direction of writing would let a file change what the user reads. They are shown as
/// escapes, such as <c>\u001B</c>. All classes of this room pass their text through here.
/// </summary>
internal static class VisibleText
{
    private const char ZeroWidthNonJoiner = '\u200C', ZeroWidthJoiner = '\u200D';

    /// <summary>The text with escapes in place of control characters, line ends, invisible characters, marks of
    /// direction and halves of surrogate pairs.</summary>
    public static string Of(string text)
    {
        if (!text.Any(IsSuspect)) return text;
        var shown = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length;)
        {
            bool isWhole = Rune.TryGetRuneAt(text, i, out Rune rune);
            int length = isWhole ? rune.Utf16SequenceLength : 1;
            ReadOnlySpan<char> character = text.AsSpan(i, length);
            if (isWhole && IsVisible(rune)) shown.Append(character);
            else Escape(shown, character);
            i += length;
        }

        return shown.ToString();
    }

    /// <summary>The number of columns of a terminal that a text takes: two for a wide character such as those of
    /// Chinese, Japanese and Korean, none for a combining mark.</summary>
    public static int Width(string text) => Ascii.IsValid(text) ? text.Length : new Segment(text).CellCount();

    /// <summary>The text with blanks at its end, so that it takes at least this many columns.</summary>
    public static string PadRight(string text, int width) => text + Blanks(text, width);

    /// <summary>The text with blanks before it, so that it takes at least this many columns.</summary>
    public static string PadLeft(string text, int width) => Blanks(text, width) + text;

    private static string Blanks(string text, int width) => new(' ', Math.Max(0, width - Width(text)));

    /// <summary>Whether a character may need an escape; the letters and signs of most texts do not.</summary>
    private static bool IsSuspect(char c) => c is < ' ' or >= '\x7F';

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        // Joiners belong to the spelling of Persian and Hindi, and to emoji.
        UnicodeCategory.Format => rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner,
        _ => true,
    };

    private static void Escape(StringBuilder shown, ReadOnlySpan<char> character)
    {
        foreach (char c in character)
        {
            shown.Append(c switch
            {
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                _ => FormattableString.Invariant($"\\u{(int)c:X4}"),
            });
        }
    }
}
