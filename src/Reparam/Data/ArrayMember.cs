namespace Reparam.Data;

/// <summary>
/// An array of a file that may hold several: what it is called, and why it cannot be read where that is so.
/// </summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Foreign">What it holds where that is no plain numbers, such as "text"; null where it can be
/// read.</param>
/// <param name="Read">Reads it; what is foreign or damaged is refused then, and not before.</param>
internal sealed record ArrayMember(string Name, string? Foreign, Func<NumericArray> Read)
{
    /// <summary>All that can be read, by name; where nothing can, the first one's refusal.</summary>
    internal static IReadOnlyDictionary<string, NumericArray> ReadAll(IReadOnlyList<ArrayMember> members)
    {
        Dictionary<string, NumericArray> arrays = new(StringComparer.Ordinal);
        foreach (ArrayMember member in members)
        {
            if (member.Foreign is null) arrays.Add(member.Name, member.Read());
        }

        if (arrays.Count == 0 && members.Count > 0) members[0].Read();
        return arrays;
    }
}
