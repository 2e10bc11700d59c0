using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

public sealed class SoftMaxClassifierTests
{
    [Fact]
    public void Built_in_digits_are_told_apart()
    {
        var digits = new DigitGenerator(0);
        Dataset train = digits.Generate(2000), test = digits.Generate(500, firstIndex: 2000);
        SoftMaxClassifier classifier = SoftMaxClassifier.Fit(
            Images(train), train.Labels!.Value.Span, new Rng(1), epochs: 5, hidden: 128);
        Estimate accuracy = Classes.Accuracy(classifier.Classify(Images(test)), test.Labels!.Value.Span);
        Assert.True(accuracy.Mean > 0.9, $"{accuracy.Mean}");
    }

    [Fact]
    public void Mnist_is_told_apart_by_a_sixth_of_its_data()
    {
        RealData.File("mnist", "train-images-idx3-ubyte.gz");
        DataSplits mnist = DatasetCatalog.Load("mnist", RealData.Directory);
        Dataset train = mnist.Train[..10_000], test = mnist.Test;
        SoftMaxClassifier classifier = SoftMaxClassifier.Fit(Images(train), train.Labels!.Value.Span, new Rng(1));
        Estimate accuracy = Classes.Accuracy(classifier.Classify(Images(test)), test.Labels!.Value.Span);
        Assert.True(accuracy.Mean > 0.94, $"{accuracy.Mean}");
    }

    [Fact]
    public void Classes_that_no_line_parts_are_learnt()
    {
        Tensor x = new Rng(2).Normal([1000, 2]);
        int[] labels = [.. Enumerable.Range(0, 1000).Select(i => x.At(2 * i) * x.At(2 * i + 1) > 0 ? 1 : 0)];
        SoftMaxClassifier classifier = SoftMaxClassifier.Fit(x, labels, new Rng(3), epochs: 60, hidden: 64);
        Assert.InRange(Classes.Accuracy(classifier.Classify(x), labels).Mean, 0.95, 1);
        Assert.InRange(Classes.Accuracy(LogisticRegression.Fit(x, labels).Classify(x), labels).Mean, 0, 0.7);
    }

    [Fact]
    public void Same_data_labels_and_stream_give_the_same_bits_and_probabilities_sum_to_1()
    {
        Tensor x = new Rng(4).Normal([130, 3, 2]);
        int[] labels = [.. Enumerable.Range(0, 130).Select(i => i % 3)];
        float[] Scores() =>
            SoftMaxClassifier.Fit(x, labels, new Rng(5), classes: 4, epochs: 2, hidden: 8).LogProbs(x).ToArray<float>();
        float[] scores = Scores();
        Assert.Equal(scores, Scores());
        Assert.Equal(130 * 4, scores.Length);
        Assert.Equal(1, scores[..4].Sum(s => Math.Exp(s)), 1e-5);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SoftMaxClassifier.Fit(Tensor.Zeros([2, 2]), [0], new Rng(1)));
        Assert.Throws<ArgumentException>(
            () => SoftMaxClassifier.Fit(Tensor.Zeros([2, 2]), [0, 3], new Rng(1), classes: 3));
        SoftMaxClassifier classifier = SoftMaxClassifier.Fit(
            Tensor.Zeros([2, 2]), [0, 1], new Rng(1), epochs: 1, hidden: 2);
        Assert.Throws<ArgumentException>(() => classifier.LogProbs(Tensor.Zeros([2, 3])));
    }

    private static Tensor Images(Dataset data)
    {
        float[] values = new float[data.Count * data.EventShape.Size];
        data.CopyValues(0, data.Count, values);
        return Tensor.From(values, [data.Count, .. data.EventShape]);
    }
}
