using Reparam.Data;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Data;

public sealed class StandardizationTests
{
    private static readonly Dataset Table = Dataset.FromValues(
        "table", [3], [1, 10, 5, 2, 20, 5, 4, 20, 5, 9, 50, 5], [0, 1, 0, 1]);

    [Fact]
    public void Columns_come_to_mean_0_and_variance_1_and_back()
    {
        // Means 4, 25, 5; variances (9 + 4 + 0 + 25) / 4 = 9.5, (225 + 25 + 25 + 625) / 4 = 225 and 0.
        var fitted = Standardization.Fit(Table, byChannel: false, out int constant);
        Assert.Equal([4, 25, 5], fitted.Mean);
        Assert.Equal([Math.Sqrt(9.5), 15, 1], fitted.Scale);
        Assert.Equal(1, constant);
        Assert.Equal(0.5 * Math.Log(9.5) + Math.Log(15), fitted.LogScale, 1e-14);
        Dataset standardised = fitted.Apply(Table);
        Assert.Equal([(float)(-3 / Math.Sqrt(9.5)), -1, 0], standardised.Values(0, 1).ToArray());
        Assert.Equal([0, 1, 0, 1], standardised.Labels!.Value.ToArray());
        Tensor back = fitted.Undo(Tensor.From(standardised.Values(0, 4).ToArray(), [2, 2, 3]));
        for (int i = 0; i < 12; i++) Assert.Equal(Table.Values(0, 4)[i], back.At(i), 1e-6);
    }

    [Fact]
    public void Channels_share_a_mean_and_a_scale_over_their_pixels()
    {
        // Channel 0 has 0, 2, 4, 6: mean 3, variance (9 + 1 + 1 + 9) / 4 = 5. Channel 1 has 10 everywhere.
        Dataset images = Dataset.FromValues("images", [2, 1, 2], [0, 2, 10, 10, 4, 6, 10, 10]);
        var fitted = Standardization.Fit(images, byChannel: true, out int constant);
        Assert.Equal([3, 3, 10, 10], fitted.Mean);
        Assert.Equal([Math.Sqrt(5), Math.Sqrt(5), 1, 1], fitted.Scale);
        Assert.Equal(1, constant);
        Assert.Throws<ArgumentException>(() => Standardization.Fit(Table, byChannel: true));
    }

    [Fact]
    public void Density_of_the_data_is_that_of_the_standardised_less_the_log_scale()
    {
        // N(x; 25, 15^2) at 40, by its formula, beside N(1; 0, 1).
        double raw = -0.5 * Math.Log(2 * Math.PI) - Math.Log(15) - 0.5, standard = -0.5 * Math.Log(2 * Math.PI) - 0.5;
        Assert.Equal(
            raw, standard - Standardization.Fit(Dataset.FromValues("one", [1], [10, 20, 20, 50])).LogScale, 1e-14);
    }

    [Fact]
    public void Digits_are_not_lost_to_a_large_mean()
    {
        // 10,000,000 + (0, 1, 2, 3): the variance is 1.25, and squares of 1e14 would drown it in single precision.
        var fitted = Standardization.Fit(
            Dataset.FromValues("far", [1], [10_000_000, 10_000_001, 10_000_002, 10_000_003]));
        Assert.Equal(Math.Sqrt(1.25), fitted.Scale[0], 1e-12);
        // What a constant of 1e8 / 3 varies by in its last bit is no scale.
        Standardization.Fit(Dataset.FromValues("nearly", [1], [33_333_332, 33_333_334]), false, out int constant);
        Assert.Equal(1, constant);
    }

    [Fact]
    public void File_brings_back_the_same_bits_and_a_damaged_one_is_refused()
    {
        using TemporaryFolder folder = new();
        var fitted = Standardization.Fit(Table);
        fitted.Save(folder.File("s.json"));
        var back = Standardization.Load(folder.File("s.json"));
        Assert.Equal(fitted.Mean, back.Mean);
        Assert.Equal(fitted.Scale, back.Scale);
        Assert.Equal(fitted.LogScale, back.LogScale);
        Assert.Equal(Table.EventShape, back.EventShape);
        foreach (string bad in (string[])["", "{}", "[1]", "{\"shape\":[1],\"mean\":[0],\"scale\":[0]}",
            "{\"shape\":[2],\"mean\":[0],\"scale\":[1]}", "{\"shape\":[1],\"mean\":[\"x\"],\"scale\":[1]}"])
        {
            File.WriteAllText(folder.File("bad.json"), bad);
            Assert.Throws<InvalidModelException>(() => Standardization.Load(folder.File("bad.json")));
        }

        Assert.Throws<FileNotFoundException>(() => Standardization.Load(folder.File("none.json")));
    }

    [Fact]
    public void Other_shapes_are_refused()
    {
        var fitted = Standardization.Fit(Table);
        Assert.Throws<ArgumentException>(() => fitted.Apply(Dataset.FromValues("two", [2], [1, 2])));
        Assert.Throws<ArgumentException>(() => fitted.Undo(Tensor.Zeros([2, 2])));
    }
}
