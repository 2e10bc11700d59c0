using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>A number of each datum that the loss pays beside the bound, times its weight.</summary>
/// <param name="Name">What the number is.</param>
/// <param name="Value">The numbers, [B], with their gradient.</param>
/// <param name="Weight">The weight; 0 pays nothing.</param>
public sealed record PassTerm(string Name, Tensor Value, double Weight)
{
    /// <summary>Refuses a weight that is negative or not finite.</summary>
    internal static double Weighed(double weight) => weight >= 0 && double.IsFinite(weight)
        ? weight
        : throw new ArgumentOutOfRangeException(nameof(weight), weight, "A weight is finite and not negative.");
}
