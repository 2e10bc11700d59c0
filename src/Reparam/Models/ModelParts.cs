using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>The inputs that make a model, in addition to its settings.</summary>
/// <param name="Weights">Source of the initial weights.</param>
/// <param name="DataCount">The number of training data; 0 where the model is not trained.</param>
/// <param name="Told">The number of training data whose label is known in training.</param>
public sealed record ModelParts(Rng Weights, int DataCount = 0, int Told = 0);
