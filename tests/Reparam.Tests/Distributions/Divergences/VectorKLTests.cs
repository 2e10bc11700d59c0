using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions.Divergences;

public sealed class CategoricalKLTests() : KLContract(
    p => (new Categorical(p[0]), new Categorical(p[1])),
    [GradientCheck.Values([3, 4], -2, 2), GradientCheck.Values([3, 4], -2, 2, seed: 2)]);

public sealed class OneHotCategoricalKLTests() : KLContract(
    p => (new OneHotCategorical(p[0]), new OneHotCategorical(p[1])),
    [GradientCheck.Values([3, 4], -2, 2), GradientCheck.Values([3, 4], -2, 2, seed: 2)]);

public sealed class MultinomialKLTests() : KLContract(
    p => (new Multinomial(3, p[0]), new Multinomial(3, p[1])),
    [GradientCheck.Values([2, 3], -1, 1), GradientCheck.Values([2, 3], -1, 1, seed: 2)]);

public sealed class BinomialKLTests() : KLContract(
    p => (new Binomial(Tensor.Full([3], 6, p[0].DType), p[0]), new Binomial(Tensor.Full([3], 6, p[0].DType), p[1])),
    [GradientCheck.Values([3], -1, 1), GradientCheck.Values([3], -1, 1, seed: 2)]);

public sealed class NegativeBinomialKLTests() : KLContract(
    p => (new NegativeBinomial(Tensor.Full([3], 2.5, p[0].DType), p[0]),
        new NegativeBinomial(Tensor.Full([3], 2.5, p[0].DType), p[1])),
    [GradientCheck.Values([3], -1, 1), GradientCheck.Values([3], -1, 1, seed: 2)]);

public sealed class DirichletKLTests() : KLContract(
    p => (new Dirichlet(p[0]), new Dirichlet(p[1])),
    [GradientCheck.Values([2, 3], 0.5, 4), GradientCheck.Values([2, 3], 0.5, 4, seed: 2)]);

public sealed class MultivariateNormalKLTests() : KLContract(
    p => (new MultivariateNormal(p[0], p[1] + 2 * Tensor.Eye(3, p[0].DType)),
        new MultivariateNormal(p[2], p[3] + 2 * Tensor.Eye(3, p[0].DType))),
    [GradientCheck.Values([2, 3], -1, 1), GradientCheck.Values([2, 3, 3], -0.8, 0.8, seed: 2),
        GradientCheck.Values([2, 3], -1, 1, seed: 3), GradientCheck.Values([2, 3, 3], -0.8, 0.8, seed: 4)]);

public sealed class WishartKLTests() : KLContract(
    p => (new Wishart(p[0], p[1] + 2 * Tensor.Eye(3, p[0].DType)),
        new Wishart(p[2], p[3] + 2 * Tensor.Eye(3, p[0].DType))),
    [GradientCheck.Values([2], 3, 9), GradientCheck.Values([2, 3, 3], -0.8, 0.8, seed: 2),
        GradientCheck.Values([2], 3, 9, seed: 3), GradientCheck.Values([2, 3, 3], -0.8, 0.8, seed: 4)]);

public sealed class LKJCholeskyKLTests() : KLContract(
    p => (new LKJCholesky(4, p[0]), new LKJCholesky(4, p[1])),
    [GradientCheck.Values([3], 0.5, 4), GradientCheck.Values([3], 0.5, 4, seed: 2)]);

public sealed class VectorKLTests
{
    private static readonly Tensor Loc = GradientCheck.Values([3], -1, 1),
        Factor = GradientCheck.Values([3, 1], -1, 1, seed: 2), Diagonal = GradientCheck.Values([3], 0.3, 1.5, seed: 3);

    public static TheoryData<string> Pairs => [.. from q in new[] { "full", "low rank", "diagonal",
        "independent" } from p in new[] { "full", "low rank", "diagonal", "independent" } select $"{q}|{p}"];

