using System.Globalization;
using System.Text.Json;
using Reparam.Testing;

namespace Reparam.Tensors.Tests.Operations;

/// <summary>Powers, extrema, choices, running sums and variances against PyTorch (tests/data/make_operations.py):
/// values and every gradient.</summary>
public sealed class OperationTableTests
{
    private static readonly ReferenceTable Table = ReferenceTable.Load("operations.json");

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
        JsonElement[] given = [.. entry.GetProperty("inputs").EnumerateArray()];
        Tensor[] inputs = [.. given.Select(i => ReferenceTable.TensorOf(i, type))];
        using var tape = new GradientTape();
        Tensor y = Apply(entry.GetProperty("operation").GetString()!, entry.GetProperty("settings"), inputs);
        Tensor expected = ReferenceTable.TensorOf(entry.GetProperty("output"), type);
        Assert.Equal(expected.Shape, y.Shape);
        Assert.Equal(type, y.DType);
        double tolerance = type == DType.Float64 ? 1e-13 : 3e-6;
        Close.Require(expected.Doubles(), y.Doubles(), tolerance, name);
        Tensor upstream = ReferenceTable.TensorOf(entry.GetProperty("upstream"), type);
        Gradients gradients = tape.Gradients((y * upstream).Sum(), inputs);
        JsonElement[] wanted = [.. entry.GetProperty("gradients").EnumerateArray()];
        for (int i = 0; i < inputs.Length; i++)
        {
            Tensor gradient = ReferenceTable.TensorOf(wanted[i], type);
            Assert.Equal(gradient.Shape, gradients[i].Shape);
            Close.Require(gradient.Doubles(), gradients[i].Doubles(), tolerance, $"{name}, gradient {i}");
        }
    }

    [Fact]
    public void Table_has_cases_of_every_operation() => Assert.Equal(
        ["CumSum", "Gather", "IndexSelect", "LogSigmoid", "Max", "MaxAll", "Min", "MinAll", "Part", "Pow", "PowTensor",
            "Stack", "Variance"],
        Entries.Select(e => e.GetProperty("operation").GetString()!).Distinct().Order(StringComparer.Ordinal));

    private static Tensor Apply(string operation, JsonElement settings, Tensor[] x) => operation switch
    {
        "Pow" => x[0].Pow(settings.GetProperty("exponent").GetDouble()),
        "PowTensor" => x[0].Pow(x[1]),
        "Max" => x[0].Max(Axis(settings), Flag(settings, "keep")),
        "Min" => x[0].Min(Axis(settings), Flag(settings, "keep")),
        "MaxAll" => x[0].Max(),
        "MinAll" => x[0].Min(),
        "Stack" => Tensor.Stack(Axis(settings), x),
        "Part" => x[0][[.. settings.GetProperty("part").GetString()!.Split(',').Select(Slice)]],
        "CumSum" => x[0].CumSum(Axis(settings)),
        "Gather" => x[0].Gather(Axis(settings), ReferenceTable.TensorOf(settings.GetProperty("indices"), x[0].DType)),
        "IndexSelect" => x[0].IndexSelect(Axis(settings), Indices(settings)),
        "Variance" => x[0].Variance(Axis(settings), Flag(settings, "keep"), Flag(settings, "unbiased")),
        "LogSigmoid" => x[0].LogSigmoid(),
        _ => throw new ArgumentException($"There is no operation '{operation}'."),
    };

    private static int Axis(JsonElement settings) => settings.GetProperty("axis").GetInt32();

    private static bool Flag(JsonElement settings, string name) => settings.GetProperty(name).GetBoolean();

    private static int[] Indices(JsonElement settings) =>
        [.. ReferenceTable.NumbersOf(settings.GetProperty("indices").GetProperty("values")).Select(v => (int)v)];

    private static AxisSlice Slice(string text)
    {
        string[] ends = text.Split("..");
        if (ends.Length == 1) return Position(text);
        Index start = ends[0].Length == 0 ? Index.Start : Position(ends[0]);
        return new Range(start, ends[1].Length == 0 ? Index.End : Position(ends[1]));
    }

    private static Index Position(string text) =>
        new(int.Parse(text.TrimStart('^'), CultureInfo.InvariantCulture), fromEnd: text[0] == '^');
}
