using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Reparam.Data;

/// <summary>
/// Reads text files with rows of numbers, as <c>numpy.savetxt</c> writes and <c>numpy.loadtxt</c> reads them. Numbers
/// are decimal or scientific, separated by blanks, tabs, commas or semicolons. The text after a # is a comment.
/// </summary>
internal static class NumberRows
{
    private static readonly SearchValues<byte> Ends = SearchValues.Create(" \t,;\r\n#"u8);

    internal static NumericArray Read(UnpackedFile file)
    {
        ReadOnlySpan<byte> content = file.Content;
        int at = content.StartsWith("\uFEFF"u8) ? 3 : 0, width = 0, rows = 0, rowStart = 0, count = 0;
        byte[] values = new byte[Math.Min(1024, 8 * (content.Length / 2 + 1))];
        // A number must stand before each comma or semicolon and between two of them. Blanks may be repeated.
        bool expected = false;
        while (true)
        {
            byte c = at < content.Length ? content[at] : (byte)'\n';
            if (c == (byte)'#')
            {
                int line = content[at..].IndexOf((byte)'\n');
                at = line < 0 ? content.Length : at + line;
            }
            else if (c is (byte)'\n')
            {
                EndRow();
                if (at >= content.Length) break;
                at++;
            }
            else if (c is (byte)',' or (byte)';')
            {
                if (expected || count == rowStart)
                {
                    throw file.Bad(at, $"a number is missing before the '{(char)c}' in row {rows + 1}; fill or drop " +
                        "missing values first.");
                }

                expected = true;
                at++;
            }
            else if (c is (byte)' ' or (byte)'\t' or (byte)'\r')
            {
                at++;
            }
            else
            {
                int length = content[at..].IndexOfAny(Ends);
                ReadOnlySpan<byte> word = length < 0 ? content[at..] : content.Slice(at, length);
                if (Number(word) is not { } value) throw NotANumber(file, at, word, rows);
                if (8 * count == values.Length)
                    Array.Resize(ref values, checked((int)Math.Min(2L * values.Length, 8L * (content.Length / 2 + 1))));
                BinaryPrimitives.WriteDoubleLittleEndian(values.AsSpan(8 * count++), value);
                expected = false;
                at += word.Length;
            }
        }

        if (rows == 0) throw file.Bad(0, "it contains no row of numbers; fetch or copy it again.");
        Array.Resize(ref values, 8 * count);
        return new NumericArray(ElementKind.Float64, [rows, width], values);

        void EndRow()
        {
            int row = count - rowStart;
            if (row == 0) return;
            if (expected)
            {
                throw file.Bad(
                    at, $"a number is missing at the end of row {rows + 1}; fill or drop missing values first.");
            }

            RequireWidth(file, at, rows, row, width);
            width = row;
            rowStart = count;
            rows++;
        }
    }

    internal static void RequireWidth(UnpackedFile file, int at, int rows, int row, int width)
    {
        if (rows > 0 && row != width)
        {
            throw file.Bad(at, $"row {rows + 1} has {row} values, and the rows before it have {width}; the file is " +
                "cut short or damaged, so fetch or copy it again.");
        }
    }

    private static double? Number(ReadOnlySpan<byte> word)
    {
        bool signed = word[0] is (byte)'+' or (byte)'-';
        ReadOnlySpan<byte> plain = signed ? word[1..] : word;
        double sign = word[0] == (byte)'-' ? -1 : 1;
        if (IsWord(plain, "nan")) return double.NaN;
        if (IsWord(plain, "inf") || IsWord(plain, "infinity")) return sign * double.PositiveInfinity;
        if (plain.Length == 0 || plain[0] is not ((>= (byte)'0' and <= (byte)'9') or (byte)'.')) return null;
        // A word of zeros and ones that starts with a zero is a row of binary digits without blanks, not a number.
        if (plain.Length > 1 && plain[0] == '0' && !plain.ContainsAnyExcept("01"u8)) return null;
        return Utf8Parser.TryParse(plain, out double value, out int used) && used == plain.Length ? sign * value : null;
    }

    private static bool IsWord(ReadOnlySpan<byte> word, string wanted) =>
        System.Text.Ascii.EqualsIgnoreCase(word, wanted);

    private static InvalidDataFileException NotANumber(UnpackedFile file, int at, ReadOnlySpan<byte> word, int rows)
    {
        string text = string.Concat(System.Text.Encoding.Latin1.GetString(word[..Math.Min(20, word.Length)]).Select(c =>
            c is >= ' ' and <= '~' ? c : '?'));
        string mend = rows == 0 ? "remove a line of headings, or start it with #"
            : "replace it by a number, or remove its row or column";
        return file.Bad(
            at, $"'{text}' in row {rows + 1} is not a number (separate numbers by blanks or commas); {mend}.");
    }
}
