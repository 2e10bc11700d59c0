namespace Reparam.Testing;

/// <summary>
/// The real data sets that some tests read, found through REPARAM_DATA. Without them those tests are skipped, unless
/// REPARAM_REQUIRE_EXTERNAL=1 says that everything external must be there.
/// </summary>
public static class RealData
{
    /// <summary>Whether missing data or tools are a failure rather than a reason to skip.</summary>
    public static bool Required => Environment.GetEnvironmentVariable("REPARAM_REQUIRE_EXTERNAL") == "1";

    /// <summary>The data directory; skips or fails the running test when there is none.</summary>
    public static string Directory
    {
        get
        {
            string? directory = Environment.GetEnvironmentVariable("REPARAM_DATA");
            Need(!string.IsNullOrEmpty(directory) && System.IO.Directory.Exists(directory),
                "REPARAM_DATA does not name a data directory.");
            return directory!;
        }
    }

    /// <summary>One file of the data directory; skips or fails the running test when it is missing.</summary>
    public static string File(params string[] parts)
    {
        string path = Path.Combine([Directory, .. parts]);
        Need(System.IO.File.Exists(path), $"'{path}' is missing.");
        return path;
    }

    /// <summary>Skips the running test, or fails it where external things are required, unless the condition
    /// holds.</summary>
    public static void Need(bool condition, string why)
    {
        if (Required) Assert.True(condition, why);
        else Assert.SkipUnless(condition, why);
    }
}
