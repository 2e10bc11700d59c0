using System.Runtime.CompilerServices;

namespace Reparam.Testing;

/// <summary>The checkout that the tests were built from.</summary>
public static class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot([CallerFilePath] string path = "")
    {
        // A deterministic build may have mapped the source path away; the test host's own folder is below the root too.
        foreach (string start in (string[])[Path.GetDirectoryName(path) ?? "", AppContext.BaseDirectory])
        {
            for (DirectoryInfo? at = new(start.Length == 0 ? "." : start); at is not null; at = at.Parent)
            {
                if (File.Exists(Path.Combine(at.FullName, "Reparam.slnx"))) return at.FullName;
            }
        }

        throw new InvalidOperationException("The repository's root was not found above the tests.");
    }
}
