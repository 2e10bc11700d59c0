namespace Reparam.Data;

/// <summary>Data as a file holds them, with their labels where it has any.</summary>
/// <param name="Data">The data; the first axis counts them.</param>
/// <param name="Labels">One class a datum, whole numbers from 0; null where the file has none.</param>
public sealed record LabelledArray(NumericArray Data, NumericArray? Labels)
{
    private const int LargestLabel = 999_999; // memory grows with the largest, and what exceeds this is an identifier rather than a class

    private static readonly string[] DataNames = ["data", "images", "x"], LabelNames = ["labels", "y"];

    /// <summary>
    /// Tells data from labels by their names, in capitals or not: labels are <c>labels</c> or <c>y</c>; data are <c>data</c>, <c>images</c> or <c>x</c>, or else the only other array. A single array is the data, whatever its name.
    /// </summary>
    /// <exception cref="InvalidDataFileException">The names leave a choice, or the labels are no classes of the data.</exception>
    internal static LabelledArray Of(IReadOnlyDictionary<string, NumericArray> arrays, string path)
    {
        if (arrays.Count == 0) throw Bad(path, "it holds no array; save one into it.");
        if (arrays.Count == 1) return new LabelledArray(arrays.Values.First(), null);
        string? labels = OneOf(Named(arrays, LabelNames), "the labels", path);
        string? data = OneOf(Named(arrays, DataNames), "the data", path);
        if (data is null)
        {
            string[] others = [.. arrays.Keys.Where(name => name != labels).Order(StringComparer.Ordinal)];
            data = others.Length == 1
                ? others[0]
                : throw Bad(path, $"it holds {arrays.Count} arrays ({string.Join(", ", arrays.Keys.Order(StringComparer.Ordinal).Take(8))}), and none is named data, images or x; name the data so, and their labels, if any, labels or y.");
        }

        if (labels is not null) RequireClasses(arrays[labels], arrays[data], labels, path);
        return new LabelledArray(arrays[data], labels is null ? null : arrays[labels]);
    }

    private static string[] Named(IReadOnlyDictionary<string, NumericArray> arrays, string[] names) =>
        [.. arrays.Keys.Where(name => names.Contains(name, StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];

    private static string? OneOf(string[] candidates, string role, string path) => candidates.Length <= 1
        ? candidates.FirstOrDefault()
        : throw Bad(path, $"{string.Join(" and ", candidates)} could all be {role}; keep one of them.");

    private static void RequireClasses(NumericArray labels, NumericArray data, string name, string path)
    {
        if (labels.Kind is ElementKind.Float32 or ElementKind.Float64) throw Bad(path, $"its labels '{name}' are {labels.Kind}, and labels are classes, whole numbers from 0; save them with .astype('int64').");
        if (labels.Shape.Rank != 1) throw Bad(path, $"its labels '{name}' have shape {labels.Shape}, and labels have one axis, a number for each datum.");
        int count = data.Shape.Rank == 0 ? 0 : data.Shape[0];
        if (labels.Shape[0] != count) throw Bad(path, $"it has {count} data and {labels.Shape[0]} labels '{name}'; give one label a datum or none.");
        for (int i = 0; i < count; i++)
        {
            if (labels[i] is < 0 or > LargestLabel) throw Bad(path, FormattableString.Invariant($"label {i} of '{name}' is {labels[i]}; labels are classes, whole numbers from 0 to at most {LargestLabel}, such as numpy.unique(..., return_inverse=True) gives."));
        }
    }

    private static InvalidDataFileException Bad(string path, string problem) => new(path, 0, problem);
}
