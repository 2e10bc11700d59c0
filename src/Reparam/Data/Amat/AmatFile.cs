using System.Buffers;

namespace Reparam.Data;

/// <summary>
/// Reads <c>.amat</c> text files with one data point per row, plain or gzip-compressed. Digits 0 and 1 separated by
/// blanks become bytes; Larochelle's fixed binarisation of MNIST is published in this form. Other numbers, as
/// <c>numpy.savetxt</c> writes them, become 64-bit floats. All rows must have the same number of values. A file with
/// this extension and MATLAB content is read as a MATLAB file.
/// </summary>
public static class AmatFile
{
    private const int Head = 512;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("01 \t\r\n"u8);

    /// <summary>Reads the rows as an array [N, width].</summary>
    /// <exception cref="InvalidDataFileException">The content is neither rows of numbers nor a MATLAB file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static NumericArray Read(string path)
    {
        UnpackedFile file = UnpackedFile.Read(path);
        return MatFile.IsMat(file.Content) ? ArrayRoles.Of(MatFile.Members(file), path).Train.Data : Read(file);
    }

    /// <summary>Whether content begins like text: printable characters, blanks and line ends.</summary>
    internal static bool IsText(ReadOnlySpan<byte> content)
    {
        foreach (byte c in content[..Math.Min(Head, content.Length)])
        {
            if (c is < 0x20 and not ((byte)'\t' or (byte)'\r' or (byte)'\n') or 0x7F) return false;
        }

        return !content.IsEmpty;
    }

    internal static NumericArray Read(UnpackedFile file) => file.Content.AsSpan().IndexOfAnyExcept(Digits) < 0
        && Binary(file) is { } binary ? binary : NumberRows.Read(file);

    /// <summary>Reads rows of single digits; null if two digits are adjacent, because they form another
    /// number.</summary>
    private static NumericArray? Binary(UnpackedFile file)
    {
        ReadOnlySpan<byte> content = file.Content;
        // Every value has a digit and, except for the last, a separator. So the length bounds the allocation.
        byte[] values = new byte[content.Length / 2 + 1];
        int count = 0, width = 0, rowStart = 0, rows = 0;
        bool afterDigit = false;
        for (int at = 0; at < content.Length; at++)
        {
            byte c = content[at];
            if (c is (byte)'0' or (byte)'1')
            {
                if (afterDigit) return null;
                values[count++] = (byte)(c - '0');
                afterDigit = true;
                continue;
            }

            afterDigit = false;
            if (c == (byte)'\n') EndRow(at);
        }

        EndRow(content.Length);
        if (rows == 0) throw file.Bad(0, "it contains no row of numbers; fetch or copy it again.");
        Array.Resize(ref values, count);
        return new NumericArray(ElementKind.UInt8, [rows, width], values);

        void EndRow(int at)
        {
            int row = count - rowStart;
            if (row == 0) return; // a blank line, or the line end at the end of the file
            NumberRows.RequireWidth(file, at, rows, row, width);
            width = row;
            rowStart = count;
            rows++;
        }
    }
}
