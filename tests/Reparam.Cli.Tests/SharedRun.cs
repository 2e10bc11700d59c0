using Reparam.Testing;

[assembly: AssemblyFixture(typeof(Reparam.Cli.Tests.SharedRun))]

namespace Reparam.Cli.Tests;

/// <summary>One small run of grey levels that all tests read and none changes; a test that would change it takes a
/// copy.</summary>
public sealed class SharedRun : IDisposable
{
    private static readonly string[] Training =
        ["train", "--binarization", "none", "--limit", "500", "--epochs", "2", "--hidden", "32", "--latent", "4",
            "--seed", "3", "--out", "run", "--json"];

    private readonly TemporaryFolder _folder = new();

    public SharedRun()
    {
        Trained = CommandLine.RunAlone(_folder.Path, new Dictionary<string, string>(), Training).Exits(0);
    }

    /// <summary>The folder that holds it.</summary>
    public string Folder => _folder.Path;

    /// <summary>The run.</summary>
    public string Run => _folder.File("run");

    internal CommandLine.Outcome Trained { get; }

    /// <summary>A copy that a test may damage.</summary>
    public string CopyTo(string target)
    {
        foreach (string file in Directory.GetFiles(Run, "*", SearchOption.AllDirectories))
        {
            // The numbers of an evaluation by another test.
            if (Path.GetFileName(file).StartsWith("evaluation.", StringComparison.Ordinal)) continue;
            string copy = Path.Combine(target, Path.GetRelativePath(Run, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }

    public void Dispose() => _folder.Dispose();
}
