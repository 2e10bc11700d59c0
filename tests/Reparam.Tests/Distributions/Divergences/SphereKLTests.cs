using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions.Divergences;

public sealed class VonMisesFisherKLTests() : KLContract(
    p => (new VonMisesFisher(p[0], p[1]), new VonMisesFisher(p[2], p[3])),
    [GradientCheck.Values([3, 4], -1, 1), GradientCheck.Values([3], 0.3, 20, seed: 2),
        GradientCheck.Values([3, 4], -1, 1, seed: 3), GradientCheck.Values([3], 0.3, 20, seed: 4)]);

public sealed class SphereKLTests
{
    private static readonly Tensor Direction = GradientCheck.Values([3, 5], -1, 1), Other = GradientCheck.Values(
        [3, 5], -1, 1, seed: 3), K1 = Tensor.From([0.4, 3, 25], [3]), K2 = Tensor.From([1.0, 0, 12], [3]);

    public static TheoryData<string> Pairs =>
        ["fisher|uniform", "power|uniform", "power|fisher", "uniform|fisher", "uniform|power"];

    private static ReparameterizedDistribution Make(string kind, Tensor direction, Tensor concentration) => kind switch
    {
        "fisher" => new VonMisesFisher(direction, concentration),
        "power" => new PowerSpherical(direction, concentration),
        _ => new HypersphericalUniform(direction.Shape[^1], concentration.Shape, concentration.DType),
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Closed_forms_agree_with_draws_and_have_their_derivatives(string pair)
    {
        string[] kinds = pair.Split('|');
        ReparameterizedDistribution q = Make(kinds[0], Direction, K1), p = Make(kinds[1], Other, K2);
        // After the first use of the static tensors, which the scope must not own.
        using var scope = new TensorScope();
        KLResult kl = KLDivergence.Between(q, p, new Rng(1));
        Assert.Equal(KLMethod.ClosedForm, kl.Method);
        Tensor x = q.Sample(new Rng(31), [100_000]);
        double[] drawn = MonteCarlo.OfDraws(x, part => q.LogProb(part) - p.LogProb(part));
        for (int j = 0; j < 3; j++)
            MonteCarlo.RequireMean(kl.Value.At(j), MonteCarlo.Column(drawn, 3, j), $"{pair} {j}");
        GradientCheck.Require(v => KLDivergence.ClosedForm(Make(kinds[0], v[0], v[1]), Make(kinds[1], v[2], v[3]))!,
            Direction, K1, Other, K2 + 0.5);
    }

    [Fact]
    public void Divergence_from_the_uniform_is_the_square_of_a_small_concentration_and_the_logarithm_of_a_large_one()
    {
        foreach (int m in (int[])[2, 3, 50, 1000])
        {
            var uniform = new HypersphericalUniform(m, dtype: DType.Float64);
            double small = KLDivergence.ClosedForm(new VonMisesFisher(
                Tensor.Full([m], 1.0, DType.Float64), Tensor.Scalar(1e-3, DType.Float64)), uniform)!.Item();
            // k^2 / (2 m), the next term k^2 of it; what is left of k is 1e-16 k.
            Assert.Equal(1, small / (0.5e-6 / m), 1e-6);
            // Locally a normal of m - 1 dimensions and variance 1/k, up to a term of order m^2 / k.
            double large = KLDivergence.ClosedForm(new VonMisesFisher(
                Tensor.Full([m], 1.0, DType.Float64), Tensor.Scalar(1e9, DType.Float64)), uniform)!.Item();
            Close.Require(
                uniform.Entropy().Item() - 0.5 * (m - 1) * Math.Log(2 * Math.PI * Math.E / 1e9), large, 1e-3, $"{m}");
        }
    }

    [Fact]
    public void Equal_uniforms_do_not_diverge_and_other_spaces_share_no_mass()
    {
        var uniform = new HypersphericalUniform(5, [3], DType.Float64);
        Assert.Equal([0, 0, 0], KLDivergence.ClosedForm(uniform, uniform)!.Doubles());
        Assert.Null(KLDivergence.ClosedForm(new VonMisesFisher(Direction, K1), new PowerSpherical(Other, K2)));
        Assert.All(KLDivergence.ClosedForm(new VonMisesFisher(Direction, K1),
            DiagonalNormal.Standard(5, DType.Float64))!.Doubles(), kl => Assert.Equal(double.PositiveInfinity, kl));
    }
}
