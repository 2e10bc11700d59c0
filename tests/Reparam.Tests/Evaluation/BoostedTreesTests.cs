using System.Text.Json;
using Reparam.Evaluation;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

/// <summary>Boosted trees against those of scikit-learn (tests/data/make_comparison.py), and on problems whose answer
/// is known.</summary>
public sealed class BoostedTreesTests
{
    private static readonly JsonElement s_trees =
        ReferenceTable.Load("comparison.json").Root.GetProperty("expected").GetProperty("trees");

    // scikit-learn keeps gradients in 32 bits.
    [Fact]
    public void Logits_and_numbers_are_those_of_scikit_learn()
    {
        FeatureTable x = Features("x"), probe = Features("probe");
        int[] labels = [.. s_trees.GetProperty("label").EnumerateArray().Select(v => v.GetInt32())];
        Close.Require(ReferenceTable.NumbersOf(s_trees.GetProperty("logits")),
            [.. BoostedTrees.FitClasses(x, labels, 2).Scores(probe).Select(s => s[0])], 1e-4, "logits");
        double[] y = ReferenceTable.NumbersOf(s_trees.GetProperty("y"));
        Close.Require(ReferenceTable.NumbersOf(s_trees.GetProperty("numbers")),
            [.. BoostedTrees.FitNumbers(x, y).Scores(probe).Select(s => s[0])], 1e-4, "numbers");
    }

    [Fact]
    public void Sets_of_categories_and_missing_cells_decide_together()
    {
        // The class is the parity of the category, turned round where the number is missing.
        double[] category = new double[800], number = new double[800];
        int[] labels = new int[800];
        for (int i = 0; i < 800; i++)
        {
            (category[i], number[i]) = (i * 7 % 20, i % 3 == 0 ? double.NaN : i % 11);
            labels[i] = (int)category[i] % 2 ^ (i % 3 == 0 ? 1 : 0);
        }

        var x = new FeatureTable([category, number, new double[800]], [20, 0, 0]);
        var trees = BoostedTrees.FitClasses(x, labels, 2);
        Assert.Equal(labels, trees.Classify(x));
        Assert.Equal(0, trees.Importance[2]);
        Close.Require(1, trees.Importance.Sum(), 1e-12);
        Assert.Equal(labels[5..8], trees.Classify(x.Subset([5, 6, 7])));
    }

    [Fact]
    public void Three_classes_are_told_apart_and_a_class_without_data_is_never_named()
    {
        var rng = new Rng(4);
        double[] x = [.. Enumerable.Range(0, 600).Select(_ => rng.NextDouble())];
        int[] labels = [.. x.Select(v => v < 0.3 ? 0 : v < 0.7 ? 3 : 1)];
        var features = new FeatureTable([x], [0]);
        int[] classes = BoostedTrees.FitClasses(features, labels, 4).Classify(features);
        Assert.InRange(Classes.Accuracy(classes, labels).Mean, 0.97, 1);
        Assert.DoesNotContain(2, classes);
    }

    [Fact]
    public void Constant_target_and_pure_noise_give_no_false_certainty()
    {
        var rng = new Rng(8);
        double[] x = [.. Enumerable.Range(0, 100).Select(_ => rng.NextDouble())];
        var features = new FeatureTable([x], [0]);
        Assert.All(BoostedTrees.FitNumbers(features, [.. x.Select(_ => 3.5)]).Scores(features),
            s => Close.Require(3.5, s[0], 1e-12));
        Assert.All(BoostedTrees.FitClasses(features, new int[100], 2).Classify(features), c => Assert.Equal(0, c));
    }

    [Fact]
    public void Data_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new FeatureTable([[1, 2], [1]], [0, 0]));
        Assert.Throws<ArgumentException>(() => new FeatureTable([[0, 2]], [2]));
        Assert.Throws<ArgumentException>(() => new FeatureTable([[0, 0.5]], [2]));
        Assert.Throws<ArgumentException>(() => new FeatureTable([], []));
        var features = new FeatureTable([[1, 2, 3]], [0]);
        Assert.Throws<ArgumentException>(() => BoostedTrees.FitNumbers(features, [1, 2]));
        Assert.Throws<ArgumentException>(() => BoostedTrees.FitClasses(features, [0, 1, 2], 2));
        Assert.Throws<ArgumentException>(
            () => BoostedTrees.FitNumbers(features, [1, 2, 3]).Scores(new FeatureTable([[1], [1]], [0, 0])));
    }

    private static FeatureTable Features(string name)
    {
        double[][] rows = [.. s_trees.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(
            v => v.ValueKind == JsonValueKind.Null ? double.NaN : v.GetDouble()).ToArray())];
        return new FeatureTable([.. Enumerable.Range(0, 3).Select(c => Array.ConvertAll(rows, r => r[c]))], [0, 0, 0]);
    }
}
