using Reparam.Data;
using Reparam.Formats;

namespace Reparam.Cli.Runs;

/// <summary>The formats that the command line reads, with the user's cache of decoded pictures.</summary>
internal static class ProgramFormats
{
    /// <summary>The environment variable that names the folder of the cache. If it is empty, nothing is
    /// cached.</summary>
    public const string Variable = "REPARAM_CACHE";

    public static DataFormats All => FileFormats.All with { Cache = Folder() };

    private static string? Folder()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } chosen) return chosen.Length == 0 ? null : chosen;
        string? root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(root))
        {
            string home = Environment.GetFolderPath(OperatingSystem.IsWindows()
                ? Environment.SpecialFolder.LocalApplicationData : Environment.SpecialFolder.UserProfile);
            if (home.Length == 0) return null;
            root = OperatingSystem.IsWindows() ? home : Path.Combine(home, ".cache");
        }

        return Path.Combine(root, "reparam");
    }
}
