using Reparam.Distributions.Bijectors;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions.Bijectors;

public sealed class PlanarTests() : BijectorContract(
    p => new Planar(p[0], p[1], p[2]), [GradientCheck.Values([4], -2, 2, seed: 2), GradientCheck.Values(
        [4], -2, 2, seed: 3), GradientCheck.Values([], 0.2, 0.5, seed: 4)], GradientCheck.Values([5, 4], -2, 2));

public sealed class PlanarForEachDatumTests() : BijectorContract(
    p => new Planar(p[0], p[1], p[2]), [GradientCheck.Values([5, 3], -3, 3, seed: 2), GradientCheck.Values(
        [5, 3], -3, 3, seed: 3), GradientCheck.Values([5], -1, 1, seed: 4)], GradientCheck.Values([5, 3], -2, 2));

public sealed class RadialTests() : BijectorContract(
    p => new Radial(p[0], p[1], p[2]), [GradientCheck.Values([3], -1, 1, seed: 2), GradientCheck.Values(
        [5], -1, 1, seed: 3), GradientCheck.Values([5], -3, 3, seed: 4)], GradientCheck.Values([5, 3], -2, 2));

public sealed class HouseholderTests() : BijectorContract(
    p => new Householder(p[0]), [GradientCheck.Values([4], -2, 2, seed: 2)], GradientCheck.Values([5, 4], -2, 2));

public sealed class LowerTriangularTests() : BijectorContract(
    p => new LowerTriangular(p[0], p[1]), [GradientCheck.Values([3], -1, 1, seed: 2),
        Tensor.From([0.5, 0, 0, -1, 2, 0, 0.3, 0.7, 1.5], [3, 3])], GradientCheck.Values([4, 3], -2, 2));

public sealed class LULinearTests() : BijectorContract(
    p => new LULinear(new Permute(2, 0, 1), p[0], p[1], p[2], p[3]),
    [GradientCheck.Values([3, 3], -1, 1, seed: 2), GradientCheck.Values([3, 3], -1, 1, seed: 3),
        GradientCheck.Values([3], -0.5, 0.5, seed: 4), GradientCheck.Values([3], -1, 1, seed: 5)],
    GradientCheck.Values([4, 3], -2, 2));

public sealed class SylvesterTests() : BijectorContract(
    p => new Sylvester(Sylvester.OrthonormalByReflections(p[0], 3), p[1], p[2], p[3]),
    [GradientCheck.Values([4, 5], -1, 1, seed: 2), GradientCheck.Values([3, 3], -2, 2, seed: 3),
        GradientCheck.Values([3, 3], -2, 2, seed: 4), GradientCheck.Values([3], -1, 1, seed: 5)],
    GradientCheck.Values([4, 5], -2, 2));

public sealed class SylvesterForEachDatumTests() : BijectorContract(
    p => new Sylvester(Sylvester.OrthonormalByReflections(p[0], 2), p[1], p[2], p[3]),
    [GradientCheck.Values([4, 2, 3], -1, 1, seed: 2), GradientCheck.Values([4, 2, 2], -2, 2, seed: 3),
        GradientCheck.Values([4, 2, 2], -2, 2, seed: 4), GradientCheck.Values([4, 2], -1, 1, seed: 5)],
    GradientCheck.Values([4, 3], -2, 2))
{
    [Fact]
    public void Reflections_give_orthonormal_columns()
    {
        Tensor q = Sylvester.OrthonormalByReflections(GradientCheck.Values([2, 8, 6], -1, 1), 4);
        Tensor product = Tensor.BatchMatMul(q, q, transposeA: true);
        Close.Require([.. Tensor.Eye(4, DType.Float64).Doubles(), .. Tensor.Eye(4, DType.Float64).Doubles()],
            product.Doubles(), 1e-14);
    }
}

public sealed class AffineCouplingTests() : BijectorContract(
    p => new Coupling(2, x => Tensor.Linear(x, p[0], p[1]).Tanh(), new AffineTransformer()),
    [GradientCheck.Values([6, 2], -1, 1, seed: 2), GradientCheck.Values([6], -1, 1, seed: 3)],
    GradientCheck.Values([4, 5], -2, 2));

