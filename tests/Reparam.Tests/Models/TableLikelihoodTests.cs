using Reparam.Models;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Models;

/// <summary>Rows of a table: the sum of the columns' formulas, written out in double, over the observed
/// cells.</summary>
public sealed class TableLikelihoodTests
{
    private static readonly Likelihood[] Columns =
    [
        Likelihood.GaussianColumns, new CategoricalLikelihood(3), Likelihood.Bernoulli,
        CountLikelihood.NegativeBinomial, Likelihood.GaussianColumns, new StudentTLikelihood(4),
        CountLikelihood.Poisson, CountLikelihood.ZeroInflated,
    ];

    // In the order of the blocks: two normals, three logits, one logit, one log-mean, one location, one log-mean, and a
    // log-mean with the log-odds of an extra zero.
    private static readonly double[] Raw = [0.3, -0.4, 0.2, 1.1, -0.5, 0.7, 0.9, -0.2, 0.4, 1.3, -0.6];

    private static readonly double[] Row = [1.2, 2, 1, 3, -0.7, 2.5, 1, 0];

    private static TableDistribution Given(double[] raw, DType dtype = DType.Float64)
    {
        var table = new TableLikelihood(Columns);
        // The learned elements: log_variance, log_dispersion, log_scale; one number for each column.
        Parameter[] learned = [.. table.LearnedElements.Select((e, i) => new Parameter(
            e.Name, Tensor.From([.. Enumerable.Range(0, 8).Select(c => 0.1 * (c + 1) - i)], [8]).To(dtype)))];
        return table.Given(Tensor.From(raw, [1, raw.Length]).To(dtype), [8], learned);
    }

    private static double[] Expected()
    {
        static double Floored(double raw, double floor) => floor + Math.Log(1 + Math.Exp(raw - floor));
        double Normal(double x, double m, double raw)
        {
            double logVariance = Floored(raw, -12);
            return -0.5 * (Math.Log(2 * Math.PI) + logVariance + (x - m) * (x - m) / Math.Exp(logVariance));
        }

        double total = Math.Log(Math.Exp(0.2) + Math.Exp(1.1) + Math.Exp(-0.5));
        double Nb(int k, double m, double r) => LogGamma(k + r) - LogGamma(k + 1) - LogGamma(r)
            + r * Math.Log(r / (r + m)) + k * Math.Log(m / (r + m));
        double scale = Math.Exp(Floored(0.6 - 2, -6)), u = (2.5 + 0.2) / scale, gate = 1 / (1 + Math.Exp(0.6));
        return
        [
            Normal(1.2, 0.3, 0.1), -0.5 - total, -Math.Log(1 + Math.Exp(-0.7)), Nb(3, Math.Exp(0.9), Math.Exp(0.4 - 1)),
            Normal(-0.7, -0.4, 0.5),
            LogGamma(2.5) - LogGamma(2) - 0.5 * Math.Log(4 * Math.PI) - Math.Log(scale) - 2.5 * Math.Log(1 + u * u / 4),
            0.4 - Math.Exp(0.4), Math.Log(gate + (1 - gate) * Math.Exp(Nb(0, Math.Exp(1.3), Math.Exp(0.8 - 1)))),
        ];
    }

