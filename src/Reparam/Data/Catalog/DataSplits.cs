namespace Reparam.Data;

/// <summary>A data set in its training, validation and test parts, as the literature about the data set uses
/// them.</summary>
/// <param name="Train">The training data.</param>
/// <param name="Validation">The validation data, for the choice of settings; null if the data set has no such
/// part.</param>
/// <param name="Test">The test data, for reported results.</param>
public sealed record DataSplits(Dataset Train, Dataset? Validation, Dataset Test)
{
    /// <summary>Whether the validation data are already cut off from the training data.</summary>
    internal bool IsCut { get; init; }

    /// <summary>How the user's own file was read: the values of <c>data.layout</c> and <c>data.levels</c>.</summary>
    public (string Layout, string Levels) Reading { get; init; } = ("channels-first", "stored");

    /// <summary>How the user's own pictures were read: the values of <c>data.size</c> and <c>data.grey</c>; null if the
    /// data were not pictures.</summary>
    public (int Size, bool Grey)? Pictures { get; init; }
}
