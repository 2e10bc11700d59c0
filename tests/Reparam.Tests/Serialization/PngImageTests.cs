using System.Globalization;
using Reparam.Serialization;
using Reparam.Testing;

namespace Reparam.Tests.Serialization;

public sealed class PngImageTests
{
    [Fact]
    public void Crc_has_the_published_value()
    {
        Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));
        Assert.Equal(0xAE426082u, Crc32.Of("IEND"u8));
    }

    [Fact]
    public void File_begins_and_ends_as_png_does()
    {
        byte[] png = new PngImage(2, 1, 1, [0, 255]).Encode();
        Assert.Equal(
            "89504E470D0A1A0A0000000D49484452000000020000000108000000", Convert.ToHexString(png.AsSpan(0, 28)));
        Assert.Equal("0000000049454E44AE426082", Convert.ToHexString(png.AsSpan(png.Length - 12)));
    }

    [Fact]
    public void Same_image_gives_same_bytes() =>
        Assert.Equal(new PngImage(2, 2, 3, new byte[12]).Encode(), new PngImage(2, 2, 3, new byte[12]).Encode());

    [Fact]
    public void Pngcheck_accepts_grey_and_colour()
    {
        using TemporaryFolder folder = new();
        foreach (int channels in (int[])[1, 3])
        {
            string path = folder.File($"{channels}.png");
            Pattern(37, 23, channels).Save(path);
            (int code, string output) = OutsideTool.Run("pngcheck", path);
            Assert.True(code == 0, output);
            Assert.Contains("37x23", output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Python_decodes_the_same_samples(int channels)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a.png");
        PngImage image = Pattern(31, 17, channels);
        image.Save(path);
        const string script = """
            import struct, sys, zlib
            b = open(sys.argv[1], 'rb').read(); c = int(sys.argv[2]); at = 8; packed = b''
            while at < len(b):
                n, t = struct.unpack('>I4s', b[at:at + 8]); d = b[at + 8:at + 8 + n]
                assert zlib.crc32(t + d) == struct.unpack('>I', b[at + 8 + n:at + 12 + n])[0]
                if t == b'IHDR': w, h = struct.unpack('>II', d[:8])
                if t == b'IDAT': packed += d
                at += 12 + n
            raw = zlib.decompress(packed); s = w * c; up = [0] * s; out = []; used = set()
            for y in range(h):
                f = raw[y * (s + 1)]; used.add(f); row = list(raw[y * (s + 1) + 1:(y + 1) * (s + 1)])
                for i in range(s):
                    l = row[i - c] if i >= c else 0; u = up[i]; k = up[i - c] if i >= c else 0; p = l + u - k
                    pa, pb, pc = abs(p - l), abs(p - u), abs(p - k)
                    paeth = l if pa <= pb and pa <= pc else u if pb <= pc else k
                    row[i] = (row[i] + [0, l, u, (l + u) // 2, paeth][f]) % 256
                out += row; up = row
            print(w, h, len(used) > 1, bytes(out).hex())
            """;
        (int code, string output) = OutsideTool.Run(
            "python3", "-c", script, path, channels.ToString(CultureInfo.InvariantCulture));
        Assert.Equal($"31 17 True {Convert.ToHexStringLower(image.Samples.Span)}", output.Trim());
        Assert.Equal(0, code);
    }

    [Fact]
    public void Impossible_images_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new PngImage(0, 1, 1, []));
        Assert.Throws<ArgumentException>(() => new PngImage(1, 1, 2, [0, 0]));
        Assert.Throws<ArgumentException>(() => new PngImage(2, 2, 1, [0]));
        Assert.Throws<ArgumentException>(() => new PngImage(int.MaxValue, int.MaxValue, 3, [0]));
    }

    private static PngImage Pattern(int width, int height, int channels)
    {
        byte[] samples = new byte[width * height * channels];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (byte)(i < samples.Length / 2 ? i * 3 + i / 50 : (i * 2654435761L) >> 13);
        return new PngImage(width, height, channels, samples);
    }
}
