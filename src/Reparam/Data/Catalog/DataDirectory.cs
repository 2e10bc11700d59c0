namespace Reparam.Data;

/// <summary>The folder of the data sets. It has one folder for each data set, with the name in the
/// <see cref="DatasetCatalog"/>.</summary>
public static class DataDirectory
{
    /// <summary>The environment variable that sets the data directory.</summary>
    public const string Variable = "REPARAM_DATA";

    /// <summary>
    /// The full path of the data directory: <paramref name="option"/> if it is not empty, else the value of
    /// <see cref="Variable"/>, else <c>reparam/data</c> in the user's local application data. An account without such a
    /// folder uses <c>reparam-data</c> in the working directory.
    /// </summary>
    public static string Resolve(string? option = null)
    {
        if (!string.IsNullOrWhiteSpace(option)) return Path.GetFullPath(option);
        string? variable = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrWhiteSpace(variable)) return Path.GetFullPath(variable);
        string local = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        // An account without a home folder (a service, a container) has no local application data. The working
        // directory is then the least surprising choice.
        return string.IsNullOrEmpty(local) ? Path.GetFullPath("reparam-data") : Path.Combine(local, "reparam", "data");
    }
}
