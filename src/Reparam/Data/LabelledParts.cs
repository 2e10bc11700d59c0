namespace Reparam.Data;

/// <summary>The data of a file: all in one part, or in the parts that the file names.</summary>
/// <param name="Train">The training data; all data if the file has no parts.</param>
/// <param name="Validation">The validation data, for the choice of settings; null if the file has no such part.</param>
/// <param name="Test">The test data, for reported results; null if the file has no such part.</param>
/// <param name="Notes">Sentences about arrays that were ignored.</param>
public sealed record LabelledParts(
    LabelledArray Train, LabelledArray? Validation, LabelledArray? Test, IReadOnlyList<string> Notes)
{
    /// <summary>Whether the file has validation or test data in addition to the training data.</summary>
    public bool IsCut => Validation is not null || Test is not null;
}
