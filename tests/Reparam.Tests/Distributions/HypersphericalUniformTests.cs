using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

/// <summary>The contract on the sphere of so many dimensions. It has no parameter; the table's stands for a
/// batch.</summary>
public abstract class HypersphericalUniformContract(int dimension)
    : ReparameterizedContract<HypersphericalUniform>(p => new HypersphericalUniform(
        dimension, p["like"].Shape, p["like"].DType), $"distributions/hyperspherical_uniform_{dimension}.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        [new Dictionary<string, Tensor> { ["like"] = Tensor.Zeros([2], DType.Float64) }];
}

public sealed class HypersphericalUniformCircleTests() : HypersphericalUniformContract(2);

public sealed class HypersphericalUniformManyDimensionsTests() : HypersphericalUniformContract(12);

public sealed class HypersphericalUniformTests() : HypersphericalUniformContract(3)
{
    [Fact]
    public void Coordinates_of_the_ordinary_sphere_are_uniform()
    {
        // Archimedes: any coordinate of a uniform point is uniform on [-1, 1].
        double[] x = new HypersphericalUniform(3, dtype: DType.Float64).Sample(new Rng(2), [Ecdf.Draws]).Doubles();
        for (int j = 0; j < 3; j++)
        {
            double[] column = [.. MonteCarlo.Column(x, 3, j)], below = [.. column.Select(v => 0.5 * (1 + v))];
            Assert.True(Ecdf.Distance(column, below, below) < Ecdf.Threshold, $"coordinate {j}");
        }
    }

    [Fact]
    public void Fewer_than_two_dimensions_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HypersphericalUniform(1));
}
