namespace Reparam.Tensors;

/// <summary>
/// Names the layer whose operations are being recorded, so that a report of a NaN names the layer in which it first
/// appeared: <c>using var layer = LayerName.Enter("encoder.hidden.0");</c>.
/// </summary>
public readonly ref struct LayerName
{
    [ThreadStatic]
    private static string? s_current;

    private readonly string? _outer;

    private LayerName(string? outer) => _outer = outer;

    /// <summary>The layer whose operations are being recorded; empty for none.</summary>
    public static string Current => s_current ?? "";

    /// <summary>Makes <paramref name="name"/> the current layer until the result is disposed.</summary>
    public static LayerName Enter(string name)
    {
        var entered = new LayerName(s_current);
        s_current = name;
        return entered;
    }

    /// <summary>Makes the outer layer current again.</summary>
    public void Dispose() => s_current = _outer;
}
