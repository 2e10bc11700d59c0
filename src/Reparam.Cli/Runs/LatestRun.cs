using Reparam.Cli.Display;
using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Cli.Runs;

/// <summary>Opens run folders, and knows the newest by a word.</summary>
internal static class LatestRun
{
    /// <summary>What stands for the newest run; a folder of that name is <c>./latest</c>.</summary>
    public const string Word = "latest";

    private const string Below = "runs", ConfigFile = "config.json";

    /// <summary>The run of a path, or the newest one, which is said.</summary>
    /// <param name="path">The run's folder, or the word.</param>
    /// <param name="catalog">The kinds that its configuration may name.</param>
    /// <exception cref="InvalidConfigException">There is no such run.</exception>
    public static Run Open(string path, Catalog catalog)
    {
        if (path != Word) return Run.Open(path, catalog);
        string newest = Find(Below) ?? throw new InvalidConfigException(
            $"There is no run below '{Below}' in this folder, so '{Word}' names none; train one with: reparam train"
            + (Directory.Exists(Word) ? $" (the folder '{Word}' is ./{Word})" : ""));
        Message.Note($"{Word} is {Terminal.Relative(newest)}");
        return Run.Open(newest, catalog);
    }

    /// <summary>The folder of the newest run in a folder or below it; null where there is none.</summary>
    private static string? Find(string folder) => Runs(new DirectoryInfo(folder))
        .OrderByDescending(config => config.LastWriteTimeUtc)
        .ThenByDescending(config => config.FullName, StringComparer.Ordinal)
        .FirstOrDefault()?.DirectoryName;

    /// <summary>The configurations of all runs. A run holds no others, and a link may lead back up.</summary>
    private static IEnumerable<FileInfo> Runs(DirectoryInfo folder)
    {
        if (!folder.Exists) return [];
        var config = new FileInfo(Path.Combine(folder.FullName, ConfigFile));
        if (config.Exists) return [config];
        var real = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint };
        return folder.EnumerateDirectories("*", real).SelectMany(Runs);
    }
}
