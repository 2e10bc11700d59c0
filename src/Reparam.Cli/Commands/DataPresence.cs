using Reparam.Data;

namespace Reparam.Cli.Commands;

/// <summary>Whether the files of a known data set exist. This is quick, because only the names are checked and not the
/// content.</summary>
internal static class DataPresence
{
    public static string Of(DatasetEntry entry, string directory)
    {
        if (entry.Files.Count == 0) return "built in";
        int there = entry.Files.Count(file => IsThere(Path.Combine(directory, entry.Name), file.Name));
        return there == entry.Files.Count ? "there" : there == 0 ? "not there"
            : FormattableString.Invariant($"{there} of {entry.Files.Count} files there");
    }

    private static bool IsThere(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path)
            || File.Exists(name.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path + ".gz");
    }
}
