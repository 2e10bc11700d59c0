namespace Reparam.Data;

/// <summary>Data as a file holds them, with their labels where it has any.</summary>
/// <param name="Data">The data; the first axis counts them.</param>
/// <param name="Labels">One class a datum, whole numbers from 0 along one axis; null where the file has none.</param>
public sealed record LabelledArray(NumericArray Data, NumericArray? Labels);