    private static ReparameterizedDistribution Make(string kind, double shift) => kind switch
    {
        "full" => new MultivariateNormal(Loc + shift,
            (Tensor.MatMul(Factor, Factor, transposeB: true) * 0.4 + 0.9 * Tensor.Eye(3, DType.Float64)).Cholesky()),
        "low rank" => new LowRankMultivariateNormal(Loc - shift, Factor, Diagonal),
        "diagonal" => new DiagonalNormal(Loc * 0.5, Diagonal + shift),
        _ => new ReparameterizedIndependent(new Normal(Loc + 0.2, Diagonal + 0.5 * shift), 1),
    };

    /// <summary>Normals over vectors in all their forms, each against each.</summary>
    [Theory]
    [MemberData(nameof(Pairs))]
    public void Normals_of_all_forms_diverge_as_their_draws_say(string pair)
    {
        string[] kinds = pair.Split('|');
        ReparameterizedDistribution q = Make(kinds[0], 0.3), p = Make(kinds[1], 0.1);
        // After the first use of the static tensors, which the scope must not own.
        using var scope = new TensorScope();
        Tensor kl = KLDivergence.ClosedForm(q, p)!;
        Tensor z = q.Sample(new Rng(5), [1_000_000]);
        MonteCarlo.RequireMean(kl.Item(), MonteCarlo.OfDraws(z, part => q.LogProb(part) - p.LogProb(part)), pair);
    }

    [Fact]
    public void Divergence_of_a_point_is_what_the_other_says_of_it()
    {
        Tensor value = Tensor.From([0.5, -1, 2], [3]);
        DiagonalNormal p = DiagonalNormal.Standard(3, DType.Float64);
        Assert.Equal(-p.LogProb(value).Item(), KLDivergence.ClosedForm(new Delta(value, 1), p)!.Item());
    }

    [Fact]
    public void Sets_that_share_no_mass_are_infinitely_far_and_never_NaN()
    {
        Distribution simplex = new Dirichlet(Tensor.Ones([3], DType.Float64)), line = DiagonalNormal.Standard(
            3, DType.Float64), hot = new OneHotCategorical(Tensor.Zeros([3], DType.Float64));
        foreach ((Distribution q, Distribution p) in new[] {
            (simplex, line), (line, simplex), (hot, line), (line, hot), (hot, simplex) })
            Assert.Equal(double.PositiveInfinity, KLDivergence.ClosedForm(q, p)!.Item());
    }

    [Fact]
    public void Uniform_against_beta_is_a_number_where_a_peer_has_NaN()
    {
        // KL(U(0,1) || Beta(a, b)) = log B(a, b) + (a - 1) + (b - 1), since E[log x] = -1; infinite where the uniform
        // sticks out.
        Distribution unit = new Uniform(Tensor.Scalar(0, DType.Float64), Tensor.Scalar(1, DType.Float64)),
            beta = new Beta(Tensor.Scalar(2, DType.Float64), Tensor.Scalar(3, DType.Float64));
        Close.Require(Math.Log(1.0 / 12) + 3, KLDivergence.ClosedForm(unit, beta)!.Item(), 1e-12);
        Assert.Equal(double.PositiveInfinity, KLDivergence.ClosedForm(
            new Uniform(Tensor.Scalar(-1, DType.Float64), Tensor.Scalar(1, DType.Float64)), beta)!.Item());
    }

    [Fact]
    public void Some_members_of_a_batch_may_be_infinite_while_others_are_not()
    {
        Tensor kl = KLDivergence.ClosedForm(new Uniform(Tensor.From([-1.0, 0.5], [2]), Tensor.From([1.0, 2], [2])),
            new Exponential(Tensor.From([1.0, 1], [2])))!;
        Assert.Equal(double.PositiveInfinity, kl.At(0));
        // -log(1.5) + E[x].
        Close.Require(-Math.Log(1.5) + 1.25, kl.At(1), 1e-14);
    }
}