public sealed class SplineCouplingTests() : BijectorContract(
    // Free numbers around 1 bend the splines visibly; arguments lie inside and outside the box.
    p => new Coupling(1, x => Tensor.Linear(x, p[0], p[1]), new SplineTransformer(bins: 5, bound: 2)),
    [GradientCheck.Values([28, 1], -1, 1, seed: 2), GradientCheck.Values([28], -1, 1, seed: 3)],
    GradientCheck.Values([12, 3], -2.5, 2.5))
{
    protected override double RoundTrip => 1e-8;
}

/// <summary>A conditioner that is autoregressive by construction: numbers of element i are linear in the elements
/// before i.</summary>
internal static class StrictlyLower
{
    public static Func<Tensor, Tensor> Of(Tensor weights, Tensor bias)
    {
        // weights [P, D, D]: for each of P numbers a strictly lower triangle.
        int count = weights.Shape[0];
        return x => Tensor.Concat(^1, [.. Enumerable.Range(0, count).Select(k =>
        {
            Tensor w = weights.Slice(0, k, 1).Reshape(weights.Shape[1..]).Tril(-1);
            Tensor y = Tensor.Linear(x, w) + bias.Slice(0, k, 1).Reshape(bias.Shape[1..]);
            return y.Reshape(y.Shape + [1]);
        })]);
    }
}

public sealed class InverseAutoregressiveTests() : BijectorContract(
    p => Autoregressive.OnInputs(StrictlyLower.Of(p[0], p[1]), new AffineTransformer()),
    [GradientCheck.Values([2, 4, 4], -0.5, 0.5, seed: 2), GradientCheck.Values([2, 4], -0.5, 0.5, seed: 3)],
    GradientCheck.Values([3, 4], -1, 1));

public sealed class MaskedAutoregressiveTests() : BijectorContract(
    p => Autoregressive.OnOutputs(StrictlyLower.Of(p[0], p[1]), new AffineTransformer()),
    [GradientCheck.Values([2, 4, 4], -0.5, 0.5, seed: 2), GradientCheck.Values([2, 4], -0.5, 0.5, seed: 3)],
    GradientCheck.Values([3, 4], -1, 1));

public sealed class SplineTransformerTests
{
    [Fact]
    public void Value_slope_and_gradients_are_finite_at_knots_at_the_ends_and_far_outside()
    {
        var spline = new SplineTransformer(bins: 4, bound: 3);
        // With free numbers 0 the knots lie at -3, -1.5, 0, 1.5, 3.
        Tensor x = Tensor.From([-1e30, -1e4, -3, -1.5, 0, 1.5, 3, 3.0000001, 1e4, 1e30], [10]),
            free = Tensor.Zeros([10, spline.Parameters], DType.Float64);
        foreach (DType dtype in Enum.GetValues<DType>())
        {
            using var tape = new GradientTape();
            Tensor at = x.To(dtype), numbers = free.To(dtype);
            foreach (
                (Tensor value, Tensor logSlope) in new[] { spline.Forward(at, numbers), spline.Inverse(at, numbers) })
            {
                Assert.True(value.IsFinite() && logSlope.IsFinite(), $"{value} {logSlope}");
                Gradients gradients = tape.Gradients((value / (1 + at.Abs())).Sum() + logSlope.Sum(), [at, numbers]);
                Assert.True(gradients[0].IsFinite() && gradients[1].IsFinite(), $"{gradients[0]}");
                Close.Require(at.Doubles(), value.Doubles(), dtype == DType.Float32 ? 1e-6 : 1e-12,
                    "the identity where all numbers are 0");
            }
        }
    }

    [Fact]
    public void Slope_at_zero_numbers_is_one() =>
        Assert.All(new SplineTransformer().Forward(GradientCheck.Values([20], -4, 4),
            Tensor.Zeros([20, 23], DType.Float64)).LogSlope.Doubles(), s => Assert.Equal(0, s, 1e-12));
}

