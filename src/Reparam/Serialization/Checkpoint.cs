namespace Reparam.Serialization;

/// <summary>An intact checkpoint: every file matches the manifest.</summary>
/// <param name="Folder">The folder of its files.</param>
/// <param name="Step">The training step of the checkpoint.</param>
/// <param name="Notes">Notes of the manifest, such as the hash of the configuration.</param>
/// <param name="Warnings">The problems of newer checkpoints that were skipped; empty if there are none.</param>
public sealed record Checkpoint(
    string Folder, long Step, IReadOnlyDictionary<string, string> Notes, IReadOnlyList<string> Warnings)
{
    /// <summary>The path of a file of the checkpoint.</summary>
    public string FilePath(string name) => Path.Combine(Folder, name);
}
