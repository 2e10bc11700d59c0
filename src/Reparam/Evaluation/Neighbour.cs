namespace Reparam.Evaluation;

/// <summary>A point near another.</summary>
/// <param name="Index">Its row among the points searched.</param>
/// <param name="Distance">Its Euclidean distance.</param>
public readonly record struct Neighbour(int Index, double Distance);
