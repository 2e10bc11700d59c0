using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Tensors.Special;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

/// <summary>The contract on the sphere of so many dimensions.</summary>
public abstract class PowerSphericalContract(int dimension)
    : ReparameterizedContract<PowerSpherical>(
        p => new PowerSpherical(p["direction"], p["concentration"]), $"distributions/power_spherical_{dimension}.json")
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

public sealed class PowerSphericalCircleTests() : PowerSphericalContract(2);

public sealed class PowerSphericalManyDimensionsTests() : PowerSphericalContract(12);

public sealed class PowerSphericalTests() : PowerSphericalContract(3)
{
    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public void Cosines_follow_their_beta_distribution(int m)
    {
        foreach (double k in (double[])[0, 2, 500])
        {
            using var scope = new TensorScope();
            var q = new PowerSpherical(GradientCheck.Values([m], -1, 1), Tensor.Full([], k, DType.Float64));
            Tensor x = q.Sample(new Rng(8), [Ecdf.Draws]);
            Assert.Equal(0, MonteCarlo.OfDraws(x, part => part.Square().Sum(^1) - 1).Max(
                e => double.IsNaN(e) ? double.PositiveInfinity : Math.Abs(e)), 1e-14);
            double[] shares = [.. MonteCarlo.OfDraws(x, part => (part * q.Direction).Sum(^1)).Select(
                c => Math.Clamp(0.5 * (1 + c), 0, 1))];
            double[] knots = Ecdf.Knots(shares),
                below = [.. knots.Select(z => SpecialFunctions.RegularizedBeta(0.5 * (m - 1) + k, 0.5 * (m - 1), z))];
            double distance = Ecdf.Bound(shares, knots, below, below);
            Assert.True(distance < Ecdf.Threshold, $"{m} {k}: {distance}");
        }
    }

    [Fact]
    public void A_draw_depends_on_its_datum_and_not_on_the_batch_it_is_in()
    {
        Tensor direction = GradientCheck.Values([6, 4], -1, 1), concentration = GradientCheck.Values([6], 0.5, 90);
        double[] whole = new PowerSpherical(direction, concentration).Sample(new Rng(3)).Doubles();
        double[] tail = new PowerSpherical(direction.Slice(0, 4, 2), concentration.Slice(0, 4, 2)).Sample(
            new Rng(3).At(0, firstSample: 4)).Doubles();
        Assert.Equal(whole[16..24], tail);
    }

    [Fact]
    public void The_point_opposite_to_the_direction_has_no_density_unless_all_are_alike()
    {
        Tensor mu = Tensor.From([0.0, 0, 1], [3]);
        Assert.Equal(
            double.NegativeInfinity, new PowerSpherical(mu, Tensor.Full([], 2, DType.Float64)).LogProb(-mu).Item());
        Close.Require(
            -Math.Log(4 * Math.PI), new PowerSpherical(mu, Tensor.Zeros([], DType.Float64)).LogProb(-mu).Item(), 1e-14);
    }
}
