using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Testing;

/// <summary>
/// What a reparameterized distribution promises beyond <see cref="DistributionContract{T}"/>: the gradient of a draw is
/// the derivative of that draw with its noise held, and over many draws it is an unbiased gradient of E[z] and E[z^2].
/// </summary>
/// <inheritdoc cref="DistributionContract{T}"/>
public abstract class ReparameterizedContract<T>(Func<IReadOnlyDictionary<string, Tensor>, T> make, string table)
    : DistributionContract<T>(make, table)
    where T : ReparameterizedDistribution
{
    private const int Draws = 20_000, Part = 2_000;

    /// <summary>Whether a draw is an increasing function of one uniform number, so that its derivative is
    /// -(dF/dparameter) / density.</summary>
    protected virtual bool IsQuantile => Table.Has("cdf");

    /// <summary>Whether a draw with its noise held is a smooth function of the parameters whose derivative is the
    /// pathwise one.</summary>
    protected virtual bool MovesWithItsNoise => true;

    [Fact]
    public void RSample_and_Sample_from_the_same_stream_are_the_same_draw()
    {
        T distribution = Make(DType.Float32);
        Assert.Equal(distribution.RSample(new Rng(5), [4]).Doubles(), distribution.Sample(new Rng(5), [4]).Doubles());
    }

    [Fact]
    public void Draws_of_shapes_alone_take_the_same_memory()
    {
        (string[] names, Tensor[] values) = Named(Table.Parameters(DType.Float32));
        ShapeCheck.Require("rsample", p => [Make(Rejoined(names, p)).RSample(new Rng(5), [3])], values);
    }

    [Fact]
    public void RSample_gradient_equals_the_central_difference_with_the_same_noise()
    {
        if (!MovesWithItsNoise) return;
        (string[] names, Tensor[] values) = Named(Table.Parameters(DType.Float64));
        GradientCheck.Require(p => Make(Rejoined(names, p)).RSample(new Rng(5), [3]), values);
    }

    [Fact]
    public void LogProb_of_RSample_passes_gradients_through_the_draw_and_the_parameters()
    {
        if (!MovesWithItsNoise) return;
        (string[] names, Tensor[] values) = Named(Table.Parameters(DType.Float64));
        GradientCheck.Require(
            p =>
            {
                T distribution = Make(Rejoined(names, p));
                // Not at the draw itself, where much of the dependence cancels; what leaves the support counts nothing.
                return Finite(distribution.LogProb(distribution.RSample(new Rng(5), [3]) * 0.9));
            },
            values);
    }

    [Fact]
    public void Mean_of_pathwise_gradients_is_the_gradient_of_the_first_moment()
    {
        if (HasFiniteMoments) RequireUnbiased(z => z, d => d.Mean);
    }

    [Fact]
    public void Mean_of_pathwise_gradients_is_the_gradient_of_the_second_moment()
    {
        if (HasFiniteMoments) RequireUnbiased(z => z.Square(), d => d.Variance + d.Mean.Square());
    }

    [Fact]
    public void RSample_gradient_is_minus_the_derivative_of_the_Cdf_over_the_density()
    {
        if (!IsQuantile) return;
        (string[] names, Tensor[] values) = Named(Table.Parameters(DType.Float64));
        double[][] pathwise, implied;
        Tensor draws, weights;
        using (var tape = new GradientTape())
        {
            Tensor z = Make(Rejoined(names, values)).RSample(new Rng(19), [50]);
            weights = new Rng(20).Normal(z.Shape, DType.Float64).Keep();
            Gradients gradients = tape.Gradients((z * weights).Sum(), values);
            pathwise = [.. Enumerable.Range(0, values.Length).Select(i => gradients[i].Doubles())];
            draws = z.Keep();
        }

        using (var tape = new GradientTape())
        {
            T distribution = Make(Rejoined(names, values));
            Tensor density = distribution.LogProb(draws).Detach().Exp();
            Gradients gradients = tape.Gradients((distribution.Cdf(draws) / density * -weights).Sum(), values);
            implied = [.. Enumerable.Range(0, values.Length).Select(i => gradients[i].Doubles())];
        }

        // Far out in a tail the CDF keeps its absolute, not its relative accuracy.
        for (int i = 0; i < values.Length; i++) Close.Require(implied[i], pathwise[i], 1e-6, $"gradient by {names[i]}");
    }

    private void RequireUnbiased(Func<Tensor, Tensor> function, Func<T, Tensor> expectation)
    {
        (string[] names, Tensor[] values) = Named(Table.Parameters(DType.Float64));
        double[][] exact, drawn;
        using (var tape = new GradientTape())
        {
            Gradients gradients = tape.Gradients(expectation(Make(Rejoined(names, values))).Sum(), values);
            exact = [.. Enumerable.Range(0, values.Length).Select(i => gradients[i].Doubles())];
        }

        // A copy of the parameters for each draw, so that each draw has a gradient of its own. A tape keeps what a part
        // of the draws needs; the noise of a draw depends on its number, not on the part.
        drawn = [.. values.Select(v => new double[Draws * v.Size])];
        for (int first = 0; first < Draws; first += Part)
        {
            using var tape = new GradientTape();
            Tensor[] copies = [.. values.Select(v => v.BroadcastTo([Part, .. v.Shape]))];
            Tensor z = Make(Rejoined(names, copies)).RSample(new Rng(23).At(0, first));
            Gradients gradients = tape.Gradients(function(z).Sum(), copies);
            for (int i = 0; i < values.Length; i++) gradients[i].Doubles().CopyTo(drawn[i], first * values[i].Size);
        }

        for (int i = 0; i < values.Length; i++)
        {
            for (int j = 0; j < values[i].Size; j++)
            {
                MonteCarlo.RequireMean(
                    exact[i][j], MonteCarlo.Column(drawn[i], values[i].Size, j), $"gradient by {names[i]}[{j}]");
            }
        }
    }
}
