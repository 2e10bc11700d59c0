namespace Reparam.Data;

/// <summary>The data of a file, with their labels if the file has any.</summary>
/// <param name="Data">The data. The first axis is the index of the data point.</param>
/// <param name="Labels">One class per data point, whole numbers from 0 along one axis; null if the file has no
/// labels.</param>
public sealed record LabelledArray(NumericArray Data, NumericArray? Labels);
