using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

public sealed class ClassAccuracyTests
{
    /// <summary>q(y|x) of log-odds x_1, x_2 and 1/2.</summary>
    private static SemiSupervisedVae Make()
    {
        var model = new SemiSupervisedVae(
            Vae.Mlp(
                [2], 2, [3], Likelihood.Gaussian(1), new Rng(1), options: new() { DType = DType.Float64, Context = 3 }),
            new MlpEncoder([2], 1, [], Activation.Tanh, Initializer.PyTorch, new Rng(2), DType.Float64,
                PosteriorFamily.Categorical(3)));
        model.Parameters.Single(p => p.Name == "classifier.head.weight").Assign(
            Tensor.From([1.0, 0, 0, 1, 0, 0], [3, 2]));
        model.Parameters.Single(p => p.Name == "classifier.head.bias").Assign(Tensor.From([0, 0, 0.5], [3]));
        model.SetMode(ModuleMode.Evaluation);
        return model;
    }

    [Fact]
    public void Share_is_that_of_labelled_data_whose_likeliest_class_is_their_label()
    {
        // Classes 0, 1, 2 and 0 by hand; right, right, wrong and without a label. More data than are read at once, cut
        // where the pattern is not.
        const int repeats = 65;
        float[] x = [.. Enumerable.Repeat(new[] { 1f, 0, 0, 1, 0, 0, 1, 0.6f }, repeats).SelectMany(v => v)];
        int[] labels = [.. Enumerable.Repeat(new[] { 0, 1, 1, -1 }, repeats).SelectMany(v => v)];
        SemiSupervisedVae model = Make();
        Estimate share = ClassAccuracy.Evaluate(model, Dataset.FromValues("points", [2], x, labels));
        Assert.Equal(3 * repeats, share.Count);
        Close.Require(2 / 3.0, share.Mean, 1e-14);
        Close.Require(Math.Sqrt(2 / 9.0 / (3 * repeats - 1)), share.StandardError, 1e-14);
        // log-odds 1, 0 and 1/2.
        double[] odds = [Math.E, 1, Math.Exp(0.5)];
        Close.Require(
            [.. odds.Select(o => o / odds.Sum())], model.Classify(Tensor.From([1.0, 0], [1, 2])).Doubles(), 1e-14);
    }

    [Fact]
    public void Data_without_labels_have_no_share()
    {
        float[] x = [1, 0, 0, 1];
        Assert.Throws<ArgumentException>(() => ClassAccuracy.Evaluate(Make(), Dataset.FromValues("points", [2], x)));
        Assert.Throws<ArgumentException>(
            () => ClassAccuracy.Evaluate(Make(), Dataset.FromValues("points", [2], x, [-1, -1])));
    }
}
