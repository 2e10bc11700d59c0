using Reparam.Distributions.Bijectors;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions.Bijectors;

/// <summary>
/// Inverses that are searched for or whose formula can lose its digits: y = f(f^-1(y)) for thousands of maps, mild and
/// extreme, and a search that ends for each.
/// </summary>
public sealed class IterativeInverseTests
{
    private const int Maps = 4000;

    [Theory]
    [InlineData(DType.Float64, 1e-13)]
    [InlineData(DType.Float32, 1e-5)]
    public void Map_whose_Newton_steps_fall_into_a_cycle_is_inverted(DType dtype, double tolerance)
    {
        // w u = 9.87; softplus(9.87 + log(e - 1)) - 1 = w u' = 9.411351..., u' = -2.240798...; y = -0.05 + u' tanh(-4.2
        // * -0.05 - 1.17) = 1.61777471.
        var map = new Planar(
            Tensor.From([-2.35], [1]).To(dtype), Tensor.From([-4.2], [1]).To(dtype), Tensor.Scalar(-1.17, dtype));
        Tensor y = map.Forward(Tensor.From([-0.05], [1]).To(dtype)).Y;
        Assert.Equal(1.61777471, y.At(0), 1e-6);
        Assert.Equal(-0.05, map.Inverse(y).X.At(0), tolerance);
    }

    [Theory]
    [InlineData(DType.Float64, 1)]
    [InlineData(DType.Float64, 100)]
    [InlineData(DType.Float64, 1e6)]
    [InlineData(DType.Float32, 1)]
    [InlineData(DType.Float32, 100)]
    [InlineData(DType.Float32, 1e4)]
    public void Planar_maps_are_inverted(DType dtype, double scale)
    {
        Tensor u = Spread([Maps, 3], scale, 1).To(dtype), w = Spread([Maps, 3], scale, 2).To(dtype),
            b = Spread([Maps], scale, 3).To(dtype), y = Spread([Maps, 3], scale, 4).To(dtype);
        var map = new Planar(u, w, b);
        (Tensor x, Tensor logDet) = map.Inverse(y);
        double[] lengths = Norms(w).Zip(Norms(u), (m, n) => 1 + m * (n + 1)).ToArray();
        // The rounding of w . x + b, times |u|.
        RequireRoundTrip(y, map.Forward(x).Y, dtype, i => lengths[i] * (Norm(x, i) + Norm(y, i) + Norm(u, i) + 1));
        Assert.DoesNotContain(logDet.Doubles(), double.IsNaN);
    }

    [Theory]
    [InlineData(DType.Float64, 1)]
    [InlineData(DType.Float64, 50)]
    [InlineData(DType.Float32, 1)]
    [InlineData(DType.Float32, 50)]
    public void Sylvester_maps_are_inverted(DType dtype, double diagonal)
    {
        // A tanh of +-50 is +-1: slopes of exactly 0 and 2.
        Tensor q = Sylvester.OrthonormalByReflections(GradientCheck.Values([Maps, 4, 5], -1, 1, seed: 1), 3).To(dtype);
        Tensor free = GradientCheck.Values([Maps, 3, 3], -diagonal, diagonal, seed: 2),
            other = GradientCheck.Values([Maps, 3, 3], -diagonal, diagonal, seed: 3);
        Tensor r1 = ((free - free.Tril(-1)) * (1 / diagonal) + free.Tril(0) - free.Tril(-1)).To(dtype),
            r2 = ((other - other.Tril(-1)) * (1 / diagonal) + other.Tril(0) - other.Tril(-1)).To(dtype);
        var map = new Sylvester(q, r1, r2, GradientCheck.Values([Maps, 3], -3, 3, seed: 4).To(dtype));
        Tensor y = Spread([Maps, 5], 10, 5).To(dtype);
        (Tensor x, Tensor logDet) = map.Inverse(y);
        RequireRoundTrip(y, map.Forward(x).Y, dtype, i => 20 * (1 + Norm(y, i)));
        Assert.DoesNotContain(logDet.Doubles(), double.IsNaN);
    }