public sealed class BlockNeuralAutoregressiveTests() : BijectorContract(
    p => new BlockNeuralAutoregressive([p[0], p[1]], [p[2], p[3]], p[4]),
    [
        GradientCheck.Values([6, 3], -1, 1, seed: 2), GradientCheck.Values([3, 6], -1, 1, seed: 3),
        GradientCheck.Values([6], -1, 1, seed: 4), GradientCheck.Values([3], -1, 1, seed: 5),
        GradientCheck.Values([3], -2, 2, seed: 6),
    ],
    GradientCheck.Values([4, 3], -2, 2))
{
    [Fact]
    public void Element_depends_on_those_up_to_it_and_grows_with_itself()
    {
        var map = new BlockNeuralAutoregressive(
            [GradientCheck.Values([6, 3], -1, 1, seed: 2), GradientCheck.Values([3, 6], -1, 1, seed: 3)],
            [GradientCheck.Values([6], -1, 1, seed: 4), GradientCheck.Values([3], -1, 1, seed: 5)],
            GradientCheck.Values([3], -2, 2, seed: 6));
        for (int output = 0; output < 3; output++)
        {
            using var tape = new GradientTape();
            Tensor x = GradientCheck.Values([3], -1, 1);
            double[] slope = tape.Gradients(map.Forward(x).Y.Slice(0, output, 1).Sum(), [x])[0].Doubles();
            Assert.True(slope[output] > 0);
            for (int input = 0; input < 3; input++) Assert.Equal(input <= output, slope[input] != 0);
        }
    }

    [Fact]
    public void Layers_that_do_not_fit_are_refused()
    {
        Tensor inner = Tensor.Zeros([6, 3], DType.Float64), outer = Tensor.Zeros([3, 6], DType.Float64),
            six = Tensor.Zeros([6], DType.Float64), three = Tensor.Zeros([3], DType.Float64);
        Assert.Throws<ArgumentException>(() => new BlockNeuralAutoregressive([inner], [six], three));
        Assert.Throws<ArgumentException>(() => new BlockNeuralAutoregressive([inner, outer], [six], three));
        Assert.Throws<ArgumentException>(() => new BlockNeuralAutoregressive([inner, inner], [six, six], three));
        Assert.Throws<ArgumentException>(() => new BlockNeuralAutoregressive([inner, outer], [six, six], three));
        Assert.Throws<ArgumentException>(() => new BlockNeuralAutoregressive([inner, outer], [six, three], six));
        Assert.Throws<ArgumentException>(
            () => new BlockNeuralAutoregressive([inner, outer], [six, three], three).Forward(six));
    }
}

/// <summary>Two hidden layers of different widths, and biases for each datum.</summary>
public sealed class BlockNeuralAutoregressiveForEachDatumTests() : BijectorContract(
    p => new BlockNeuralAutoregressive([p[0], p[1], p[2]], [p[3], p[4], p[5]], p[6]),
    [
        GradientCheck.Values([6, 2], -1, 1, seed: 2), GradientCheck.Values([4, 6], -1, 1, seed: 3),
        GradientCheck.Values([2, 4], -1, 1, seed: 4), GradientCheck.Values([4, 6], -1, 1, seed: 5),
        GradientCheck.Values([4], -1, 1, seed: 6), GradientCheck.Values([4, 2], -1, 1, seed: 7),
        GradientCheck.Values([2], -1, 1, seed: 8),
    ],
    GradientCheck.Values([4, 2], -2, 2))
{
    [Fact]
    public void One_vector_has_an_origin_for_each_datum()
    {
        var map = new BlockNeuralAutoregressive(
            [GradientCheck.Values([4, 2], -1, 1, seed: 2), GradientCheck.Values([2, 4], -1, 1, seed: 3)],
            [GradientCheck.Values([5, 4], -1, 1, seed: 4), GradientCheck.Values([2], -1, 1, seed: 5)],
            Tensor.Zeros([2], DType.Float64));
        Tensor y = GradientCheck.Values([2], -1, 1);
        (Tensor x, _) = map.Inverse(y);
        Assert.Equal<int>([5, 2], x.Shape);
        Close.Require([.. Enumerable.Repeat(y.Doubles(), 5).SelectMany(v => v)], map.Forward(x).Y.Doubles(), 1e-9);
    }
}
