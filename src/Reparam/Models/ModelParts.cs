using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>What a model is made from beside its settings.</summary>
/// <param name="Weights">Source of the initial weights.</param>
/// <param name="DataCount">The number of training data; 0 where the model is not trained.</param>
/// <param name="Told">How many of them training is told the label of.</param>
public sealed record ModelParts(Rng Weights, int DataCount = 0, int Told = 0);
