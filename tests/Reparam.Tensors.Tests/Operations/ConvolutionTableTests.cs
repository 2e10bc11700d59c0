using System.Text.Json;
using Reparam.Testing;

namespace Reparam.Tensors.Tests.Operations;

/// <summary>Convolutions and their gradients against PyTorch (tests/data/make_convolutions.py).</summary>
public sealed class ConvolutionTableTests
{
    // Inputs are multiples of 1/32 up to 2: every product is a multiple of 2^-10 below 4, and sums of up to some
    // thousand are exact in Float32. What is left is PyTorch's own order of sums, which is exact too.
    private const double Tolerance = 1e-15;

    private static readonly JsonElement[] Table =
        [.. ReferenceTable.Load("convolutions.json").Root.GetProperty("cases").EnumerateArray()];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Table.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Results_and_gradients_are_those_of_the_table(int index)
    {
        JsonElement item = Table[index];
        foreach (DType type in Enum.GetValues<DType>())
        {
            using var tape = new GradientTape();
            Tensor x = ReferenceTable.TensorOf(item.GetProperty("x"), type),
                weight = ReferenceTable.TensorOf(item.GetProperty("weight"), type);
            Tensor? bias = item.TryGetProperty("bias", out JsonElement b) ? ReferenceTable.TensorOf(b, type) : null;
            Tensor y = Convolve(item, x, weight, bias);
            Compare(item, "y", y, index);
            Tensor[] sources = bias is null ? [x, weight] : [x, weight, bias];
            Gradients gradients = tape.Gradients(
                (y * ReferenceTable.TensorOf(item.GetProperty("g"), type)).Sum(), sources);
            Compare(item, "dx", gradients[0], index);
            Compare(item, "dweight", gradients[1], index);
            if (bias is not null) Compare(item, "dbias", gradients[2], index);
        }
    }

    private static Tensor Convolve(JsonElement item, Tensor x, Tensor weight, Tensor? bias)
    {
        Extent2d Pair(string name) => (item.GetProperty(name)[0].GetInt32(), item.GetProperty(name)[1].GetInt32());
        int groups = item.GetProperty("groups").GetInt32();
        return item.GetProperty("kind").GetString() == "Conv2d"
            ? Tensor.Conv2d(x, weight, bias, Pair("stride"), Pair("padding"), Pair("dilation"), groups)
            : Tensor.ConvTranspose2d(
                x, weight, bias, Pair("stride"), Pair("padding"), Pair("outputPadding"), Pair("dilation"), groups);
    }

    private static void Compare(JsonElement item, string name, Tensor actual, int index)
    {
        Tensor expected = ReferenceTable.TensorOf(item.GetProperty(name), DType.Float64);
        Assert.Equal(expected.Shape, actual.Shape);
        Close.Require(expected.Doubles(), actual.Doubles(), Tolerance, $"{name} of case {index}");
    }
}
