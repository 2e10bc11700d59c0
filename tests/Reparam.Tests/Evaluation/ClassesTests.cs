using Reparam.Evaluation;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

public sealed class ClassesTests
{
    [Fact]
    public void Accuracy_is_a_share_with_its_standard_error()
    {
        Estimate accuracy = Classes.Accuracy([0, 1, 2, 2], [0, 1, 2, 0]);
        Close.Require(0.75, accuracy.Mean, 1e-15);
        Close.Require(Math.Sqrt(0.75 * 0.25 / 3), accuracy.StandardError, 1e-15);
        Assert.Throws<ArgumentException>(() => Classes.Accuracy([0], [0, 1]));
        Assert.Throws<ArgumentException>(() => Classes.Accuracy([], []));
    }

    [Fact]
    public void Majority_is_the_class_that_most_members_have() =>
        Assert.Equal([2, 0, 0, 1], Classes.Majority([0, 0, 0, 1, 1, 3], [2, 2, 0, 0, 1, 1], 4));

    [Fact]
    public void Mutual_information_is_that_of_numpy()
    {
        Close.Require(ClassifierTable.Root.GetProperty("nmi").GetDouble(),
            Classes.NormalizedMutualInformation(ClassifierTable.Labels, ClassifierTable.Integers("other")), 1e-13);
        // By scikit-learn's definition, from the table of counts [[1, 2, 0], [3, 0, 0], [0, 1, 3]].
        Close.Require(0.6180656462921541,
            Classes.NormalizedMutualInformation([0, 0, 0, 1, 1, 1, 2, 2, 2, 2], [1, 1, 0, 0, 0, 0, 2, 2, 2, 1]), 1e-13);
    }

    [Fact]
    public void Mutual_information_knows_no_names_and_lies_between_0_and_1()
    {
        Close.Require(1, Classes.NormalizedMutualInformation([0, 0, 1, 1, 2], [2, 2, 0, 0, 1]), 1e-15);
        Close.Require(0, Classes.NormalizedMutualInformation([0, 0, 1, 1], [0, 1, 0, 1]), 1e-15);
        Assert.Equal(1, Classes.NormalizedMutualInformation([0, 0], [0, 0]));
    }

    [Fact]
    public void Classes_are_counted_from_0()
    {
        Assert.Equal(4, Classes.CountOf([1, 3, 0]));
        Assert.Equal(0, Classes.CountOf([]));
        Assert.Throws<ArgumentException>(() => Classes.CountOf([0, -1]));
    }
}
