using System.Globalization;
using System.Text.Json;
using Reparam.Tensors;

namespace Reparam.Testing;

/// <summary>
/// A committed table of values made by another implementation (tests/data, with the script that made it), copied beside
/// the test assembly. Columns are tensors: <c>{"shape": [2, 3], "values": [...]}</c>.
/// </summary>
public sealed class ReferenceTable
{
    private readonly JsonElement _root;

    private ReferenceTable(JsonElement root) => _root = root;

    /// <summary>The path of a file of tests/data.</summary>
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "data", name);

    /// <summary>Reads a table.</summary>
    public static ReferenceTable Load(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(PathOf(name)));
        return new ReferenceTable(document.RootElement.Clone());
    }

    /// <summary>The table's own JSON, for tables of another form.</summary>
    public JsonElement Root => _root;

    /// <summary>The numbers of a column, row-major.</summary>
    public double[] Values(string column) => NumbersOf(_root.GetProperty(column).GetProperty("values"));

    /// <summary>A column as a tensor.</summary>
    public Tensor Column(string column, DType dtype) => TensorOf(_root.GetProperty(column), dtype);

    /// <summary>The parameters by name.</summary>
    public Dictionary<string, Tensor> Parameters(DType dtype) =>
        _root.GetProperty("parameters").EnumerateObject().ToDictionary(p => p.Name, p => TensorOf(p.Value, dtype));

    /// <summary>Whether the table has a column.</summary>
    public bool Has(string column) => _root.TryGetProperty(column, out _);

    /// <summary>A JSON array of numbers; infinity and NaN are strings.</summary>
    public static double[] NumbersOf(JsonElement array) =>
        [.. array.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String
            ? double.Parse(v.GetString()!, CultureInfo.InvariantCulture) : v.GetDouble())];

    /// <summary>A tensor of the table: its shape and its values, row-major.</summary>
    public static Tensor TensorOf(JsonElement element, DType dtype)
    {
        Shape shape = Shape.Create([.. element.GetProperty("shape").EnumerateArray().Select(v => v.GetInt32())]);
        return Tensor.From(NumbersOf(element.GetProperty("values")), shape).To(dtype);
    }
}
