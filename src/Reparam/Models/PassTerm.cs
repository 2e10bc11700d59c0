using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>A term of the loss in addition to the bound: one number for each datum, multiplied by a weight.</summary>
/// <param name="Name">The name of the term.</param>
/// <param name="Value">The numbers, [B], with their gradient.</param>
/// <param name="Weight">The weight; 0 removes the term from the loss.</param>
public sealed record PassTerm(string Name, Tensor Value, double Weight)
{
    /// <summary>Returns the weight, and throws if it is negative or not finite.</summary>
    internal static double Weighed(double weight) => weight >= 0 && double.IsFinite(weight)
        ? weight
        : throw new ArgumentOutOfRangeException(nameof(weight), weight, "A weight is finite and not negative.");
}
