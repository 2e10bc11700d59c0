using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;
using Reparam.Tensors.Special;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

/// <summary>The contract on the sphere of so many dimensions.</summary>
public abstract class VonMisesFisherContract(int dimension)
    : ReparameterizedContract<VonMisesFisher>(
        p => new VonMisesFisher(p["direction"], p["concentration"]), $"distributions/von_mises_fisher_{dimension}.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from length in new[] { 1e-10, 1e10 }
        from concentration in new[] { 0, 1e-8, 1, 1e5, 1e8 }
        select new Dictionary<string, Tensor>
        {
            ["direction"] = Tensor.Full([2, dimension], -length, DType.Float64),
            ["concentration"] = Tensor.Full([2], concentration, DType.Float64),
        };
}

public sealed class VonMisesFisherCircleTests() : VonMisesFisherContract(2);

public sealed class VonMisesFisherManyDimensionsTests() : VonMisesFisherContract(12);

public sealed class VonMisesFisherTests() : VonMisesFisherContract(3)
{
    /// <summary>Some implementations hold the concentration at 1 or more, and it collapses there: a gradient has to
    /// come through from nearly uniform to nearly a point, in few dimensions and many.</summary>
    [Theory]
    [InlineData(DType.Float32, 1e-5)]
    [InlineData(DType.Float64, 1e-9)]
    public void Gradients_by_the_concentration_are_alive_from_a_thousandth_to_ten_thousand(
        DType dtype, double tolerance)
    {
        foreach (int m in (int[])[2, 3, 20, 500])
        {
            foreach (double k in (double[])[1e-3, 0.03, 0.5, 1, 7, 300, 1e4])
            {
                const int Draws = 4000;
                Tensor one = Tensor.Full([], k, dtype), many = Tensor.Full([Draws], k, dtype),
                    direction = Tensor.Full([m], 1, dtype);
                double order = 0.5 * m - 1, kept = one.Item(),
                    slope = Tensor.Scalar(kept, DType.Float64).BesselIRatioSlope(order).Item();
                using var tape = new GradientTape();
                var q = new VonMisesFisher(direction, one);
                Assert.Equal(kept, q.Concentration.Item());
                // dKL/dk = k dA/dk.
                double byKL = tape.Gradients(
                    KLDivergence.ClosedForm(q, new HypersphericalUniform(m, dtype: dtype))!, [one])[0].Item();
                Assert.True(Math.Abs(byKL / (kept * slope) - 1) < tolerance,
                    $"KL in {m} dimensions at {k}: {byKL}, not {kept * slope}");
                // d/dk of E[mu . x] = A.
                Tensor cosine = (new VonMisesFisher(direction, many).RSample(new Rng(4)) * new VonMisesFisher(
                    direction, one).Direction).Sum(^1);
                double[] byDraws = tape.Gradients(cosine.Sum(), [many])[0].Doubles();
                // A Float32 draw is rounded before the cosine is taken, and near the pole the gradient is that of the
                // vector's length then: 1e-7 of the angle's own derivative.
                MonteCarlo.RequireMean(
                    slope, byDraws, $"in {m} dimensions at {k}", dtype == DType.Float32 ? 1e-7 : 1e-12);
                Assert.True(MonteCarlo.MeanOf(byDraws).Mean > 0);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(40)]
    public void Angles_follow_their_distribution_and_the_ways_across_are_uniform(int m)
    {
        foreach (double k in (double[])[0, 2, 500])
        {
            using var scope = new TensorScope();
            Tensor direction = GradientCheck.Values([m], -1, 1);
            var q = new VonMisesFisher(direction, Tensor.Full([], k, DType.Float64));
            Tensor x = q.Sample(new Rng(8), [Ecdf.Draws]);
            Assert.Equal(0, MonteCarlo.OfDraws(x, part => part.Square().Sum(^1) - 1).Max(
                e => double.IsNaN(e) ? double.PositiveInfinity : Math.Abs(e)), 1e-14);
            double[] angles = [.. MonteCarlo.OfDraws(x, part => (part * q.Direction).Sum(^1)).Select(
                c => Math.Acos(Math.Clamp(c, -1, 1)))];
            double[] knots = Ecdf.Knots(angles),
                below = [.. knots.Select(a => SpecialFunctions.VonMisesFisherCdf(m, k, a))];
            double distance = Ecdf.Bound(angles, knots, below, below);
            Assert.True(distance < Ecdf.Threshold, $"{m} {k}: {distance}");
            // What is across the direction has mean 0 in every coordinate.
            double[] across = MonteCarlo.OfDraws(
                x, part => part - q.Direction * (part * q.Direction).Sum(^1, keepAxis: true));
            for (int j = 0; j < m; j++)
                MonteCarlo.RequireMean(0, MonteCarlo.Column(across, m, j), $"across {m} {k} {j}");
        }
    }

    [Fact]
    public void A_draw_depends_on_its_datum_and_not_on_the_batch_it_is_in()
    {
        Tensor direction = GradientCheck.Values([6, 4], -1, 1), concentration = GradientCheck.Values([6], 0.5, 90);
        double[] whole = new VonMisesFisher(direction, concentration).Sample(new Rng(3), [2]).Doubles();
        double[] tail = new VonMisesFisher(direction.Slice(0, 4, 2), concentration.Slice(0, 4, 2)).Sample(
            new Rng(3).At(0, firstSample: 4), [2]).Doubles();
        Assert.Equal([.. whole[16..24], .. whole[40..48]], tail);
    }

    [Fact]
    public void Densities_integrate_to_one_over_the_ordinary_sphere()
    {
        // By area: 2 pi times the integral over the cosine, the midpoint rule of 20000 pieces.
        foreach (double k in (double[])[0, 0.1, 3, 40])
        {
            const int Pieces = 20_000;
            Tensor cosine = (Tensor.Arange(Pieces, DType.Float64) + 0.5) * (2.0 / Pieces) - 1,
                sine = (1 - cosine.Square()).Sqrt();
            Tensor x = Tensor.Concat(
                ^1, sine.Reshape([Pieces, 1]), Tensor.Zeros([Pieces, 1], DType.Float64), cosine.Reshape([Pieces, 1]));
            var q = new VonMisesFisher(Tensor.From([0.0, 0, 2], [3]), Tensor.Full([], k, DType.Float64));
            Close.Require(1, q.LogProb(x).Exp().Sum().Item() * 2 * Math.PI * 2 / Pieces, 1e-6, $"{k}");
        }
    }

    [Fact]
    public void No_concentration_is_the_uniform_distribution()
    {
        foreach (int m in (int[])[2, 3, 64])
        {
            Tensor direction = GradientCheck.Values([m], -1, 1), x = GradientCheck.Values([5, m], -1, 1, seed: 2);
            var uniform = new HypersphericalUniform(m, dtype: DType.Float64);
            var q = new VonMisesFisher(direction, Tensor.Zeros([], DType.Float64));
            Close.Require(uniform.LogProb(x).Doubles(), q.LogProb(x).Doubles(), 1e-13, "log_prob");
            Close.Require(uniform.Variance.Doubles(), q.Variance.Doubles(), 1e-13, "variance");
            Assert.Equal(0, KLDivergence.ClosedForm(q, uniform)!.Item());
        }
    }

    [Theory]
    [InlineData(1e7)]
    [InlineData(1e12)]
    [InlineData(1e15)]
    [InlineData(1e20)]
    [InlineData(1e300)]
    public void Great_concentrations_cost_what_they_should(double k)
    {
        // On the sphere of three coordinates the density at the mode is k / (2 pi (1 - e^-2k)), the entropy 1 - log of
        // it.
        var q = new VonMisesFisher(Tensor.From([0.0, 0, 1], [3]), Tensor.Full([], k, DType.Float64));
        double log = Math.Log(k / (2 * Math.PI));
        // Below the expansion's range k itself was rounded: 1e7 of 16 digits.
        double tolerance = k < 1e8 ? 1e-8 : 1e-12;
        Close.Require(log, q.LogProb(q.Mode).Item(), tolerance);
        Close.Require(1 - log, q.Entropy().Item(), tolerance);
        Close.Require(log - 1 + Math.Log(4 * Math.PI),
            KLDivergence.ClosedForm(q, new HypersphericalUniform(3, dtype: DType.Float64))!.Item(), tolerance);
        using var tape = new GradientTape();
        Tensor concentration = Tensor.Full([], k, DType.Float64);
        Close.Require(1 / k, tape.Gradients(
            -new VonMisesFisher(q.Direction, concentration).Entropy(), [concentration])[0].Item() , 1e-6);
    }

    [Fact]
    public void Values_count_by_their_direction_and_the_vector_zero_has_no_density()
    {
        var q = new VonMisesFisher(Tensor.From([1.0, 2, 2], [3]), Tensor.Full([], 5, DType.Float64));
        Tensor x = Tensor.From([0.3, -0.2, 0.9], [3]);
        Close.Require(q.LogProb(x).Item(), q.LogProb(x * 7).Item(), 1e-14);
        Tensor zero = Tensor.Zeros([3], DType.Float64);
        using var tape = new GradientTape();
        Tensor logProb = q.LogProb(zero);
        Assert.Equal(double.NegativeInfinity, logProb.Item());
        Assert.Equal([0, 0, 0], tape.Gradients(logProb, [zero])[0].Doubles());
    }

    [Fact]
    public void What_is_no_direction_or_concentration_is_refused_by_name()
    {
        Tensor direction = Tensor.Ones([2, 3], DType.Float64), k = Tensor.Ones([2], DType.Float64);
        Assert.Contains("direction", Assert.Throws<ArgumentException>(
            () => new VonMisesFisher(Tensor.Zeros([2, 3], DType.Float64), k)).Message, StringComparison.Ordinal);
        Assert.Contains("concentration", Assert.Throws<ArgumentException>(
            () => new VonMisesFisher(direction, -k)).Message, StringComparison.Ordinal);
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => new VonMisesFisher(direction, k / 0)).Message,
            StringComparison.Ordinal);
        Assert.Contains("two coordinates", Assert.Throws<ArgumentException>(
            () => new VonMisesFisher(Tensor.Ones([2, 1], DType.Float64), k)).Message, StringComparison.Ordinal);
        Assert.Contains("broadcast", Assert.Throws<ArgumentException>(
            () => new VonMisesFisher(direction, Tensor.Ones([3], DType.Float64))).Message, StringComparison.Ordinal);
        Assert.Contains("3 coordinates", Assert.Throws<ArgumentException>(
            () => new VonMisesFisher(direction, k).LogProb(Tensor.Ones([4], DType.Float64))).Message,
            StringComparison.Ordinal);
    }
}
