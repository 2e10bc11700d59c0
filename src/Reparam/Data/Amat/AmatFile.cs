using System.Buffers;

namespace Reparam.Data;

/// <summary>
/// Reads <c>.amat</c> text: one datum a row, digits 0 and 1 separated by blanks, as Larochelle's fixed binarisation of MNIST is
/// published. Any fixed width; plain or gzip-compressed. Files under this name that are MATLAB inside are read as such.
/// </summary>
public static class AmatFile
{
    private static readonly SearchValues<byte> Allowed = SearchValues.Create("01 \t\r\n"u8);

    /// <summary>Reads the rows as an array [N, width] of bytes 0 and 1.</summary>
    /// <exception cref="InvalidDataFileException">The content is neither such text nor a MATLAB file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static NumericArray Read(string path)
    {
        UnpackedFile file = UnpackedFile.Read(path);
        return MatFile.IsMat(file.Content) ? MatFile.Only(MatFile.Read(file), path) : Read(file);
    }

    /// <summary>Whether content begins as rows of 0 and 1 do.</summary>
    internal static bool IsAmat(ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> head = content[..Math.Min(64, content.Length)];
        return !head.IsEmpty && head[0] is (byte)'0' or (byte)'1' && head.IndexOfAnyExcept(Allowed) < 0;
    }

    internal static NumericArray Read(UnpackedFile file)
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
                if (afterDigit) throw file.Bad(at, "two digits stand without a blank between them; each value must be a single 0 or 1.");
                values[count++] = (byte)(c - '0');
                afterDigit = true;
            }
            else if (c is (byte)' ' or (byte)'\t' or (byte)'\r')
            {
                afterDigit = false;
            }
            else if (c == (byte)'\n')
            {
                EndRow(at);
                afterDigit = false;
            }
            else
            {
                throw file.Bad(at, $"byte 0x{c:X2} is not 0, 1, a blank or a line end; only rows of 0 and 1 are read.");
            }
        }

        EndRow(content.Length);
        if (rows == 0) throw file.Bad(0, "it holds no row of 0 and 1; fetch or copy it again.");
        Array.Resize(ref values, count);
        return new NumericArray(ElementKind.UInt8, [rows, width], values);

        void EndRow(int at)
        {
            int row = count - rowStart;
            if (row == 0) return; // a blank line, or the line end before the end of the file
            if (rows > 0 && row != width)
                throw file.Bad(at, $"row {rows + 1} has {row} values and the rows before it have {width}; the file is cut short or damaged, so fetch or copy it again.");
            width = row;
            rowStart = count;
            rows++;
        }
    }
}
