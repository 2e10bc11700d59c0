using System.Text.Json;
using Reparam.Evaluation;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

public sealed class LogisticRegressionTests
{
    [Fact]
    public void Minimum_is_that_of_scipy()
    {
        foreach (JsonElement expected in ClassifierTable.Root.GetProperty("regressions").EnumerateArray())
        {
            LogisticRegression found = LogisticRegression.Fit(
                ClassifierTable.Points, ClassifierTable.Labels, expected.GetProperty("decay").GetDouble());
            Close.Require(expected.GetProperty("loss").GetDouble(), found.Loss, 1e-9);
            Close.Require(ReferenceTable.NumbersOf(expected.GetProperty("log_probs")),
                found.LogProbs(ClassifierTable.Points).Doubles(), 1e-4);
        }
    }

    [Fact]
    public void Classes_that_a_line_parts_are_parted_with_finite_weights()
    {
        Tensor x = new Rng(1).Normal([200, 2]);
        int[] labels = [.. Enumerable.Range(0, 200).Select(i => x.At(2 * i) + x.At(2 * i + 1) > 0 ? 1 : 0)];
        LogisticRegression line = LogisticRegression.Fit(x, labels);
        Assert.True(line.LogProbs(x).IsFinite());
        Assert.InRange(Classes.Accuracy(line.Classify(x), labels).Mean, 0.98, 1);
    }

    [Fact]
    public void Scale_origin_and_features_that_never_change_make_no_difference()
    {
        Tensor x = ClassifierTable.Points;
        Tensor moved = Tensor.Concat(1, x * 1000 + 5, Tensor.Full([x.Shape[0], 1], 3, DType.Float64));
        double[] plain = LogisticRegression.Fit(x, ClassifierTable.Labels).LogProbs(x).Doubles();
        Close.Require(plain, LogisticRegression.Fit(moved, ClassifierTable.Labels).LogProbs(moved).Doubles(), 1e-4);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit(Tensor.Zeros([2, 2]), [0]));
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit(Tensor.Zeros([2, 2]), [0, -1]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => LogisticRegression.Fit(Tensor.Zeros([2, 2]), [0, 1], decay: 0));
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit(
            ClassifierTable.Points, ClassifierTable.Labels).Classify(Tensor.Zeros([1, 3])));
    }
}
