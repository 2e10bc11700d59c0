using System.Buffers;

namespace Reparam.Data;

/// <summary>
/// Reads <c>.amat</c> text: one datum a row. Digits 0 and 1 separated by blanks, as Larochelle's fixed binarisation of
/// MNIST is published, are bytes; any other numbers, as <c>numpy.savetxt</c> writes them, are
/// 64-bit floats. Any fixed width; plain or gzip-compressed. Files under this name that are MATLAB inside are read as
/// such.
/// </summary>
public static class AmatFile
{
    private const int Head = 512;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("01 \t\r\n"u8);

    /// <summary>Reads the rows as an array [N, width].</summary>
    /// <exception cref="InvalidDataFileException">The content is neither such text nor a MATLAB file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static NumericArray Read(string path)
    {
        UnpackedFile file = UnpackedFile.Read(path);
        return MatFile.IsMat(file.Content) ? ArrayRoles.Of(MatFile.Members(file), path).Train.Data : Read(file);
    }

    /// <summary>Whether content begins as text does: printable characters, blanks and line ends.</summary>
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

    /// <summary>Rows of single digits; null where two stand together, which makes another number.</summary>
    private static NumericArray? Binary(UnpackedFile file)
    {
        ReadOnlySpan<byte> content = file.Content;
        // Every value takes a digit and, but for the last, a separator: the length bounds the allocation.
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
        if (rows == 0) throw file.Bad(0, "it holds no row of numbers; fetch or copy it again.");
        Array.Resize(ref values, count);
        return new NumericArray(ElementKind.UInt8, [rows, width], values);

        void EndRow(int at)
        {
            int row = count - rowStart;
            if (row == 0) return; // a blank line, or the line end before the end of the file
            NumberRows.RequireWidth(file, at, rows, row, width);
            width = row;
            rowStart = count;
            rows++;
        }
    }
}
