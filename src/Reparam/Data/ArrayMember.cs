namespace Reparam.Data;

/// <summary>
/// One array of a file that may contain several arrays: its name, and why it cannot be read if that is so.
/// </summary>
/// <param name="Name">The name of the array in the file.</param>
/// <param name="Foreign">What the array contains if its elements are not plain numbers, such as "text"; null if it can
/// be read.</param>
/// <param name="Read">Reads the array. Only this call throws for an array that is foreign or damaged.</param>
internal sealed record ArrayMember(string Name, string? Foreign, Func<NumericArray> Read)
{
    /// <summary>Reads all arrays of plain numbers, by name. If there is none, throws the error of the first
    /// array.</summary>
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
