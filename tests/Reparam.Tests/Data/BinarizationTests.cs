using Reparam.Data;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Models;

namespace Reparam.Tests.Data;

public sealed class BinarizationTests
{
    private static readonly Dataset Data = SmallModel.Ramps(600);

    [Fact]
    public void Static_draws_are_a_function_of_the_datums_index()
    {
        // 600 data are drawn in groups of 256; a prefix of another length is grouped differently.
        Dataset all = Data.Binarize(Binarization.Static, new Rng(4)),
            first = Data[..300].Binarize(Binarization.Static, new Rng(4));
        Assert.True(all.Bytes(0, 300).SequenceEqual(first.Bytes(0, 300)));
        Assert.False(all.Bytes(0, 600).SequenceEqual(Data.Binarize(Binarization.Static, new Rng(5)).Bytes(0, 600)));
        Assert.Equal(DataKind.Binary, all.Kind);
    }

    [Theory]
    [InlineData(Binarization.Static)]
    [InlineData(Binarization.Dynamic)]
    public void Draws_have_the_probability_of_the_level(Binarization binarization)
    {
        // One set of each of five levels; 40,000 draws a level.
        foreach (byte level in new byte[] { 0, 1, 77, 254, 255 })
        {
            using var scope = new TensorScope();
            byte[] levels = new byte[40_000];
            Array.Fill(levels, level);
            Dataset flat = Dataset.FromBytes("flat", [100], levels, DataKind.Grey);
            double[] drawn = new BatchReader(flat, binarization, new Rng(8)).Read(0, 400, new Rng(9)).Doubles();
            Assert.All(drawn, x => Assert.True(x is 0 or 1));
            MonteCarlo.RequireMean(level / 255.0, drawn, $"level {level}");
        }
    }

    [Fact]
    public void Dynamic_draws_differ_by_step_and_follow_from_the_step_and_the_place_alone()
    {
        var reader = new BatchReader(Data, Binarization.Dynamic, new Rng(1));
        var rng = new Rng(2);
        double[] whole = reader.Read(0, 64, rng.At(5)).Doubles();
        Assert.NotEqual(whole, reader.Read(0, 64, rng.At(6)).Doubles());
        Assert.Equal(whole, reader.Read(0, 64, rng.At(5)).Doubles());
        // The same places in a smaller batch, and the rest of it as a batch of its own.
        Assert.Equal(whole[..(40 * 16)], reader.Read(0, 40, rng.At(5)).Doubles());
        Assert.Equal(whole[(40 * 16)..], reader.Read(40, 24, rng.At(5, 40)).Doubles());
    }

    [Fact]
    public void Dynamic_draws_do_not_depend_on_threads()
    {
        int threads = Execution.Threads;
        try
        {
            double[][] draws = [.. new[] { 1, 2, 3 }.Select(n =>
            {
                Execution.Threads = n;
                return new BatchReader(Data, Binarization.Dynamic, new Rng(1)).Read(0, 600, new Rng(2).At(3)).Doubles();
            })];
            Assert.Equal(draws[0], draws[1]);
            Assert.Equal(draws[0], draws[2]);
        }
        finally
        {
            Execution.Threads = threads;
        }
    }

    [Fact]
    public void Threshold_takes_no_noise()
    {
        Dataset binary = Data.Binarize(Binarization.Threshold, new Rng(1));
        ReadOnlySpan<byte> levels = Data.Bytes(0, 600), digits = binary.Bytes(0, 600);
        for (int i = 0; i < levels.Length; i++) Assert.Equal(levels[i] >= 128 ? 1 : 0, digits[i]);
    }

    [Fact]
    public void Real_numbers_are_refused() => Assert.Throws<ArgumentException>(
        () => Dataset.FromValues("real", [2], [0.5f, 0.5f]).Binarize(Binarization.Static, new Rng(1)));
}