    [Theory]
    [InlineData(DType.Float64, 1)]
    [InlineData(DType.Float64, 4)]
    [InlineData(DType.Float32, 1)]
    [InlineData(DType.Float32, 4)]
    public void Block_neural_autoregressive_maps_are_inverted(DType dtype, double scale)
    {
        const int size = 8, units = 3, batch = 32;
        for (int seed = 0; seed < 20; seed++)
        {
            BlockNeuralAutoregressive map = Block(size, units, scale, seed, dtype, out Tensor outer, out Tensor gate);
            Tensor y = GradientCheck.Values([batch, size], -5, 5, seed: (ulong)(100 + seed)).To(dtype);
            Tensor x = map.Inverse(y).X, again = map.Forward(x).Y;
            double epsilon = Epsilon(dtype);
            for (int i = 0; i < y.Size; i++)
            {
                // A unit in the last place of x, through as many of the layers as make a slope.
                double steepest = Math.Exp(
                    2 * scale) * units * size + outer.Abs().Sum().Item() + 1 / (1 + Math.Exp(gate.At(i % size)));
                Assert.True(Math.Abs(
                    again.At(i) - y.At(i)) <= 4 * epsilon * steepest * (1 + Math.Abs(x.At(i)) + Math.Abs(y.At(i))),
                    $"map {seed}, element {i}: {y.At(i)} became {again.At(i)} by {x.At(i)}");
            }
        }
    }

    [Fact]
    public void Element_whose_slope_nearly_vanishes_is_found_far_away()
    {
        // One element, n(x) = tanh(x), a = sigmoid(gate): y = (1 - a) x + a tanh(x). For y = 3 and gate = 30, 1 - a =
        // 9.4e-14 and x = 2 / (1 - a) = 2.137e13.
        var map = new BlockNeuralAutoregressive(
            [Tensor.Zeros([1, 1], DType.Float64), Tensor.Zeros([1, 1], DType.Float64)],
            [Tensor.Zeros([1], DType.Float64), Tensor.Zeros([1], DType.Float64)], Tensor.From([30.0], [1]));
        double share = 1 / (1 + Math.Exp(-30)), rest = Math.Exp(-30) / (1 + Math.Exp(-30));
        Tensor x = map.Inverse(Tensor.From([3.0], [1])).X;
        Assert.Equal(1, x.At(0) / ((3 - share) / rest), 1e-12);
    }

    [Theory]
    [InlineData(DType.Float64, 1)]
    [InlineData(DType.Float64, 1000)]
    [InlineData(DType.Float32, 1)]
    [InlineData(DType.Float32, 1000)]
    public void Radial_maps_are_inverted(DType dtype, double scale)
    {
        Tensor centre = Spread([Maps, 3], scale, 1).To(dtype), x = Spread([Maps, 3], scale, 4).To(dtype);
        var map = new Radial(centre, Spread([Maps], scale, 2).To(dtype), Spread([Maps], scale, 3).To(dtype));
        // Forwards first: a map whose alpha underflows has a hole about its centre, and no x for a y within it.
        (Tensor y, Tensor logDet) = map.Forward(x);
        (Tensor back, Tensor inverse) = map.Inverse(y);
        Tensor again = map.Forward(back).Y;
        RequireRoundTrip(y, again, dtype, i => 10 * (1 + Norm(y, i) + Norm(centre, i) + Norm(x, i)));
        Assert.DoesNotContain(logDet.Doubles(), double.IsNaN);
        Assert.DoesNotContain(inverse.Doubles(), double.IsNaN);
    }

