using System.Diagnostics;
using Reparam.Data;
using Reparam.Serialization;

namespace Reparam.Tests.Data.Images;

public sealed class PngDecoderTests
{
    public static TheoryData<int, int, bool, bool> Forms
    {
        get
        {
            TheoryData<int, int, bool, bool> forms = [];
            foreach ((int colour, int[] depths) in ((int, int[])[])
                [(0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16])])
            {
                foreach (int depth in depths)
                {
                    foreach (bool interlaced in (bool[])[false, true])
                    {
                        forms.Add(colour, depth, interlaced, false);
                        if (colour < 4) forms.Add(colour, depth, interlaced, true);
                    }
                }
            }

            return forms;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_gives_its_samples(int colour, int depth, bool interlaced, bool transparent)
    {
        for (int size = 1; size <= 17; size += size < 9 ? 1 : 4)
        {
            PngBuilder builder = Builder(size, Math.Max(1, 18 - size), depth, colour, transparent) with
            {
                Interlaced = interlaced, Pieces = 1 + size % 3,
            };
            int[] samples = builder.Pattern();
            Picture picture = Decode(builder.Encode(samples));
            int channels = (colour switch { 0 => 1, 4 => 2, 6 => 4, _ => 3 }) + (transparent ? 1 : 0);
            Assert.Equal((builder.Width, builder.Height, channels), (picture.Width, picture.Height, picture.Channels));
            Assert.Equal(Expected(builder, samples, transparent), picture.Samples.ToArray());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_filter_is_undone(int filter)
    {
        foreach ((int colour, int depth) in ((int, int)[])[(0, 1), (0, 8), (2, 8), (2, 16), (6, 16)])
        {
            PngBuilder builder = Builder(13, 6, depth, colour, false) with { Filter = filter };
            int[] samples = builder.Pattern();
            Assert.Equal(Expected(builder, samples, false), Decode(builder.Encode(samples)).Samples.ToArray());
        }
    }

    [Fact]
    public void What_the_library_writes_is_read()
    {
        foreach (int channels in (int[])[1, 3])
        {
            byte[] samples = [.. Enumerable.Range(0, 23 * 19 * channels).Select(i => (byte)(i * i / 7))];
            Picture picture = Decode(new PngImage(23, 19, channels, samples).Encode());
            Assert.Equal((23, 19, channels), (picture.Width, picture.Height, picture.Channels));
            Assert.Equal(samples, picture.Samples.ToArray());
        }
    }

    [Fact]
    public void Sixteen_bits_are_rounded_to_the_nearest_of_256_levels()
    {
        int[] samples = [0, 128, 129, 257, 385, 386, 32767, 32768, 65406, 65407, 65535];
        Picture picture = Decode(new PngBuilder(samples.Length, 1, 16, 0).Encode(samples));
        Assert.Equal([.. samples.Select(s => (byte)Math.Round(s / 257.0))], picture.Samples.ToArray());
    }

    [Fact]
    public void Damage_is_named_with_its_place()
    {
        PngBuilder builder = Builder(9, 7, 8, 2, false);
        byte[] rows = new byte[7 * 28], whole = builder.File(rows);
        Says("ends before its last chunk", whole[..^12]);
        Says("ends before its last chunk", whole[..40]);
        Says("chunk declares", whole[..^20]);
        Says("does not begin like a PNG", [1, 2, 3]);
        byte[] flipped = [.. whole];
        flipped[^20] ^= 1;
        Says("checksum", flipped);
        Says("colour type 5 with 8 bits", (builder with { Colour = 5 }).File(rows));
        Says("colour type 2 with 4 bits", (builder with { Depth = 4 }).File(rows));
        Says("0 x 7 pixels", (builder with { Width = 0 }).File(rows));
        Says("end after", (builder with { Height = 8 }).File(rows));
        Says("continue after", (builder with { Height = 6 }).File(rows));
        Says("no palette", (builder with { Colour = 3 }).File(new byte[7 * 10]));
        Says("palette (PLTE chunk of 4 bytes)", (builder with { Palette = [1, 2, 3, 4] }).File(rows));
        Says("transparency", (builder with { Transparency = [0] }).File(rows));
        byte[] filters = [.. rows];
        filters[28] = 5;
        Says("filter 5", builder.File(filters));
        byte[] indices = new byte[2 * 4];
        indices[7] = 2;
        Says("the colour 2, and the palette has 2", new PngBuilder(3, 2, 8, 3) { Palette = new byte[6] }.File(indices));
        using MemoryStream unknown = new();
        unknown.Write(whole.AsSpan(0, 33));
        PngBuilder.Chunk(unknown, "NEED"u8, [1]);
        unknown.Write(whole.AsSpan(33));
        Says("unknown and needed", unknown.ToArray());
        using MemoryStream between = new();
        between.Write(whole.AsSpan(0, whole.Length - 12));
        PngBuilder.Chunk(between, "tEXt"u8, [1]);
        PngBuilder.Chunk(between, "IDAT"u8, [1]);
        PngBuilder.Chunk(between, "IEND"u8, []);
        Says("interrupted", between.ToArray());
    }

    [Fact]
    public void Sizes_are_refused_before_anything_is_unpacked()
    {
        // A hundred megabytes of zeros in a hundred kilobytes.
        byte[] bomb = new PngBuilder(10_000, 10_000, 8, 0).File(new byte[100_010_000]);
        Refused("10000 x 10000", bomb);
        Refused("100000 x 100000", new PngBuilder(100_000, 100_000, 8, 6).File([0]));
        Refused("2147483647 x 2147483647", new PngBuilder(int.MaxValue, int.MaxValue, 16, 6).File([0]));
        Refused("continue after", new PngBuilder(4, 4, 8, 0).File(new byte[50_000_000]));
        Refused("4 x 4", new PngBuilder(4, 4, 8, 0).Encode(new int[16]), maxSamples: 15);

        static void Refused(string words, byte[] file, long maxSamples = PictureDecoder.DefaultMaxSamples)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            var failure = Assert.Throws<InvalidDataFileException>(
                () => PngDecoder.Instance.Decode("a.png", file, maxSamples));
            Assert.Contains(words, failure.Message, StringComparison.Ordinal);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1));
        }
    }

