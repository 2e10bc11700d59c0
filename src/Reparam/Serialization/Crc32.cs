using System.Buffers.Binary;

namespace Reparam.Serialization;

/// <summary>The CRC-32 of PNG, zip and gzip: reflected polynomial 0xEDB88320, with complement at the start and at the
/// end.</summary>
internal static class Crc32
{
    private static readonly uint[][] Tables = MakeTables();

    /// <summary>The checksum of bytes, for example <c>0xCBF43926</c> for ASCII "123456789".</summary>
    internal static uint Of(ReadOnlySpan<byte> data) => ~Update(uint.MaxValue, data);

    /// <summary>Continues a running checksum. It starts with all bits one, and the caller complements the final
    /// value.</summary>
    internal static uint Update(uint crc, ReadOnlySpan<byte> data)
    {
        uint[] t0 = Tables[0], t1 = Tables[1], t2 = Tables[2], t3 = Tables[3], t4 = Tables[4], t5 = Tables[5],
            t6 = Tables[6], t7 = Tables[7];
        // Eight bytes per iteration, because whole data sets are checked.
        while (data.Length >= 8)
        {
            uint low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(data);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = t7[(byte)low] ^ t6[(byte)(low >> 8)] ^ t5[(byte)(low >> 16)] ^ t4[low >> 24]
                ^ t3[(byte)high] ^ t2[(byte)(high >> 8)] ^ t1[(byte)(high >> 16)] ^ t0[high >> 24];
            data = data[8..];
        }

        foreach (byte b in data) crc = (crc >> 8) ^ t0[(byte)crc ^ b];
        return crc;
    }

    private static uint[][] MakeTables()
    {
        uint[][] tables = new uint[8][];
        for (int k = 0; k < 8; k++) tables[k] = new uint[256];
        for (uint n = 0; n < 256; n++)
        {
            uint c = n;
            for (int bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            tables[0][n] = c;
        }

        for (int k = 1; k < 8; k++)
            for (int n = 0; n < 256; n++) tables[k][n] = (tables[k - 1][n] >> 8) ^ tables[0][(byte)tables[k - 1][n]];
        return tables;
    }
}
