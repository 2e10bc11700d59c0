using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Testing;

/// <summary>
/// What every distribution promises: densities that agree with a reference table, draws that follow from the stream alone, fit the
/// moments and carry no gradient, shapes of sample + batch + event, finite values at extreme parameters.
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

    [Theory]
    [InlineData(DType.Float32, 1e-5)]
    [InlineData(DType.Float64, 1e-9)]
    public void LogProb_entropy_and_mean_agree_with_the_table(DType dtype, double tolerance)
    {
        using var scope = new TensorScope();
        T distribution = Make(dtype);
        Close.Require(Table.Values("log_prob"), distribution.LogProb(Table.Column("value", dtype)).Doubles(), tolerance, "log_prob");
        Close.Require(Table.Values("entropy"), distribution.Entropy().Doubles(), tolerance, "entropy");
        Close.Require(Table.Values("mean"), distribution.Mean.Doubles(), tolerance, "mean");
    }

    [Fact]
    public void LogProb_gradient_by_every_parameter_equals_the_central_difference()
    {
        (string[] names, Tensor[] values) = Named(Table.Parameters(DType.Float64));
        GradientCheck.Require(p => make(Rejoined(names, p)).LogProb(Table.Column("value", DType.Float64)), values);
    }

    [Fact]
    public void Entropy_gradient_by_every_parameter_equals_the_central_difference()
    {
        (string[] names, Tensor[] values) = Named(Table.Parameters(DType.Float64));
        GradientCheck.Require(p => make(Rejoined(names, p)).Entropy(), values);
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
        Assert.Equal(whole, Table.Parameters(DType.Float32).Values.First().Shape);
        Assert.Equal(whole, distribution.Mean.Shape);
        Assert.Equal(distribution.BatchShape, distribution.Entropy().Shape);
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
    public void Sample_has_the_moments_of_the_table(DType dtype) => Assert.Null(MomentProblem(dtype, bias: 0));

    [Fact]
    public void Sample_shifted_by_a_tenth_of_its_deviation_is_noticed() => Assert.NotNull(MomentProblem(DType.Float32, bias: 0.1));

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
            Assert.True(drawn.IsFinite() && logProb.IsFinite() && distribution.Entropy().IsFinite() && distribution.Mean.IsFinite(), which);
            Gradients gradients = tape.Gradients(logProb.Sum(), values);
            for (int i = 0; i < values.Length; i++) Assert.True(gradients[i].IsFinite(), $"gradient by {names[i]} at {which}");
        }
    }

    /// <summary>Names and values of parameters in the same order.</summary>
    protected static (string[] Names, Tensor[] Values) Named(Dictionary<string, Tensor> parameters) => ([.. parameters.Keys], [.. parameters.Values]);

    /// <summary>The inverse of <see cref="Named"/>.</summary>
    protected static Dictionary<string, Tensor> Rejoined(string[] names, Tensor[] values) =>
        names.Zip(values).ToDictionary(p => p.First, p => p.Second);

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
                ?? MonteCarlo.Disagreement(variance[j], column.Select(x => (x - mean[j]) * (x - mean[j])), $"variance of element {j}", rounding);
            if (problem is not null) return problem;
        }

        return null;
    }
}
