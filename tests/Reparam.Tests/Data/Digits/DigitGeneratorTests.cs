using System.Diagnostics;
using Reparam.Data;
using Reparam.Serialization;
using Reparam.Testing;

namespace Reparam.Tests.Data.Digits;

public sealed class DigitGeneratorTests
{
    [Fact]
    public void First_thousand_at_seed_0_are_the_golden_bytes()
    {
        string hash = new DigitGenerator(0).Generate(1000).Sha256;
        Assert.True(hash == "0974fc0cf265d97120e3169bd7b323f9112b1aeabbffde8d70879df37ded025d",
            $"The digits are no longer what they were: {hash}.");
    }

    [Fact]
    public void Sample_does_not_depend_on_the_count()
    {
        DigitGenerator digits = new(3);
        Dataset many = digits.Generate(50), few = digits.Generate(3, firstIndex: 40);
        Assert.True(many.Bytes(40, 3).SequenceEqual(few.Bytes(0, 3)));
        Assert.Equal(many.Labels!.Value.Slice(40, 3).ToArray(), few.Labels!.Value.ToArray());
    }

    [Fact]
    public void Factors_are_those_of_the_rendered_image()
    {
        DigitGenerator digits = new(5);
        Dataset set = digits.Generate(200);
        for (int i = 0; i < set.Count; i++)
        {
            DigitFactors factors = digits.Factors(i);
            Assert.Equal(set.Labels!.Value.Span[i], factors.Digit);
            Assert.InRange(factors.Thickness, 1.3, 3.3);
            Assert.InRange(factors.Scale, 0.86, 1.14);
        }
    }

    [Fact]
    public void Other_seed_gives_other_digits() =>
        Assert.NotEqual(new DigitGenerator(0).Generate(10).Sha256, new DigitGenerator(1).Generate(10).Sha256);

    [Fact]
    public void Ink_stays_clear_of_the_border_and_every_class_appears()
    {
        Dataset set = new DigitGenerator(0).Generate(2000);
        int border = 0;
        double ink = 0;
        for (int i = 0; i < set.Count; i++)
        {
            ReadOnlySpan<byte> image = set.Bytes(i, 1);
            for (int k = 0; k < 28; k++)
                if ((image[k] | image[27 * 28 + k] | image[k * 28] | image[k * 28 + 27]) != 0) border++;
            foreach (byte level in image) ink += level / 255.0;
        }

        Assert.Equal(10, set.Labels!.Value.ToArray().Distinct().Count());
        Assert.InRange(border, 0, 20);
        Assert.InRange(ink / set.Count / 784, 0.09, 0.16); // MNIST's is 0.13
    }

    [Fact]
    public void Ten_thousand_are_made_in_seconds()
    {
        Stopwatch clock = Stopwatch.StartNew();
        new DigitGenerator(0).Generate(10_000);
        TestContext.Current.SendDiagnosticMessage($"10,000 digits took {clock.ElapsedMilliseconds} ms");
        // about 0.5 s; the bound only catches a lost order of magnitude
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void Contact_sheet_for_people_to_look_at_is_written()
    {
        using TemporaryFolder folder = new();
        string path = Environment.GetEnvironmentVariable("REPARAM_TEST_CONTACT_SHEET") ?? folder.File("digits.png");
        const int columns = 20, rows = 12;
        Dataset set = new DigitGenerator(0).Generate(columns * rows);
        byte[] sheet = new byte[columns * rows * 784];
        for (int i = 0; i < set.Count; i++)
            for (int y = 0; y < 28; y++)
            {
                set.Bytes(i, 1).Slice(y * 28, 28).CopyTo(
                    sheet.AsSpan((i / columns * 28 + y) * columns * 28 + i % columns * 28));
            }

        new PngImage(columns * 28, rows * 28, 1, sheet).Save(path);
        Assert.InRange(new FileInfo(path).Length, 10_000, 200_000);
    }
}
