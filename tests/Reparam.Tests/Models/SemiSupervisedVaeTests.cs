using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Models;

public sealed class SemiSupervisedVaeTests
{
    private static readonly Tensor X = GradientCheck.Values([4, 5], 0, 1).Keep();

    private static SemiSupervisedVae Make(double supervision = 0) => new(
        Vae.Mlp([5], 2, [6], Likelihood.Bernoulli, new Rng(1),
            options: new() { Initializer = Initializer.He, DType = DType.Float64, Context = 3 }),
        new MlpEncoder(
            [5], 1, [4], Activation.Tanh, Initializer.He, new Rng(2), DType.Float64, PosteriorFamily.Categorical(3)))
    {
        Supervision = supervision,
    };

    [Fact]
    public void Enumerated_bound_is_the_expectation_of_the_drawn_one()
    {
        SemiSupervisedVae model = Make();
        const int samples = 40_000;
        double[] drawn = model.Infer(X, new Rng(3), samples).LogWeights.Mean(^1).Doubles();
        double mean = drawn.Average(), error = Math.Sqrt(drawn.Sum(w => (w - mean) * (w - mean))) / samples;
        // One draw of z a class is noisy: many passes with noise of their own.
        const int passes = 400;
        double[] bounds = new double[passes];
        for (int i = 0; i < passes; i++)
        {
            bounds[i] = new Elbo { Discrete = DiscreteGradient.Enumeration }.Evaluate(
                model.Infer(X, new Rng(4).At(i), discrete: DiscreteDraw.Enumerated), 0).Bound.Item();
        }

        double average = bounds.Average(), spread = Math.Sqrt(bounds.Sum(b => (b - average) * (b - average))) / passes;
        Assert.InRange(average - mean, -5 * (error + spread), 5 * (error + spread));
        Assert.True(error + spread < 0.02);
    }

