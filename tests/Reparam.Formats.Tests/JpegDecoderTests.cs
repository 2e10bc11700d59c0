using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using Reparam.Data;
using Reparam.Tests.Data;

namespace Reparam.Formats.Tests;

public sealed class JpegDecoderTests
{
    /// <summary>The path of a file of tests/data/pictures.</summary>
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "data", "pictures", name);

    [Theory]
    [InlineData("444.jpg")]
    [InlineData("422.jpg")]
    [InlineData("420.jpg")]
    [InlineData("progressive-444.jpg")]
    [InlineData("progressive-422.jpg")]
    [InlineData("progressive-420.jpg")]
    [InlineData("grey.jpg")]
    [InlineData("progressive-grey.jpg")]
    [InlineData("cmyk.jpg")]
    [InlineData("rgb.jpg")]
    [InlineData("restart.jpg")]
    [InlineData("one-pixel.jpg")]
    public void Jpeg_pixels_are_those_of_Skia(string name)
    {
        byte[] file = File.ReadAllBytes(PathOf(name));
        Picture picture = JpegDecoder.Instance.Decode(name, file);
        Assert.Equal(name.Contains("grey", StringComparison.Ordinal) ? 1 : 3, picture.Channels);
        Oracle.RequireAgreement(file, picture, 1);
        Assert.Equal((picture.Width, picture.Height), JpegDecoder.Instance.Measure(name, file));
    }

    [Fact]
    public void Ycck_pixels_are_those_of_Skia()
    {
        byte[] file = File.ReadAllBytes(PathOf("cmyk.jpg"));
        file[file.AsSpan().IndexOf("Adobe"u8) + 11] = 2;
        Oracle.RequireAgreement(file, JpegDecoder.Instance.Decode("ycck.jpg", file), 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_orientation_is_shown_upright(int orientation)
    {
        string name = $"orientation-{orientation}.jpg";
        Picture upright = PngDecoder.Instance.Decode("upright.png", File.ReadAllBytes(PathOf("upright.png")));
        byte[] file = File.ReadAllBytes(PathOf(name));
        Picture picture = JpegDecoder.Instance.Decode(name, file);
        Assert.Equal((upright.Width, upright.Height), (picture.Width, picture.Height));
        Assert.Equal((upright.Width, upright.Height), JpegDecoder.Instance.Measure(name, file));
        long sum = 0;
        for (int i = 0; i < upright.Samples.Length; i++) sum += Math.Abs(upright.Samples[i] - picture.Samples[i]);
        Assert.True(sum <= 2L * upright.Samples.Length, $"mean difference {(double)sum / upright.Samples.Length}");
    }

    [Fact]
    public void Pixels_are_the_same_on_every_machine() => Assert.StartsWith(
        "0ea83f71f20c1e0a6373a1a8f50c630a6c86f3951335364d6f",
        Convert.ToHexStringLower(SHA256.HashData(JpegDecoder.Instance.Decode(
            "a.jpg", File.ReadAllBytes(PathOf("progressive-420.jpg"))).Samples)),
        StringComparison.Ordinal);

    [Fact]
    public void Half_files_and_garbage_give_the_typed_error()
    {
        foreach (string name in (string[])["420.jpg", "grey.jpg", "restart.jpg", "cmyk.jpg", "progressive-420.jpg"])
        {
            byte[] whole = File.ReadAllBytes(PathOf(name));
            foreach (int length in (int[])[3, 10, 100, whole.Length / 2])
                Says("cut short or damaged", whole[..length]);
        }

        Says("two frames", Doubled("420.jpg"));
        Says("cut short or damaged", [0xFF, 0xD8, 0xFF, 0xD9]);
        Says("cut short or damaged", [0xFF, 0xD8, 0xFF, 0xDA, 0, 2]);
        Says("arithmetic coding, which is not decoded", File.ReadAllBytes(PathOf("arithmetic.jpg")));
        Says("samples of 12 bits", Changed("420.jpg", frame => frame[4] = 12));
        Says("2 components", Changed("420.jpg", frame => frame[9] = 2));
        Says("lossless coding", Changed("420.jpg", frame => frame[1] = 0xC3));
    }

    [Fact]
    public void Sizes_are_refused_before_anything_is_decoded()
    {
        byte[] huge = Changed("420.jpg", frame => frame.AsSpan(5, 4).Fill(0xFF));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Says("65535 x 65535", huge);
        byte[] large = Changed("grey.jpg", frame =>
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(5), 8000);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(7), 8000);
        });
        Says("8000 x 8000 pixels, too many for", large);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void Many_scans_are_refused()
    {
        byte[] file = File.ReadAllBytes(PathOf("progressive-grey.jpg"));
        int last = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] scan = file[last..^2];
        Says("scans, and at most 200", [.. file[..^2], .. Enumerable.Repeat(scan, 300).SelectMany(s => s), 0xFF, 0xD9]);
    }

    [Theory]
    [InlineData("420.jpg")]
    [InlineData("progressive-420.jpg")]
    [InlineData("grey.jpg")]
    [InlineData("restart.jpg")]
    [InlineData("cmyk.jpg")]
    public void Mutants_meet_only_the_typed_error(string name)
    {
        byte[] valid = File.ReadAllBytes(PathOf(name));
        var clock = Stopwatch.StartNew();
        TimeSpan slowest = TimeSpan.Zero;
        // 512 samples for each byte at most, of 4 components, in 16 bits and as bytes, and the turned picture.
        Mutations.Survive<InvalidDataFileException>(valid, 2000, mutant =>
        {
            TimeSpan start = clock.Elapsed;
            try
            {
                JpegDecoder.Instance.Decode("mutant.jpg", mutant);
            }
            finally
            {
                TimeSpan taken = clock.Elapsed - start;
                if (taken > slowest) slowest = taken;
            }
        }, perByte: 512 * 4 * 6);
        Assert.True(slowest < TimeSpan.FromSeconds(5), $"A mutant took {slowest}.");
    }

    [Fact]
    public void A_folder_of_both_formats_is_read()
    {
        using Testing.TemporaryFolder folder = new();
        foreach (string name in (string[])["upright.png", "444.jpg", "orientation-6.jpg"])
            File.Copy(PathOf(name), folder.File(name));
        Dataset data = PictureFolder.Read(folder.Path, new PictureOptions { Formats = FileFormats.All });
        Assert.Equal([3, 34, 45], data.EventShape);
        Assert.Equal(["444.jpg", "orientation-6.jpg", "upright.png"], data.Names!.Value.ToArray());
        for (int i = 0; i < 2; i++)
        {
            double sum = 0;
            for (int k = 0; k < data.EventShape.Size; k++) sum += Math.Abs(data.Bytes(i, 1)[k] - data.Bytes(2, 1)[k]);
            Assert.True(sum <= 2.0 * data.EventShape.Size);
        }
    }

    private static void Says(string words, byte[] file) => Assert.Contains(words,
        Assert.Throws<InvalidDataFileException>(() => JpegDecoder.Instance.Decode("a.jpg", file)).Message,
        StringComparison.Ordinal);

    /// <summary>The file with another frame header, which begins with its marker.</summary>
    private static byte[] Changed(string name, Action<byte[]> change)
    {
        byte[] file = File.ReadAllBytes(PathOf(name));
        int at = Frame(file);
        byte[] frame = file[at..];
        change(frame);
        frame.CopyTo(file, at);
        return file;
    }

    private static byte[] Doubled(string name)
    {
        byte[] file = File.ReadAllBytes(PathOf(name));
        int at = Frame(file), length = 2 + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2));
        return [.. file.AsSpan(0, at), .. file.AsSpan(at, length), .. file.AsSpan(at)];
    }

    private static int Frame(byte[] file) => file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) switch
    {
        < 0 => file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC1]),
        int at => at,
    };
}
