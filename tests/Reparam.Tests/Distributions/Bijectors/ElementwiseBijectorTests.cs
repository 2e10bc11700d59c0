using Reparam.Distributions.Bijectors;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions.Bijectors;

public sealed class AffineTests() : BijectorContract(
    p => new Affine(p[0], p[1]), [GradientCheck.Values([3], -1, 1, seed: 2), Tensor.From([0.5, -2.0, 1e-3], [3])],
    GradientCheck.Values([4, 3], -2, 2));

public sealed class ExpTests() : BijectorContract(_ => new Exp(), [], GradientCheck.Values([9], -5, 5));

public sealed class SigmoidTests() : BijectorContract(_ => new Sigmoid(), [], GradientCheck.Values([9], -8, 8));

public sealed class SoftPlusTests() : BijectorContract(_ => new SoftPlus(), [], GradientCheck.Values([9], -8, 20));

public sealed class TanhTests() : BijectorContract(_ => new Tanh(), [], GradientCheck.Values([9], -4, 4));

public sealed class PowerTests() : BijectorContract(_ => new Power(-1.5), [], GradientCheck.Values([9], 0.2, 4));

public sealed class PermuteTests()
    : BijectorContract(_ => new Permute(2, 0, 3, 1), [], GradientCheck.Values([3, 4], -2, 2));

public sealed class ChainTests() : BijectorContract(
    p => new Chain(new Affine(p[0], p[1]), new Permute(1, 2, 0), new Tanh(), new Affine(p[0], p[1]), new Exp()),
    [GradientCheck.Values([3], -0.5, 0.5, seed: 2), GradientCheck.Values([3], 0.4, 1.2, seed: 3)],
    GradientCheck.Values([4, 3], -1, 1))
{
    [Fact]
    public void Chain_of_nothing_is_the_identity()
    {
        Tensor x = GradientCheck.Values([3], -1, 1);
        Assert.Same(x, new Chain().Forward(x).Y);
        Assert.Equal([0, 0, 0], new Chain().Forward(x).LogDet.Doubles());
    }
}