    /// <summary>Stirling's series, after a shift to large arguments.</summary>
    private static double LogGamma(double x)
    {
        double shift = 0;
        for (; x < 30; x++) shift -= Math.Log(x);
        return shift + (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + 1 / (12 * x)
            - 1 / (360 * x * x * x) + 1 / (1260 * Math.Pow(x, 5));
    }

    [Fact]
    public void Cells_have_the_formulas_of_their_columns_and_a_row_their_sum()
    {
        TableDistribution given = Given(Raw);
        Tensor row = Tensor.From(Row, [1, 8]), cells = given.ElementLogProb(row);
        double[] expected = Expected();
        for (int c = 0; c < 8; c++) Close.Require(expected[c], cells.At(c), 1e-10, $"column {c}");
        Close.Require(expected.Sum(), given.LogProb(row).Item(), 1e-10);
    }

    [Fact]
    public void Missing_cell_leaves_out_its_term_and_its_gradient()
    {
        double[] expected = Expected();
        for (int missing = 0; missing < 8; missing++)
        {
            double[] cells = [.. Row];
            cells[missing] = double.NaN;
            Close.Require(expected.Sum() - expected[missing],
                Given(Raw).LogProb(Tensor.From(cells, [1, 8])).Item(), 1e-10, $"column {missing}");
        }

        Tensor none = Tensor.From([.. Enumerable.Repeat(double.NaN, 8)], [1, 8]);
        Assert.Equal(0, Given(Raw).LogProb(none).Item());
        using var tape = new GradientTape();
        var table = new TableLikelihood(Columns);
        Parameter[] learned = [.. table.LearnedElements.Select(
            e => new Parameter(e.Name, Tensor.Full([8], 0.1, DType.Float64)))];
        Tensor raw = Tensor.From(Raw, [1, 11]);
        Tensor gradient = tape.Gradients(table.Given(raw, [8], learned).LogProb(none).Sum(), [raw])[0];
        Assert.All(Enumerable.Range(0, 11), i => Assert.Equal(0, gradient.At(i)));
    }

    [Fact]
    public void Gradient_is_that_of_finite_differences()
    {
        Tensor row = Tensor.From([1.2, 2, 1, 3, double.NaN, 2.5, 1, 0], [1, 8]);
        var table = new TableLikelihood(Columns);
        GradientCheck.Require(
            inputs => table.Given(inputs[0], [8], [.. table.LearnedElements.Select(
                e => new Parameter(e.Name, Tensor.Full([8], 0.2, DType.Float64)))]).LogProb(row).Sum(),
            Tensor.From(Raw, [1, 11]));
    }

    [Fact]
    public void Mean_and_draws_lie_in_the_order_of_the_columns()
    {
        TableDistribution given = Given(Raw);
        Assert.Equal([1, 8], given.Mean.Shape);
        Close.Require(0.3, given.Mean.At(0), 1e-12);
        Assert.Equal(1, given.Mean.At(1)); // the category of the largest logit
        Close.Require(Math.Exp(0.9), given.Mean.At(3), 1e-10);
        Close.Require(-0.4, given.Mean.At(4), 1e-12);
        Tensor draws = given.Sample(new Rng(3), [4000]);
        Assert.Equal([4000, 1, 8], draws.Shape);
        double share = Enumerable.Range(0, 4000).Count(k => draws.At(k * 8 + 1) == 1) / 4000.0;
        // The standard error of the share is at most 0.008.
        double expected = Math.Exp(1.1) / (Math.Exp(0.2) + Math.Exp(1.1) + Math.Exp(-0.5));
        Assert.InRange(share, expected - 0.035, expected + 0.035);
        Assert.True(double.IsFinite(given.LogProb(draws).Sum().Item()));
    }

    [Fact]
    public void Bound_with_nothing_missing_is_that_of_the_model_without_flags_to_the_bit()
    {
        Likelihood[] columns = [Likelihood.GaussianColumns, new CategoricalLikelihood(3)];
        var input = new TableInput(new TableLikelihood(columns), [0, 1], new Rng(0));
        var plain = new TableInput(new TableLikelihood(columns), [], new Rng(0));
        Tensor x = Tensor.From([0.5f, 2f, -1f, 0f], [2, 2]);
        Tensor flagged = input.Forward(x);
        Assert.Equal(6, input.Width);
        Assert.Equal(4, plain.Width);
        // The flags are 0, so that their weights add exact zeros to every sum of the first layer.
        for (int row = 0; row < 2; row++)
        {
            for (int i = 0; i < 6; i++)
                Assert.Equal(i < 4 ? plain.Forward(x).At(row * 4 + i) : 0, flagged.At(row * 6 + i));
        }

        Tensor gone = input.Forward(Tensor.From([float.NaN, float.NaN], [1, 2]));
        Assert.Equal([0.0, 0, 0, 0, 1, 1], Enumerable.Range(0, 6).Select(gone.At));
    }

    [Fact]
    public void Wide_category_goes_through_learned_vectors()
    {
        var input = new TableInput(new TableLikelihood([new CategoricalLikelihood(500)]), [], new Rng(0));
        Assert.Equal(50, input.Width);
        Assert.Equal(500 * 50, input.Parameters.Sum(p => p.Value.Size));
    }

    [Fact]
    public void Start_writes_the_scale_of_each_column_to_its_place()
    {
        var table = new TableLikelihood([
            Likelihood.GaussianColumns, new CategoricalLikelihood(3), Likelihood.GaussianColumns,
            CountLikelihood.NegativeBinomial,
        ]);
        Parameter[] learned = [.. table.LearnedElements.Select(
            e => new Parameter(e.Name, Tensor.Full([4], e.Initial, DType.Float64)))];
        double[] bias = new double[table.Outputs([4])];
        table.Start([1.5, 0, -2, 7], [0.5, 1, 3, 2], bias, learned);
        Assert.Equal(1.5, bias[0]);
        Assert.Equal(-2, bias[1]);
        Close.Require(Math.Log(7), bias[5], 1e-12);
        // softplus(raw + 12) - 12 is the log-variance.
        double Variance(int c) => -12 + Math.Log(1 + Math.Exp(learned[0].Value.At(c) + 12));
        Close.Require(2 * Math.Log(0.5), Variance(0), 1e-9);
        Close.Require(2 * Math.Log(3), Variance(2), 1e-9);
        Assert.Equal(0, learned[0].Value.At(1));
    }
}
