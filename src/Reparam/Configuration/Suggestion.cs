namespace Reparam.Configuration;

/// <summary>Finds the known name that a misspelt one probably meant.</summary>
public static class Suggestion
{
    /// <summary>" Did you mean 'x'?" with the nearest known name, or the list of all known names if no name is
    /// near.</summary>
    public static string For(string word, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(word);
        string[] names = [.. known];
        return Nearest(word, names) is { Length: > 0 } nearest ? nearest : $" Known: {string.Join(", ", names)}.";
    }

    /// <summary>" Did you mean 'x'?" with the nearest known name; empty if no name is near.</summary>
    public static string Nearest(string word, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(word);
        string? nearest = known.OrderBy(name => Distance(word, name)).ThenBy(
            name => name, StringComparer.Ordinal).FirstOrDefault();
        return nearest is not null && Distance(word, nearest) <= Math.Max(2, word.Length / 3)
            ? $" Did you mean '{nearest}'?" : "";
    }

    /// <summary>The number of edits between two words, without regard to case (Levenshtein 1966).</summary>
    internal static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal
                    + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
