using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Objectives;

/// <summary>The relatives of the importance-weighted bound beside their definitions, on a model whose marginal
/// likelihood is known.</summary>
public sealed class WeightedBoundTests
{
    private const int K = 6;

    private static readonly (Tensor Loc, Tensor LogVariance) Q = LinearGaussian.Posterior(shift: 0.3, width: 1.3);

    public static TheoryData<string> Kinds => ["miwae", "ciwae", "renyi", "renyi above 1", "renyi below 0", "all"];

    private static ImportanceWeightedElbo Make(string kind, PathGradient gradient = PathGradient.Total) => kind switch
    {
        "miwae" => new(K) { Groups = 2, Gradient = gradient },
        "ciwae" => new(K) { ElboShare = 0.3, Gradient = gradient },
        "renyi" => new(K) { Order = 0.5, Gradient = gradient },
        "renyi above 1" => new(K) { Order = 2, Gradient = gradient },
        "renyi below 0" => new(K) { Order = -0.5, Gradient = gradient },
        _ => new(K) { Order = 0.4, Groups = 3, ElboShare = 0.2, Gradient = gradient },
    };

    /// <summary>The definition, in plain loops.</summary>
    private static double Definition(ImportanceWeightedElbo o, double[] w)
    {
        int each = K / o.Groups;
        double groups = Enumerable.Range(0, o.Groups).Average(
            m => Math.Log(w.Skip(m * each).Take(each).Average(x => Math.Pow(x, 1 - o.Order))) / (1 - o.Order));
        return o.ElboShare * w.Average(Math.Log) + (1 - o.ElboShare) * groups;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Bound_is_its_definition_and_the_gradient_its_derivative(string kind)
    {
        ImportanceWeightedElbo objective = Make(kind);
        InferencePass pass = LinearGaussian.Infer(Q.Loc, Q.LogVariance, new Rng(3), K);
        double[] weights = [.. pass.LogWeights.Doubles().Select(Math.Exp)];
        int data = LinearGaussian.X.Length;
        double expected = Enumerable.Range(0, data).Average(
            i => Definition(objective, [.. Enumerable.Range(0, K).Select(k => weights[k * data + i])]));
        Close.Require(expected, objective.Evaluate(pass, 0).Bound.Item(), 1e-12, kind);
        GradientCheck.Require(
            q => objective.Evaluate(LinearGaussian.Infer(q[0], q[1], new Rng(4), K), 0).Loss, Q.Loc, Q.LogVariance);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Doubly_reparameterized_gradients_of_all_kinds_are_unbiased(string kind)
    {
        // The truth is the mean of the total gradient; both means scatter, and the difference by both errors together.
        (double[] total, double[] totalError) = Mean(Make(kind), 11);
        (double[] doubly, double[] doublyError) = Mean(Make(kind, PathGradient.DoublyReparameterized), 12);
        for (int i = 0; i < total.Length; i++)
        {
            double error = Math.Sqrt(totalError[i] * totalError[i] + doublyError[i] * doublyError[i]);
            // Six components of six kinds: beyond 5 standard errors with probability 2e-5.
            Assert.True(Math.Abs(total[i] - doubly[i]) < 5 * error,
                $"{kind}, component {i}: {total[i]} against {doubly[i]} +/- {error}");
        }

        if (kind != "renyi above 1") Assert.True(doublyError.Sum() < totalError.Sum(), "Less noise is what it is for.");
    }

    [Fact]
    public void Best_draw_has_the_largest_weight_in_the_gradient()
    {
        // Log weights differ only by the likelihood; the gradient by it is the share of each draw.
        using var tape = new GradientTape();
        Tensor logLikelihood = Tensor.From([-3.0, -1, -2, -10], [4, 1]);
        double[] gradient = tape.Gradients(new ImportanceWeightedElbo(4).Evaluate(
            new InferencePass(logLikelihood, []), 0).Loss, [logLikelihood])[0].Doubles();
        double sum = new[] { -3.0, -1, -2, -10 }.Sum(Math.Exp);
        Close.Require([.. new[] { -3.0, -1, -2, -10 }.Select(l => -Math.Exp(l) / sum)], gradient, 1e-12);
        Assert.Equal(gradient.Min(), gradient[1]);
    }

    [Fact]
    public void Bounds_come_in_the_order_that_the_theory_has()
    {
        double Value(ImportanceWeightedElbo objective) => MonteCarlo.MeanOf(Enumerable.Range(0, 4000).Select(r =>
            objective.Evaluate(LinearGaussian.Infer(Q.Loc, Q.LogVariance, new Rng(1).At(r), K), 0).Bound.Item())).Mean;
        double truth = LinearGaussian.X.Average(LinearGaussian.LogMarginal);
        double iwae = Value(new(K)), miwae = Value(Make("miwae")), elbo = Value(new(K) { ElboShare = 1 }),
            one = Value(new(K) { Order = 1 }), renyi = Value(Make("renyi")), above = Value(Make("renyi above 1"));
        Assert.True(above < elbo && elbo < renyi && renyi < iwae && elbo < miwae && miwae < iwae && iwae < truth,
            $"{above} {elbo} {renyi} {miwae} {iwae} {truth}");
        Close.Require(elbo, one, 1e-12);
        Assert.False(Make("renyi below 0").IsLowerBound(0));
        Assert.True(Make("renyi above 1").IsLowerBound(0));
    }

    [Fact]
    public void Partial_groups_are_the_encoders_alone()
    {
        using var tape = new GradientTape();
        Tensor offset = Tensor.From([0.1, 0.2, -0.3], [3]);
        InferencePass drawn = LinearGaussian.Infer(Q.Loc, Q.LogVariance, new Rng(3), K);
        var pass = new InferencePass(drawn.LogLikelihood * offset.Exp(), drawn.Latents);
        double[] Gradient(Tensor loss, Tensor source) => tape.Gradients(loss, [source])[0].Doubles();
        ObjectiveValue partial = new ImportanceWeightedElbo(K) { Groups = 2, Partial = true }.Evaluate(pass, 0),
            grouped = Make("miwae").Evaluate(pass, 0), whole = new ImportanceWeightedElbo(K).Evaluate(pass, 0);
        Assert.Equal(whole.Bound.Item(), partial.Bound.Item());
        Assert.Equal(Gradient(whole.Loss, offset), Gradient(partial.Loss, offset));
        Assert.Equal(Gradient(grouped.Loss, Q.Loc), Gradient(partial.EncoderLoss!, Q.Loc));
        Assert.Null(grouped.EncoderLoss);
    }

    [Fact]
    public void Settings_out_of_bounds_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ImportanceWeightedElbo(6) { Groups = 4 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImportanceWeightedElbo(6) { ElboShare = 1.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImportanceWeightedElbo(6) { Order = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReweightedWakeSleep(1));
    }

    /// <summary>Means and standard errors of the gradient's six components over many independent passes of many copies
    /// of the data.</summary>
    private static (double[] Mean, double[] Error) Mean(ImportanceWeightedElbo objective, ulong seed)
    {
        const int Copies = 500, Passes = 200;
        double[][] rows = new double[Passes][];
        for (int r = 0; r < Passes; r++)
        {
            using var tape = new GradientTape();
            Tensor Many(Tensor q) => q.Reshape([1, 3, 1]).BroadcastTo([Copies, 3, 1]).Reshape([Copies * 3, 1]);
            Gradients gradients = tape.Gradients(objective.Evaluate(
                LinearGaussian.Infer(Many(Q.Loc), Many(Q.LogVariance), new Rng(seed).At(r), K, Copies), 0).Loss,
                [Q.Loc, Q.LogVariance]);
            rows[r] = [.. gradients[0].Doubles(), .. gradients[1].Doubles()];
        }

        (double Mean, double Error)[] columns =
            [.. Enumerable.Range(0, 6).Select(i => MonteCarlo.MeanOf(rows.Select(row => row[i])))];
        return ([.. columns.Select(c => c.Mean)], [.. columns.Select(c => c.Error)]);
    }
}
