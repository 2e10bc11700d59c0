using System.Text.Json;
using Reparam.Testing;

namespace Reparam.Tensors.Tests.Operations;

/// <summary>Pools, normalisations and attention against PyTorch (tests/data/make_images.py): values and every
/// gradient.</summary>
public sealed class ImageTableTests
{
    private static readonly ReferenceTable Table = ReferenceTable.Load("images.json");

    public static TheoryData<string, DType> Cases
    {
        get
        {
            var cases = new TheoryData<string, DType>();
            foreach (JsonElement entry in Entries)
                foreach (DType type in Enum.GetValues<DType>()) cases.Add(entry.GetProperty("name").GetString()!, type);
            return cases;
        }
    }

    private static JsonElement[] Entries => [.. Table.Root.GetProperty("cases").EnumerateArray()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_gradients_are_those_of_PyTorch(string name, DType type)
    {
        JsonElement entry = Entries.Single(e => e.GetProperty("name").GetString() == name);
        Tensor[] inputs =
            [.. entry.GetProperty("inputs").EnumerateArray().Select(i => ReferenceTable.TensorOf(i, type))];
        using var tape = new GradientTape();
        Tensor y = Apply(entry.GetProperty("operation").GetString()!, entry.GetProperty("settings"), inputs);
        Tensor expected = ReferenceTable.TensorOf(entry.GetProperty("output"), type);
        Assert.Equal(expected.Shape, y.Shape);
        // Float64 differs in the last digits only. In Float32 the inputs of GroupNorm lie about 100 from 0: a rounded
        // mean and centred elements are uncertain by 2^-24 * 100 = 6e-6 of a standard deviation, which gradients
        // multiply by a few.
        double tolerance = type == DType.Float64 ? 1e-11 : 5e-5;
        Close.Require(expected.Doubles(), y.Doubles(), tolerance, name);
        Gradients gradients = tape.Gradients(
            (y * ReferenceTable.TensorOf(entry.GetProperty("upstream"), type)).Sum(), inputs);
        JsonElement[] wanted = [.. entry.GetProperty("gradients").EnumerateArray()];
        for (int i = 0; i < inputs.Length; i++)
        {
            double error = Close.Error(
                ReferenceTable.TensorOf(wanted[i], DType.Float64).Doubles(), gradients[i].Doubles());
            // The gradient of a softmax over one key is 0 everywhere, in rounding too.
            if (!double.IsNaN(error)) Assert.True(error <= tolerance, $"{name}, gradient {i}: {error}");
            else Assert.All(gradients[i].Doubles(), g => Assert.Equal(0, g));
        }
    }

    [Fact]
    public void Table_has_cases_of_every_operation() => Assert.Equal(
        ["AvgPool2d", "BatchNormEvaluation", "BatchNormTraining", "GroupNorm", "LayerNorm", "MaxPool2d",
            "ScaledDotProductAttention", "UpsampleNearest2d"],
        Entries.Select(e => e.GetProperty("operation").GetString()!).Distinct().Order());

    private static Tensor Apply(string operation, JsonElement settings, Tensor[] x) => operation switch
    {
        "AvgPool2d" => Tensor.AvgPool2d(
            x[0], Extent(settings, "kernel"), Extent(settings, "stride"), Extent(settings, "padding")),
        "MaxPool2d" => Tensor.MaxPool2d(
            x[0], Extent(settings, "kernel"), Extent(settings, "stride"), Extent(settings, "padding")),
        "UpsampleNearest2d" => Tensor.UpsampleNearest2d(x[0], Extent(settings, "factor")),
        "GroupNorm" => Tensor.GroupNorm(x[0], settings.GetProperty("groups").GetInt32(), x[1], x[2]),
        "LayerNorm" => Tensor.LayerNorm(x[0], ^settings.GetProperty("axes").GetInt32(), x[1], x[2]),
        "BatchNormTraining" => Tensor.BatchNorm(x[0], x[1], x[2]).Y,
        "BatchNormEvaluation" => Tensor.BatchNorm(
            x[0], Vector(settings, "mean", x[0].DType), Vector(settings, "variance", x[0].DType), x[1], x[2]),
        "ScaledDotProductAttention" => Tensor.ScaledDotProductAttention(x[0], x[1], x[2]),
        _ => throw new ArgumentException($"There is no operation '{operation}'."),
    };

    private static Extent2d Extent(JsonElement settings, string name) =>
        (settings.GetProperty(name)[0].GetInt32(), settings.GetProperty(name)[1].GetInt32());

    private static Tensor Vector(JsonElement settings, string name, DType type)
    {
        double[] values = ReferenceTable.NumbersOf(settings.GetProperty(name));
        return Tensor.From(values, [values.Length]).To(type);
    }
}
