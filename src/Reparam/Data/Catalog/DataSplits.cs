namespace Reparam.Data;

/// <summary>A data set cut into the pieces that its literature uses.</summary>
/// <param name="Train">What to learn from.</param>
/// <param name="Validation">What to choose settings by; null where the set has no such piece.</param>
/// <param name="Test">What to report on.</param>
public sealed record DataSplits(Dataset Train, Dataset? Validation, Dataset Test)
{
    /// <summary>
    /// How a person's own file was read, as <c>data.layout</c> and <c>data.levels</c> of a configuration say it.
    /// </summary>
    public (string Layout, string Levels) Reading { get; init; } = ("channels-first", "stored");
}
