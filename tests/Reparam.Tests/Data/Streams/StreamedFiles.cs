using System.Buffers.Binary;
using Reparam.Tensors;

namespace Reparam.Tests.Data.Streams;

/// <summary>Files of rows for tests of streams.</summary>
internal static class StreamedFiles
{
    /// <summary>Writes rows of numbers with some structure as <c>.npy</c> (f2, f4, f8, i2, u1, or >f4) or as
    /// <c>idx</c> (bytes) or <c>idx-f4</c>; returns the path.</summary>
    public static string Write(string path, string format, Shape rowShape, int count, ulong seed = 1)
    {
        var rng = new Rng(seed);
        int size = rowShape.Size;
        using var file = new FileStream(path, FileMode.Create);
        if (format.StartsWith("idx", StringComparison.Ordinal)) WriteIdxHead(file, format, [count, .. rowShape]);
        else WriteNpyHead(file, format, [count, .. rowShape]);
        byte[] row = new byte[size * 8];
        for (int i = 0; i < count; i++)
        {
            double across = rng.NextDouble();
            int at = 0;
            for (int j = 0; j < size; j++) at += Put(row.AsSpan(at), format, across * (j % 7) / 6, rng);
            file.Write(row, 0, at);
        }

        return path;
    }

    private static int Put(Span<byte> to, string format, double unit, Rng rng)
    {
        byte level = (byte)(255 * Math.Clamp(unit + 0.1 * rng.NextDouble(), 0, 1));
        double real = 3 * unit + rng.NextDouble() - 40;
        switch (format)
        {
            case "u1" or "idx": to[0] = level; return 1;
            case "b1": to[0] = (byte)(level >> 7); return 1;
            case "i2": BinaryPrimitives.WriteInt16LittleEndian(to, level); return 2;
            case "f2": BinaryPrimitives.WriteHalfLittleEndian(to, (Half)real); return 2;
            case "f8": BinaryPrimitives.WriteDoubleLittleEndian(to, real); return 8;
            case "unit": BinaryPrimitives.WriteSingleLittleEndian(to, level / 255f); return 4;
            case ">f4" or "idx-f4": BinaryPrimitives.WriteSingleBigEndian(to, (float)real); return 4;
            default: BinaryPrimitives.WriteSingleLittleEndian(to, (float)real); return 4;
        }
    }

    private static void WriteIdxHead(Stream file, string format, int[] extents)
    {
        byte[] head = new byte[4 + 4 * extents.Length];
        (head[2], head[3]) = (format == "idx" ? (byte)0x08 : (byte)0x0D, (byte)extents.Length);
        for (int i = 0; i < extents.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4 + 4 * i), extents[i]);
        file.Write(head);
    }

    /// <summary>Writes the head of an .npy file without its numbers.</summary>
    public static void WriteNpyHead(Stream file, string format, int[] extents)
    {
        string type = format switch
        {
            "u1" or "b1" => "|" + format, "unit" => "<f4", ">f4" => format, _ => "<" + format,
        };
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({string.Join(", ", extents)}), }}";
        file.Write([0x93, .. "NUMPY"u8, 1, 0, 118, 0]);
        file.Write(System.Text.Encoding.ASCII.GetBytes(text.PadRight(117) + "\n"));
    }
}
