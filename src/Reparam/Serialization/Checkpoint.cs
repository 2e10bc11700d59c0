namespace Reparam.Serialization;

/// <summary>A checkpoint that was found whole: every file matches its manifest.</summary>
/// <param name="Folder">Where its files are.</param>
/// <param name="Step">The training step it was taken at.</param>
/// <param name="Notes">What was noted with it, such as the config's hash.</param>
/// <param name="Warnings">What was wrong with newer checkpoints that had to be passed over; empty when all is
/// well.</param>
public sealed record Checkpoint(
    string Folder, long Step, IReadOnlyDictionary<string, string> Notes, IReadOnlyList<string> Warnings)
{
    /// <summary>The path of one of its files.</summary>
    public string FilePath(string name) => Path.Combine(Folder, name);
}
