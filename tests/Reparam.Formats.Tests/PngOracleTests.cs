using Reparam.Data;
using Reparam.Tests.Data.Images;

namespace Reparam.Formats.Tests;

public sealed class PngOracleTests
{
    public static TheoryData<int, int, bool> Forms
    {
        get
        {
            TheoryData<int, int, bool> forms = [];
            foreach ((int colour, int[] depths) in ((int, int[])[])
                [(0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16])])
            {
                foreach (int depth in depths)
                {
                    forms.Add(colour, depth, false);
                    forms.Add(colour, depth, true);
                }
            }

            return forms;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Png_pixels_are_those_of_Skia(int colour, int depth, bool interlaced)
    {
        PngBuilder builder = new(19, 11, depth, colour)
        {
            Interlaced = interlaced,
            Palette = colour == 3 ? [.. Enumerable.Range(0, 3 << depth).Select(i => (byte)(i * 91))] : [],
            Transparency = colour == 3 ? [0, 255] : [],
        };
        byte[] file = builder.Encode(builder.Pattern());
        // Skia cuts 16 bits to 8, and the decoder rounds.
        Oracle.RequireAgreement(file, PngDecoder.Instance.Decode("a.png", file), depth == 16 ? 1 : 0, depth == 16 ? 1
            : 0);
    }

    [Fact]
    public void A_file_of_another_program_is_read()
    {
        byte[] file = File.ReadAllBytes(JpegDecoderTests.PathOf("upright.png"));
        Oracle.RequireAgreement(file, PngDecoder.Instance.Decode("upright.png", file), 0, 0);
    }
}
