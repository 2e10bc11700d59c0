namespace Reparam.Data;

/// <summary>Data as a file holds them: all in one, or in the parts that it was published with.</summary>
/// <param name="Train">What to learn from; all data where the file has no parts.</param>
/// <param name="Validation">What to choose settings by; null where the file has no such part.</param>
/// <param name="Test">What to report on; null where the file has no such part.</param>
/// <param name="Notes">What was left alone, in sentences.</param>
public sealed record LabelledParts(
    LabelledArray Train, LabelledArray? Validation, LabelledArray? Test, IReadOnlyList<string> Notes)
{
    /// <summary>Whether the file says which data are to train, to validate and to test.</summary>
    public bool IsCut => Validation is not null || Test is not null;
}