    [Fact]
    public void Told_class_is_the_class_and_what_the_classifier_learns_from()
    {
        SemiSupervisedVae model = Make();
        Tensor told = Tensor.From([0.0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], [4, 3]);
        InferencePass pass = model.Infer(X, new Rng(3), discrete: DiscreteDraw.Enumerated, context: told);
        double[] weights = pass.DrawWeights!.Permute(1, 0).Doubles(), probs = model.Classify(X).Doubles();
        Assert.Equal([0, 1, 0], weights[..3]);
        Close.Require(probs.AsSpan(3, 3), weights.AsSpan(3, 3), 1e-12);
        Assert.Equal([1, 0, 0], weights[6..9]);
        PassTerm term = Assert.Single(pass.Terms);
        Close.Require([-Math.Log(probs[1]), 0, -Math.Log(probs[6]), 0], term.Value.Doubles(), 1e-12);
        // -log p(y) of a known class; log 3 less the entropy of an unknown one.
        double[] kl = pass.Latents[0].ClosedFormKL()!.Doubles();
        Close.Require(Math.Log(3), kl[0], 1e-12);
        Close.Require(Math.Log(3) + probs[3..6].Sum(p => p * Math.Log(p)), kl[1], 1e-12);
        InferencePass weighed = Make(supervision: 7).Infer(
            X, new Rng(3), discrete: DiscreteDraw.Enumerated, context: told);
        ObjectiveValue plain = new Elbo { Discrete = DiscreteGradient.Enumeration }.Evaluate(pass, 0),
            taught = new Elbo { Discrete = DiscreteGradient.Enumeration }.Evaluate(weighed, 0);
        Close.Require(plain.Loss.Item() - 7 * (Math.Log(probs[1]) + Math.Log(probs[6])) / 4, taught.Loss.Item(), 1e-12);
        Assert.Equal(plain.Bound.Item(), taught.Bound.Item());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gradient_of_the_class_is_that_of_the_expectation(bool enumerated)
    {
        SemiSupervisedVae model = Make();
        var elbo = new Elbo(enumerated ? 1 : 30_000)
        {
            Discrete = enumerated ? DiscreteGradient.Enumeration : DiscreteGradient.ScoreFunction,
        };
        Parameter bias = model.Parameters.Single(p => p.Name == "classifier.head.bias");
        double[] gradient;
        using (var tape = new GradientTape())
        {
            InferencePass pass = model.Infer(X, new Rng(3), elbo.Samples, enumerated ? DiscreteDraw.Enumerated : null);
            gradient = tape.Gradients(elbo.Evaluate(pass, 0).Loss, [bias])[0].Doubles();
        }

        // The truth by enumeration with many draws of z for each class.
        double[] value = bias.Value.Doubles();
        double Bound(int j, double by)
        {
            double[] moved = [.. value];
            moved[j] += by;
            bias.Assign(Tensor.From(moved, bias.Shape));
            double total = 0;
            int passes = enumerated ? 1 : 600;
            for (int i = 0; i < passes; i++)
            {
                total += new Elbo { Discrete = DiscreteGradient.Enumeration }.Evaluate(
                    model.Infer(X, enumerated ? new Rng(3) : new Rng(77).At(i), discrete: DiscreteDraw.Enumerated), 0)
                    .Loss.Item() / passes;
            }

            bias.Assign(Tensor.From(value, bias.Shape));
            return total;
        }

        // By the same noise the numbers are the same; by other noise the draws of z leave about 0.01.
        for (int j = 0; j < 3; j++)
            Close.Require((Bound(j, 1e-4) - Bound(j, -1e-4)) / 2e-4, gradient[j], enumerated ? 1e-6 : 0.03);
    }

    [Fact]
    public void Floor_or_capacity_under_a_KL_that_drawn_classes_decide_is_refused()
    {
        SemiSupervisedVae model = Make();
        InferencePass pass = model.Infer(X, new Rng(3), 2),
            straight = model.Infer(X, new Rng(3), 2, DiscreteDraw.RelaxedStraightThrough(0.5));
        foreach (Elbo elbo in (Elbo[])[new Elbo(2) { FreeBits = FreeBits.Total(1) },
            new Elbo(2) { FreeBits = FreeBits.PerDimension(0.1) }, new Elbo(2) { Capacity = 5 }])
        {
            // The score of y would be paid beta KL(q(z|x, y) || p(z)) where the loss pays the floor, or as much for
            // less.
            Assert.Contains("no formula for latent 'z'",
                Assert.Throws<NotSupportedException>(() => elbo.Evaluate(pass, 0)).Message, StringComparison.Ordinal);
            Assert.True(elbo.Evaluate(straight, 0).Loss.IsFinite());
        }

        Assert.True(new Elbo(2).Evaluate(pass, 0).Loss.IsFinite());
    }

    [Fact]
    public void Batches_do_not_change_a_datums_numbers()
    {
        SemiSupervisedVae model = Make();
        double[] whole = model.Infer(X, new Rng(5).At(1, 0), 2).LogWeights.Doubles(),
            rest = model.Infer(X.Slice(0, 2, 2), new Rng(5).At(1, 2), 2).LogWeights.Doubles();
        Assert.Equal([whole[2], whole[3], whole[6], whole[7]], rest);
    }

    [Fact]
    public void Code_is_the_probabilities_of_the_classes_and_the_mean()
    {
        SemiSupervisedVae model = Make();
        Tensor code = model.Encode(X);
        Assert.Equal([4, 5], code.Shape);
        Close.Require(model.Classify(X).Doubles(), code.Slice(1, 0, 3).Doubles(), 1e-15);
        Assert.Equal([4, 5], model.Encode(X, new Rng(1)).Shape);
        Tensor prior = model.SamplePrior(300, new Rng(1));
        Assert.All(prior.Slice(1, 0, 3).Sum(1).Doubles(), s => Assert.Equal(1, s));
        Assert.Equal([300, 5], model.Decode(prior).Shape);
        Assert.Equal((3, 3, LatentSpace.Mixed), (model.Classes, model.Units, model.Space));
    }

    [Fact]
    public void Labels_are_hidden_evenly_and_which_is_the_seeds_choice()
    {
        int[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 4)];
        Dataset data = Dataset.FromBytes("d", [1], new byte[100], DataKind.Binary, labels);
        Dataset told = data.HideLabels(10, new Rng(1));
        int[] known = told.Labels!.Value.ToArray();
        Assert.Equal([3, 3, 2, 2], Enumerable.Range(0, 4).Select(c => known.Count(l => l == c)));
        Assert.All(Enumerable.Range(0, 100), i => Assert.True(known[i] == -1 || known[i] == labels[i]));
        Assert.Equal(known, data.HideLabels(10, new Rng(1)).Labels!.Value.ToArray());
        Assert.NotEqual(known, data.HideLabels(10, new Rng(2)).Labels!.Value.ToArray());
        Assert.All(data.HideLabels(0, new Rng(1)).Labels!.Value.ToArray(), l => Assert.Equal(-1, l));
        Assert.Contains("too few data to keep",
            Assert.Throws<ArgumentException>(() => data.HideLabels(101, new Rng(1))).Message, StringComparison.Ordinal);
    }
}
