using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;

namespace Reparam.Testing;

/// <summary>
/// What a closed-form divergence promises: it says that it is one, agrees with a Monte Carlo mean of log q - log p, is
/// exactly 0 between equals, never negative, and differentiable in every parameter.
/// </summary>
/// <param name="pair">Builds q and p from parameter tensors, q's first half, p's second.</param>
/// <param name="parameters">The parameters in Float64.</param>
public abstract class KLContract(Func<Tensor[], (Distribution Q, Distribution P)> pair, Tensor[] parameters)
{
    private const int Draws = 100_000;

    [Fact]
    public void Between_says_closed_form()
    {
        (Distribution q, Distribution p) = pair(parameters);
        KLResult result = KLDivergence.Between(q, p, new Rng(1));
        Assert.Equal(KLMethod.ClosedForm, result.Method);
        Assert.Equal(q.BatchShape, result.Value.Shape);
        Assert.Equal(result.Value.Doubles(), KLDivergence.ClosedForm(q, p)!.Doubles());
    }

    [Fact]
    public void Closed_form_agrees_with_Monte_Carlo()
    {
        using var scope = new TensorScope();
        (Distribution q, Distribution p) = pair(parameters);
        double[] exact = KLDivergence.ClosedForm(q, p)!.Doubles();
        Tensor z = q.Sample(new Rng(31), [Draws]);
        double[] drawn = MonteCarlo.OfDraws(z, part => q.LogProb(part) - p.LogProb(part));
        for (int j = 0; j < exact.Length; j++)
            MonteCarlo.RequireMean(exact[j], MonteCarlo.Column(drawn, exact.Length, j), $"KL of member {j}");
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Divergence_from_itself_is_exactly_zero(DType dtype)
    {
        Tensor[] own = [.. parameters[..(parameters.Length / 2)].Select(p => p.To(dtype))];
        (Distribution q, Distribution p) = pair([.. own, .. own]);
        Assert.All(KLDivergence.ClosedForm(q, p)!.Doubles(), kl => Assert.Equal(0, kl));
    }

    [Fact]
    public void Divergence_is_not_negative_near_and_far()
    {
        var rng = new Rng(7);
        int half = parameters.Length / 2;
        foreach (double spread in new[] { 0, 1e-12, 1e-8, 1e-4, 0.1, 0.9 })
        {
            // p near q: each parameter moved by a relative spread that keeps scales positive.
            Tensor[] near =
                [.. parameters[..half].Select(v => v * (1 + spread * (rng.Uniform(v.Shape, DType.Float64) - 0.5)))];
            (Distribution q, Distribution p) = pair([.. parameters[..half], .. near]);
            // Rounding may leave a unit in the last place of the largest term below zero.
            Assert.All(
                KLDivergence.ClosedForm(q, p)!.Doubles(), kl => Assert.True(kl >= -1e-14, $"{kl} at spread {spread}"));
        }
    }

    [Fact]
    public void Gradient_by_every_parameter_equals_the_central_difference() => GradientCheck.Require(
        values =>
        {
            (Distribution q, Distribution p) = pair(values);
            return KLDivergence.ClosedForm(q, p)!;
        },
        parameters);
}