    [Theory]
    [InlineData(0, 1, false)]
    [InlineData(2, 8, false)]
    [InlineData(3, 4, true)]
    [InlineData(6, 16, true)]
    public void Mutants_meet_only_the_typed_error(int colour, int depth, bool interlaced)
    {
        PngBuilder builder = Builder(21, 14, depth, colour, colour < 4) with { Interlaced = interlaced, Pieces = 2 };
        byte[] valid = builder.Encode(builder.Pattern());
        Mutations.Survive<InvalidDataFileException>(valid, 500, mutant => Decode(mutant));
        // With right checksums, the damage reaches the parts behind them.
        Mutations.Survive<InvalidDataFileException>(valid, 2000, mutant => Decode(PngBuilder.Mended(mutant)));
    }

    private static PngBuilder Builder(int width, int height, int depth, int colour, bool transparent)
    {
        PngBuilder builder = new(width, height, depth, colour);
        if (colour == 3)
        {
            int colours = depth == 8 ? 200 : 1 << depth;
            builder = builder with
            {
                Palette = [.. Enumerable.Range(0, 3 * colours).Select(i => (byte)(i * 37))],
                Transparency = transparent ? [0, 77] : [],
            };
        }
        else if (transparent)
        {
            // The first pixel is transparent.
            int[] first = builder.Pattern()[..builder.Stored];
            builder = builder with
            {
                Transparency = [.. first.SelectMany(s => (byte[])[(byte)(s >> 8), (byte)s])],
            };
        }

        return builder;
    }

    private static byte[] Expected(PngBuilder builder, int[] samples, bool transparent)
    {
        List<byte> expected = [];
        double most = (1 << builder.Depth) - 1;
        for (int i = 0; i < samples.Length; i += builder.Stored)
        {
            int[] pixel = samples[i..(i + builder.Stored)];
            if (builder.Colour == 3)
            {
                expected.AddRange(builder.Palette.AsSpan(3 * pixel[0], 3));
                if (transparent) expected.Add(pixel[0] < 2 ? builder.Transparency[pixel[0]] : (byte)255);
                continue;
            }

            expected.AddRange(pixel.Select(s => (byte)Math.Round(255 * s / most)));
            bool isFirst = pixel.AsSpan().SequenceEqual(samples.AsSpan(0, builder.Stored));
            if (transparent) expected.Add(isFirst ? (byte)0 : (byte)255);
        }

        return [.. expected];
    }

    private static void Says(string words, byte[] file)
    {
        var failure = Assert.Throws<InvalidDataFileException>(() => Decode(file));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.Offset);
    }

    private static Picture Decode(byte[] file) => PngDecoder.Instance.Decode("a.png", file);
}
