using Reparam.Data;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Data;

public sealed class DatasetTests
{
    private static readonly Dataset Grey = Dataset.FromBytes(
        "g", [2], [0, 51, 102, 153, 204, 255], DataKind.Grey, [7, 8, 9]);

    [Fact]
    public void Grey_levels_are_values_over_255()
    {
        float[] values = new float[4];
        Grey.CopyValues([2, 0], values);
        Assert.Equal([0.8f, 1f, 0f, 0.2f], values);
    }

    [Fact]
    public void Mean_is_that_of_each_element()
    {
        Close.Require([0.4, 0.6], [.. Grey.Mean()], 1e-7); // levels are kept as floats
        Assert.Equal([2.5, -1], Dataset.FromValues("r", [2], [2, -3, 3, 1]).Mean());
    }

    [Fact]
    public void Parts_carry_their_labels()
    {
        Assert.Equal([8, 9], Grey[1..].Labels!.Value.ToArray());
        Dataset subset = Grey.Subset([2, 2, 0]);
        Assert.Equal([9, 9, 7], subset.Labels!.Value.ToArray());
        Assert.Equal([204, 255, 204, 255, 0, 51], subset.Bytes(0, 3).ToArray());
        (Dataset train, Dataset validation) = Grey.Split(1);
        Assert.Equal((2, 1), (train.Count, validation.Count));
    }

    [Fact]
    public void Content_is_copied_in()
    {
        float[] source = [1, 2];
        Dataset set = Dataset.FromValues("r", [1], source);
        source[0] = 5;
        Assert.Equal(1f, set.Values(0, 1)[0]);
    }

    [Fact]
    public void Identity_follows_content_and_labels_and_not_the_name()
    {
        Assert.Equal(Grey.Sha256, Dataset.FromBytes("other", [2], Grey.Bytes(0, 3), DataKind.Grey, [7, 8, 9]).Sha256);
        Assert.NotEqual(Grey.Sha256, Dataset.FromBytes("g", [2], Grey.Bytes(0, 3), DataKind.Grey).Sha256);
        Assert.NotEqual(Grey.Sha256, Dataset.FromBytes("g", [1, 2], Grey.Bytes(0, 3), DataKind.Grey, [7, 8, 9]).Sha256);
        Assert.NotEqual(Grey.Sha256, Grey.Subset([0, 2, 1]).Sha256);
    }

    [Fact]
    public void Shuffle_is_a_permutation_that_the_stream_decides()
    {
        Dataset set = Dataset.FromValues("r", [1], [.. Enumerable.Range(0, 100).Select(i => (float)i)]);
        Dataset once = set.Shuffle(new Rng(1)), again = set.Shuffle(new Rng(1)), other = set.Shuffle(new Rng(2));
        Assert.Equal(once.Sha256, again.Sha256);
        Assert.NotEqual(once.Sha256, other.Sha256);
        Assert.True(set.Values(0, 100).ToArray().SequenceEqual(once.Values(0, 100).ToArray().Order()));
    }

    [Fact]
    public void Bad_content_is_refused_with_its_place()
    {
        Says("empty", () => Dataset.FromBytes("d", [2], [], DataKind.Grey));
        Says("whole number", () => Dataset.FromBytes("d", [2], [1, 2, 3], DataKind.Grey));
        Says("labels", () => Dataset.FromBytes("d", [2], [1, 2], DataKind.Grey, [1, 2]));
        Says("element 1 of data point 1", () => Dataset.FromBytes("d", [2], [0, 1, 1, 2], DataKind.Binary));
        Says("element 0 of data point 1", () => Dataset.FromValues("d", [2], [0, 1, float.NaN, 2]));
        Says("element 1 of data point 0", () => Dataset.FromValues("d", [2], [0, float.PositiveInfinity]));
        Says("no elements", () => Dataset.FromBytes("d", [0], [1], DataKind.Grey));
    }

    [Fact]
    public void Runs_that_leave_the_set_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Grey.Bytes(2, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => Grey.Slice(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Grey.Slice(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Grey.Slice(int.MaxValue, int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => Grey.Split(3));
        Assert.Throws<InvalidOperationException>(() => Grey.Values(0, 1).Length);
    }

    [Fact]
    public void Arrays_become_the_kind_of_set_they_look_like()
    {
        Dataset grey = Dataset.FromArray(
            "a", NumericArray.FromBytes([2, 1, 2], [0, 1, 2, 3]), NumericArray.FromInt32([2], [4, 5]));
        Assert.Equal((DataKind.Grey, 2), (grey.Kind, grey.Count));
        Assert.Equal([1, 2], grey.EventShape);
        Assert.Equal([4, 5], grey.Labels!.Value.ToArray());
        Assert.Null(Dataset.FromArray("a", NumericArray.FromBytes([4], [0, 1, 1, 0])).Labels);
        Assert.Equal(DataKind.Binary, Dataset.FromArray("a", NumericArray.FromBytes([4], [0, 1, 1, 0])).Kind);
        Assert.Equal(
            DataKind.Real, Dataset.FromArray("a", NumericArray.FromBytes([4], [0, 1, 1, 0]), kind: DataKind.Real).Kind);
        Assert.Equal(DataKind.Real, Dataset.FromArray("a", NumericArray.FromInt32([1, 2], [0, -1])).Kind);
        Says("needs a first axis", () => Dataset.FromArray("a", NumericArray.FromInt32([], [0])));
        Says("are bytes", () => Dataset.FromArray("a", NumericArray.FromInt32([1], [0]), kind: DataKind.Grey));
        Says("whole numbers",
            () => Dataset.FromArray("a", NumericArray.FromBytes([1], [0]), NumericArray.FromFloat32([1], [0.5f])));
        Says("element 1 of data point 0",
            () => Dataset.FromArray("a", NumericArray.FromFloat32([1, 2], [0, float.NaN])));
    }

    private static void Says(string what, Action make) =>
        Assert.Contains(what, Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);
}