    [Theory]
    [InlineData(DType.Float64, 1)]
    [InlineData(DType.Float64, 100)]
    [InlineData(DType.Float32, 1)]
    [InlineData(DType.Float32, 100)]
    public void Splines_are_inverted(DType dtype, double scale)
    {
        var spline = new SplineTransformer();
        Tensor numbers = GradientCheck.Values([Maps, spline.Parameters], -scale, scale, seed: 1).To(dtype),
            y = GradientCheck.Values([Maps], -3.5, 3.5, seed: 2).To(dtype);
        (Tensor x, Tensor slope) = spline.Inverse(y, numbers);
        (Tensor again, Tensor forward) = spline.Forward(x, numbers);
        double[] steep = [.. forward.Doubles().Select(Math.Exp)];
        RequireRoundTrip(y, again, dtype, i => 1000 * (1 + steep[i]));
        Assert.DoesNotContain(slope.Doubles(), double.IsNaN);
    }

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    public void Element_that_has_no_root_leaves_the_rest_of_its_batch_as_it_is(DType dtype)
    {
        const int size = 3, batch = 1000, bad = 417;
        Tensor Values(ulong seed, params ReadOnlySpan<int> shape) =>
            GradientCheck.Values(Shape.Create(shape), -2, 2, seed: seed).To(dtype);
        Bijector[] maps =
        [
            new Planar(Values(1, size), Values(2, size), Values(3)),
            new Sylvester(Sylvester.OrthonormalByReflections(Values(4, 3, size), 2), Values(5, 2, 2), Values(6, 2, 2),
                Values(7, 2)),
            Block(size, 2, 1, 8, dtype, out _, out _),
            new Radial(Values(9, size), Values(10), Values(11)),
        ];
        foreach (Bijector map in maps)
        {
            double[] sound = Values(12, batch, size).Doubles(),
                whole = map.Inverse(Tensor.From(sound, [batch, size]).To(dtype)).X.Doubles();
            foreach (double wrong in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
            {
                double[] damaged = [.. sound];
                damaged[bad * size] = wrong;
                double[] x = map.Inverse(Tensor.From(damaged, [batch, size]).To(dtype)).X.Doubles();
                Assert.False(double.IsFinite(x[bad * size]), $"{map.GetType().Name} of {wrong}: {x[bad * size]}");
                for (int i = 0; i < x.Length; i++)
                {
                    if (i / size != bad) Assert.Equal(whole[i], x[i]);
                }
            }
        }
    }

    [Fact]
    public void Map_of_numbers_that_are_not_finite_gives_NaN()
    {
        Tensor y = GradientCheck.Values([5, 2], -2, 2);
        foreach (double wrong in (double[])[double.NaN, double.PositiveInfinity])
        {
            Tensor bad = Tensor.From([wrong, 1], [2]), one = Tensor.Ones([2], DType.Float64),
                offset = Tensor.Scalar(0.1, DType.Float64);
            Assert.All(new Planar(bad, one, offset).Inverse(y).X.Doubles(), v => Assert.False(double.IsFinite(v)));
            Tensor inner = Tensor.Zeros([2, 2], DType.Float64);
            Assert.Contains(new BlockNeuralAutoregressive([inner, inner], [bad, one], one).Inverse(y).LogDet.Doubles()
                .Concat(new BlockNeuralAutoregressive([inner, inner], [one, bad], one).Inverse(y).X.Doubles()),
                v => !double.IsFinite(v));
        }
    }

    [Fact]
    public void Value_that_a_map_flattened_by_underflow_never_takes_has_no_origin()
    {
        // sigmoid(-200) is 0 in Float32, so that y = tanh(x): 0.5 has an origin, 1.5 has none.
        var map = new BlockNeuralAutoregressive([Tensor.Zeros([1, 1]), Tensor.Zeros([1, 1])],
            [Tensor.Zeros([1]), Tensor.Zeros([1])], Tensor.Full([1], 200));
        double[] x = map.Inverse(Tensor.From([0.5f, 1.5f], [2, 1])).X.Doubles();
        Assert.Equal(0.5 * Math.Log(3), x[0], 1e-6);
        Assert.Equal(double.NaN, x[1]);
    }

    private static BlockNeuralAutoregressive Block(
        int size, int units, double scale, int seed, DType dtype, out Tensor outer, out Tensor gate)
    {
        ulong first = 5 * (ulong)seed;
        Tensor inner = GradientCheck.Values([size * units, size], -scale, scale, seed: first + 1).To(dtype);
        outer = GradientCheck.Values([size, size * units], -scale, scale, seed: first + 2).To(dtype);
        gate = GradientCheck.Values([size], -4 * scale, 4 * scale, seed: first + 5).To(dtype);
        return new BlockNeuralAutoregressive(
            [inner, outer],
            [GradientCheck.Values([size * units], -scale, scale, seed: first + 3).To(dtype),
                GradientCheck.Values([size], -scale, scale, seed: first + 4).To(dtype)], gate);
    }

    /// <summary>
    /// Numbers of either sign whose sizes spread over six orders of magnitude up to <paramref name="scale"/>.
    /// </summary>
    private static Tensor Spread(Shape shape, double scale, ulong seed) =>
        GradientCheck.Values(shape, -1, 1,
            seed: seed) * (GradientCheck.Values(shape, -6, 0, seed: seed + 1000) * Math.Log(10)).Exp() * scale;

    private static void RequireRoundTrip(Tensor y, Tensor again, DType dtype, Func<int, double> size)
    {
        int width = y.Rank == 1 ? 1 : y.Shape[^1];
        for (int i = 0; i < y.Size; i++)
        {
            double allowed = 8 * Epsilon(dtype) * size(i / width);
            Assert.True(Math.Abs(again.At(i) - y.At(i)) <= allowed,
                $"map {i / width}, element {i % width}: {y.At(i)} became {again.At(i)}, further than {allowed}");
        }
    }

    private static double Epsilon(DType dtype) => dtype == DType.Float32 ? 1.2e-7 : 2.3e-16;

    private static double[] Norms(Tensor x) => [.. Enumerable.Range(0, x.Size / x.Shape[^1]).Select(i => Norm(x, i))];

    private static double Norm(Tensor x, int row) =>
        Math.Sqrt(Enumerable.Range(row * x.Shape[^1], x.Shape[^1]).Sum(i => x.At(i) * x.At(i)));
}
