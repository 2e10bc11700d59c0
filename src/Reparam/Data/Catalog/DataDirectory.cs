namespace Reparam.Data;

/// <summary>Where data sets are kept: one folder a set, named as in the <see cref="DatasetCatalog"/>.</summary>
public static class DataDirectory
{
    /// <summary>The environment variable that moves the data directory.</summary>
    public const string Variable = "REPARAM_DATA";

    /// <summary>An explicit choice if there is one, else <see cref="Variable"/>, else <c>reparam/data</c> in the user's
    /// local application data.</summary>
    public static string Resolve(string? option = null)
    {
        if (!string.IsNullOrWhiteSpace(option)) return Path.GetFullPath(option);
        string? variable = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrWhiteSpace(variable)) return Path.GetFullPath(variable);
        string local = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        // An account without a home (a service, a container) has no such folder; the working directory is then the
        // least surprise.
        return string.IsNullOrEmpty(local) ? Path.GetFullPath("reparam-data") : Path.Combine(local, "reparam", "data");
    }
}
