namespace Reparam.Data;

/// <summary>A data set cut into the pieces that its literature uses.</summary>
/// <param name="Train">What to learn from.</param>
/// <param name="Validation">What to choose settings by; null where the set has no such piece.</param>
/// <param name="Test">What to report on.</param>
public sealed record DataSplits(Dataset Train, Dataset? Validation, Dataset Test);
