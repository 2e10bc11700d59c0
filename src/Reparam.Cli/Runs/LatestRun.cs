using Reparam.Cli.Display;
using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Cli.Runs;

/// <summary>Opens run folders. The word <c>latest</c> means the newest run.</summary>
internal static class LatestRun
{
    /// <summary>The word for the newest run. A folder with this name is given as <c>./latest</c>.</summary>
    public const string Word = "latest";

    private const string Below = "runs", ConfigFile = "config.json";

    /// <summary>Opens the run of a path, or the newest run. In that case a note names the run.</summary>
    /// <param name="path">The run's folder, or the word for the newest run.</param>
    /// <param name="catalog">The kinds that its configuration may name.</param>
    /// <exception cref="InvalidConfigException">There is no such run.</exception>
    public static Run Open(string path, Catalog catalog)
    {
        if (path != Word) return Run.Open(path, catalog, ProgramFormats.All);
        string newest = Find(Below) ?? throw new InvalidConfigException(
            $"There is no run below '{Below}' in this folder, so '{Word}' names no run. Train one with: " +
            $"{ReparamProgram.Name} train" +
            (Directory.Exists(Word) ? $" (for the folder '{Word}' write ./{Word})" : ""));
        Message.Note($"{Word} is {Terminal.Relative(newest)}");
        return Run.Open(newest, catalog, ProgramFormats.All);
    }

    /// <summary>The folder of the newest run in a folder or below it; null where there is none.</summary>
    private static string? Find(string folder) => Runs(new DirectoryInfo(folder))
        .OrderByDescending(config => config.LastWriteTimeUtc)
        .ThenByDescending(config => config.FullName, StringComparer.Ordinal)
        .FirstOrDefault()?.DirectoryName;

    /// <summary>The configuration files of all runs. A run contains no other runs. Links are not followed, because a
    /// link may lead back to a parent folder.</summary>
    private static IEnumerable<FileInfo> Runs(DirectoryInfo folder)
    {
        if (!folder.Exists) return [];
        var config = new FileInfo(Path.Combine(folder.FullName, ConfigFile));
        if (config.Exists) return [config];
        var real = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint };
        return folder.EnumerateDirectories("*", real).SelectMany(Runs);
    }
}
