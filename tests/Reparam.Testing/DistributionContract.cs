using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Testing;

/// <summary>
/// What every distribution promises: densities that agree with a reference table, draws that follow from the stream
/// alone, fit the moments and carry no gradient, shapes of sample + batch + event, finite values at extreme parameters.
/// </summary>
/// <param name="make">Builds the distribution from named parameters.</param>
/// <param name="table">The reference table in tests/data.</param>
public abstract class DistributionContract<T>(Func<IReadOnlyDictionary<string, Tensor>, T> make, string table)
    where T : Distribution
{
    private const int Draws = 20_000;

    /// <summary>Parameters at the ends of what must stay finite, in Float64; tested in both element types.</summary>
    protected abstract IEnumerable<Dictionary<string, Tensor>> Extremes { get; }

    /// <summary>The reference table.</summary>
    protected ReferenceTable Table { get; } = ReferenceTable.Load(table);

    /// <summary>The distribution of the table.</summary>
    protected T Make(DType dtype) => make(Table.Parameters(dtype));

    /// <summary>The distribution of other parameters.</summary>
    protected T Make(IReadOnlyDictionary<string, Tensor> parameters) => make(parameters);

    /// <summary>Whether the table has a mean and a finite variance, so that draws can be held against them.</summary>
    protected bool HasFiniteMoments =>
        Table.Has("mean") && Table.Has("variance") && Table.Values("variance").All(double.IsFinite);

    /// <summary>Parameters that no derivative is taken by: whole numbers.</summary>
    protected virtual IReadOnlyCollection<string> WholeNumbers => [];

    [Theory]
    [InlineData(DType.Float32, 1e-5)]
    [InlineData(DType.Float64, 1e-9)]
    public void LogProb_entropy_moments_mode_and_Cdf_agree_with_the_table(DType dtype, double tolerance)
    {
        using var scope = new TensorScope();
        T distribution = Make(dtype);
        Close.Require(Table.Values("log_prob"), distribution.LogProb(Table.Column("value", dtype)).Doubles(), tolerance,
            "log_prob");
        RequireColumn("entropy", tolerance, distribution.Entropy);
        RequireColumn("mean", tolerance, () => distribution.Mean);
        RequireColumn("variance", tolerance, () => distribution.Variance);
        if (Table.Has("mode")) RequireColumn("mode", tolerance, () => distribution.Mode);
        if (Table.Has("cdf")) RequireColumn("cdf", tolerance, () => distribution.Cdf(Table.Column("value", dtype)));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Shapes_alone_take_the_same_memory(DType dtype)
    {
        (string[] names, Tensor[] values) = Named(Table.Parameters(dtype));
        Tensor value = Table.Column("value", dtype);
        ShapeCheck.Require("log_prob", p => [make(Rejoined(names, p[1..])).LogProb(p[0])], [value, .. values]);
        ShapeCheck.Require("sample", p => [make(Rejoined(names, p)).Sample(new Rng(5), [3])], values);
        if (Table.Has("entropy")) ShapeCheck.Require("entropy", p => [make(Rejoined(names, p)).Entropy()], values);
        if (Table.Has("mean")) ShapeCheck.Require("mean", p => [make(Rejoined(names, p)).Mean], values);
    }

    [Fact]
    public void Cdf_gradient_by_value_and_every_parameter_equals_the_central_difference()
    {
        if (!Table.Has("cdf") || IsDiscrete) return;
        (string[] names, Tensor[] values) = Named(Table.Parameters(DType.Float64));
        // In the middle: beyond the support there is nothing to differentiate.
        Tensor value = Middle();
        GradientCheck.Require(p => make(Rejoined(names, p[1..])).Cdf(p[0]), [value, .. values]);
    }

    [Fact]
    public void InverseCdf_of_the_Cdf_is_the_value()
    {
        if (!Table.Has("cdf") || IsDiscrete) return;
        T distribution = Make(DType.Float64);
        Tensor probability = Tensor.From([0.001, 0.02, 0.3, 0.5, 0.75, 0.98, 0.999],
            Shape.Create([7, .. Enumerable.Repeat(1, distribution.BatchShape.Rank)]));
        Tensor quantile;
        try
        {
            quantile = distribution.InverseCdf(probability);
        }
        catch (NotSupportedException)
        {
            return; // it says that there is no formula
        }

        Close.Require(probability.BroadcastTo(quantile.Shape).Doubles(), distribution.Cdf(quantile).Doubles(), 1e-9,
            "Cdf(InverseCdf(p))");
    }

    [Fact]
    public void Density_integrates_to_the_Cdf()
    {
        if (!Table.Has("cdf") || IsDiscrete) return;
        T distribution = Make(DType.Float64);
        // Between each of its own draws and the next, by Gauss-Legendre quadrature: pieces are short where the density
        // is high.
        double[] draws = distribution.Sample(new Rng(9), [400]).Doubles();
        int size = distribution.BatchShape.Size;
        double[][] sorted =
            [.. Enumerable.Range(0, size).Select(j => MonteCarlo.Column(draws, size, j).Order().ToArray())];
        Tensor Edge(int i) => Tensor.From([.. sorted.Select(column => column[i])], distribution.BatchShape);
        Tensor expected = distribution.Cdf(Edge(380)) - distribution.Cdf(Edge(20)),
            integral = Tensor.Zeros(distribution.BatchShape, DType.Float64);
        double[] nodes = [-0.9061798459386640, -0.5384693101056831, 0, 0.5384693101056831, 0.9061798459386640];
        double[] weights = [0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665,
            0.2369268850561891];
        for (int piece = 20; piece < 380; piece++)
        {
            Tensor a = Edge(piece), half = (Edge(piece + 1) - a) * 0.5;
            for (int k = 0; k < nodes.Length; k++)
                integral += distribution.LogProb(a + half * (1 + nodes[k])).Exp() * half * weights[k];
        }

        // A kink, such as a Laplace's at its location, costs up to the square of its piece's share; smooth densities
        // agree to 1e-9.
        Close.Require(expected.Doubles(), integral.Doubles(), 1e-4, "integral");
    }

    [Fact]
    public void Masses_of_all_values_sum_to_one()
    {
        if (!IsDiscrete) return;
        T distribution = Make(DType.Float64);
        Tensor values;
        try
        {
            values = distribution.EnumerateSupport();
        }
        catch (NotSupportedException)
        {
            if (distribution.EventShape.Rank > 0) return;
            values = Tensor.Arange(3000, DType.Float64).Reshape(
                Shape.Create([3000, .. Enumerable.Repeat(1, distribution.BatchShape.Rank)]));
        }

        Assert.All(distribution.LogProb(values).LogSumExp(0).Doubles(), total => Assert.Equal(0, total, 1e-9));
    }

    /// <summary>Draws of one batch member and the exact probabilities of being at or below each, for families with a
    /// Cdf.</summary>
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Sample_follows_the_cumulative_distribution(DType dtype)
    {
        if (!Table.Has("cdf")) return;
        using var scope = new TensorScope();
        T distribution = Make(dtype);
        double[] values = distribution.Sample(new Rng(41), [Ecdf.Draws]).Doubles();
        int size = distribution.BatchShape.Size;
        double[][] knots = [.. Enumerable.Range(0, size).Select(j => Ecdf.Knots(MonteCarlo.Column(values, size, j)))];
        int count = knots[0].Length;
        double[] rows = [.. Enumerable.Range(0, count * size).Select(i => knots[i % size][i / size])];
        Tensor at = Tensor.From(rows, Shape.Create([count, .. distribution.BatchShape.AsSpan()])).To(dtype);
        double[] below = distribution.Cdf(at).Doubles(), before = IsDiscrete
            ? distribution.Cdf(at - 1).Doubles() : below;
        for (int j = 0; j < size; j++)
        {
            double distance = Ecdf.Bound(
                MonteCarlo.Column(values, size, j), knots[j], [.. MonteCarlo.Column(below, size, j)],
                [.. MonteCarlo.Column(before, size, j)]);
            Assert.True(distance < Ecdf.Threshold, $"member {j}: distance {distance}");
        }
    }

    [Fact]
    public void LogProb_gradient_by_every_parameter_equals_the_central_difference()
    {
        Tensor[] values = Smooth(out Func<Tensor[], T> build);
        GradientCheck.Require(p => Finite(build(p).LogProb(Table.Column("value", DType.Float64))), values);
    }

    [Fact]
    public void Entropy_gradient_by_every_parameter_equals_the_central_difference()
    {
        if (!Table.Has("entropy")) return;
        Tensor[] values = Smooth(out Func<Tensor[], T> build);
        GradientCheck.Require(p => build(p).Entropy(), values);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Sample_from_the_same_stream_has_the_same_bits(DType dtype)
    {
        T distribution = Make(dtype);
        double[] first = distribution.Sample(new Rng(5), [7]).Doubles();
        Assert.Equal(first, distribution.Sample(new Rng(5), [7]).Doubles());
        Assert.NotEqual(first, distribution.Sample(new Rng(6), [7]).Doubles());
        var advancing = new Rng(5);
        distribution.Sample(advancing, [7]);
        Assert.NotEqual(first, distribution.Sample(advancing, [7]).Doubles());
    }

    [Fact]
    public void Sample_carries_no_gradient()
    {
        (string[] names, Tensor[] values) = Named(Table.Parameters(DType.Float32));
        using var tape = new GradientTape();
        Gradients gradients = tape.Gradients(make(Rejoined(names, values)).Sample(new Rng(1), [3]).Sum(), values);
        for (int i = 0; i < values.Length; i++) Assert.All(gradients[i].Doubles(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void Shapes_are_sample_plus_batch_plus_event()
    {
        T distribution = Make(DType.Float32);
        Shape whole = distribution.BatchShape + distribution.EventShape;
        Assert.Equal(whole, Table.Column("value", DType.Float32).Shape[1..]);
        if (Table.Has("mean")) Assert.Equal(whole, distribution.Mean.Shape);
        if (Table.Has("variance")) Assert.Equal(whole, distribution.Variance.Shape);
        if (Table.Has("entropy")) Assert.Equal(distribution.BatchShape, distribution.Entropy().Shape);
        foreach (Shape sample in new Shape[] { [], [4], [4, 3] })
        {
            Tensor drawn = distribution.Sample(new Rng(1), sample);
            Assert.Equal(sample + whole, drawn.Shape);
            Assert.Equal(DType.Float32, drawn.DType);
            Assert.Equal(sample + distribution.BatchShape, distribution.LogProb(drawn).Shape);
        }
    }

    [Fact]
    public void LogProb_broadcasts_one_event_over_the_batch()
    {
        T distribution = Make(DType.Float64);
        Shape whole = distribution.BatchShape + distribution.EventShape;
        double[] all = distribution.Sample(new Rng(3)).Doubles();
        Tensor one = Tensor.From(all.AsSpan(0, distribution.EventShape.Size), distribution.EventShape);
        Assert.Equal(distribution.LogProb(one.BroadcastTo(whole)).Doubles(), distribution.LogProb(one).Doubles());
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Sample_has_the_moments_of_the_table(DType dtype)
    {
        if (HasFiniteMoments) Assert.Null(MomentProblem(dtype, bias: 0));
    }

    [Fact]
    public void Sample_shifted_by_a_tenth_of_its_deviation_is_noticed()
    {
        if (HasFiniteMoments) Assert.NotNull(MomentProblem(DType.Float32, bias: 0.1));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Extreme_parameters_give_finite_values_and_gradients(DType dtype)
    {
        foreach (Dictionary<string, Tensor> extreme in Extremes)
        {
            (string[] names, Tensor[] values) = Named(extreme.ToDictionary(p => p.Key, p => p.Value.To(dtype)));
            string which = string.Join(", ", names.Zip(values, (n, v) => $"{n} {v}"));
            using var tape = new GradientTape();
            T distribution = make(Rejoined(names, values));
            Tensor drawn = distribution.Sample(new Rng(2), [5]);
            Tensor logProb = distribution.LogProb(drawn);
            Assert.True(drawn.IsFinite(), $"draw at {which}: {drawn}");
            Assert.True(logProb.IsFinite(), $"log_prob at {which}: {logProb} of {drawn}");
            Assert.True(!Table.Has("entropy") || distribution.Entropy().IsFinite(), $"entropy at {which}");
            Gradients gradients = tape.Gradients(logProb.Sum(), values);
            for (int i = 0; i < values.Length; i++)
                Assert.True(gradients[i].IsFinite(), $"gradient by {names[i]} at {which}");
        }
    }

    /// <summary>Names and values of parameters in the same order.</summary>
    protected static (string[] Names, Tensor[] Values) Named(Dictionary<string, Tensor> parameters) =>
        ([.. parameters.Keys], [.. parameters.Values]);

    /// <summary>The inverse of <see cref="Named"/>.</summary>
    protected static Dictionary<string, Tensor> Rejoined(string[] names, Tensor[] values) =>
        names.Zip(values).ToDictionary(p => p.First, p => p.Second);

    /// <summary>The real parameters of the table, and the distribution of them.</summary>
    protected Tensor[] Smooth(out Func<Tensor[], T> build)
    {
        Dictionary<string, Tensor> all = Table.Parameters(DType.Float64);
        string[] names = [.. all.Keys.Except(WholeNumbers)];
        build = values =>
        {
            var parameters = new Dictionary<string, Tensor>(all);
            for (int i = 0; i < names.Length; i++) parameters[names[i]] = values[i];
            return make(parameters);
        };
        return [.. names.Select(name => all[name])];
    }

    private bool IsDiscrete => Make(DType.Float64).Support.IsDiscrete;

    /// <summary>The value of the table nearest to the middle everywhere, but not the median, where a density may have a
    /// kink.</summary>
    private Tensor Middle()
    {
        Tensor values = Table.Column("value", DType.Float64);
        double[] cdf = Table.Values("cdf");
        int size = values.Size / values.Shape[0];
        int row = Enumerable.Range(0, values.Shape[0]).MinBy(
            r => cdf.AsSpan(r * size, size).ToArray().Max(p => Math.Abs(p - 0.35)));
        return values.Slice(0, row, 1).Reshape(values.Shape[1..]);
    }

    /// <summary>A density with 0 for what it rules out, for comparison of derivatives.</summary>
    protected static Tensor Finite(Tensor logProb) =>
        Tensor.Where(Tensor.Less(Tensor.Scalar(double.NegativeInfinity, logProb.DType), logProb), logProb, 0);

    /// <summary>A property of the table agrees; one that the table lacks has no closed form, and the library says
    /// so.</summary>
    private void RequireColumn(string column, double tolerance, Func<Tensor> actual)
    {
        if (Table.Has(column)) Close.Require(Table.Values(column), actual().Doubles(), tolerance, column);
        else Assert.Throws<NotSupportedException>(actual);
    }

    private string? MomentProblem(DType dtype, double bias)
    {
        using var scope = new TensorScope();
        double[] mean = Table.Values("mean"), variance = Table.Values("variance");
        double[] drawn = Make(dtype).Sample(new Rng(17), [Draws]).Doubles();
        // Float32 draws round by up to half an ulp of 2^8; that is far below any standard error here.
        double rounding = dtype == DType.Float32 ? 1e-6 : 1e-12;
        for (int j = 0; j < mean.Length; j++)
        {
            double shift = bias * Math.Sqrt(variance[j]);
            double[] column = [.. MonteCarlo.Column(drawn, mean.Length, j).Select(x => x + shift)];
            string? problem = MonteCarlo.Disagreement(mean[j], column, $"mean of element {j}", rounding)
                ?? MonteCarlo.Disagreement(variance[j], column.Select(x => (x - mean[j]) * (x - mean[j])),
                    $"variance of element {j}", rounding);
            if (problem is not null) return problem;
        }

        return null;
    }
}
