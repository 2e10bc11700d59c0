using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

/// <summary>The contract in so many dimensions.</summary>
public abstract class ProjectedNormalContract(int dimension) : ReparameterizedContract<ProjectedNormal>(
    p => new ProjectedNormal(p["loc"]), $"distributions/projected_normal_{dimension}.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from loc in new[] { 0, 1e-6, 1, 1e4 }
        select new Dictionary<string, Tensor> { ["loc"] = Tensor.Full([2, dimension], loc, DType.Float64) };
}

public sealed class ProjectedNormalCircleTests() : ProjectedNormalContract(2);

public sealed class ProjectedNormalTests() : ProjectedNormalContract(3)
{
    [Fact]
    public void Density_is_smooth_across_the_borders_of_its_formulas()
    {
        // t = loc . x crosses -12 and 0 as loc grows.
        foreach (int m in (int[])[2, 3])
        {
            Tensor x = Tensor.Concat(0, Tensor.Ones([1], DType.Float64), Tensor.Zeros([m - 1], DType.Float64));
            double At(double t) => new ProjectedNormal(x * t).LogProb(x).Item();
            foreach (double border in (double[])[-12, 0])
                Close.Require(At(border - 1e-9), At(border + 1e-9), 1e-7, $"{m} {border}");
            // p falls like e^(-t^2 / 2) over a power of t, even where that underflows.
            Assert.True(double.IsFinite(At(-1e6)) && At(-1e6) < -4e11);
        }
    }

    [Fact]
    public void Pathwise_gradients_are_those_of_a_mean_by_the_density()
    {
        // On the circle E[x_0] by the midpoint rule, which is exact to rounding for smooth periodic functions; its
        // derivative by automatic differentiation.
        const int Angles = 400, Draws = 20_000;
        Tensor loc = Tensor.From([1.2, -0.7], [2]),
            angle = (Tensor.Arange(Angles, DType.Float64) + 0.5) * (2 * Math.PI / Angles);
        Tensor x = Tensor.Concat(^1, angle.Cos().Reshape([Angles, 1]), angle.Sin().Reshape([Angles, 1]));
        double[] exact, drawn;
        using (var tape = new GradientTape())
        {
            Tensor p = new ProjectedNormal(loc).LogProb(x).Exp();
            Close.Require(1, p.Sum().Item() * 2 * Math.PI / Angles, 1e-12);
            exact = tape.Gradients((p * angle.Cos()).Sum() * (2 * Math.PI / Angles), [loc])[0].Doubles();
        }

        using (var tape = new GradientTape())
        {
            Tensor many = loc.BroadcastTo([Draws, 2]);
            drawn = tape.Gradients(
                new ProjectedNormal(many).RSample(new Rng(3)).Slice(^1, 0, 1).Sum(), [many])[0].Doubles();
        }

        for (int j = 0; j < 2; j++) MonteCarlo.RequireMean(exact[j], MonteCarlo.Column(drawn, 2, j), $"by loc {j}");
    }

    [Fact]
    public void More_dimensions_are_drawn_and_their_density_is_refused_in_words()
    {
        var many = new ProjectedNormal(Tensor.Ones([6], DType.Float64));
        Close.Require(1, many.Sample(new Rng(1)).Square().Sum().Item(), 1e-14);
        Assert.Contains("2 and 3", Assert.Throws<NotSupportedException>(() => many.LogProb(many.Loc)).Message,
            StringComparison.Ordinal);
    }
}
