using System.Text.Json;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

/// <summary>What NumPy and SciPy find for a small set of points (tests/data/make_classifiers.py).</summary>
internal static class ClassifierTable
{
    private static readonly ReferenceTable Table = ReferenceTable.Load("classifiers.json");

    public static JsonElement Root => Table.Root;

    public static Tensor Points => Table.Column("points", DType.Float64);

    public static Tensor Queries => Table.Column("queries", DType.Float64);

    public static int[] Labels => Integers("labels");

    public static int[] Integers(string name) => IntegersOf(Root.GetProperty(name));

    public static int[] IntegersOf(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetInt32())];
}
