using System.Globalization;
using Reparam.Configuration;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>What an objective is made from beside its settings.</summary>
/// <param name="EventShape">Extents of one datum.</param>
/// <param name="CodeSize">The length of a code.</param>
/// <param name="DataCount">The number of training data.</param>
/// <param name="Rng">Source of the weights of a network of the objective's own.</param>
public sealed record ObjectiveParts(Shape EventShape, int CodeSize, int DataCount, Rng Rng)
{
    // Hidden units of each of a discriminator's two layers.
    private const int Width = 256;
    private const double Largest = 50_000_000;

    /// <summary>Whether the model's latents are drawn without a gradient of their own.</summary>
    public bool HasDiscreteLatents { get; init; }

    /// <summary>Whether the model infers a class, whose values can be enumerated.</summary>
    public bool HasClasses { get; init; }

    /// <summary>A discriminator of vectors of a length.</summary>
    /// <exception cref="InvalidConfigException">It would be too large.</exception>
    public Discriminator Discriminator(int size)
    {
        double parameters = (size + Width + 2.0) * Width;
        return parameters <= Largest
            ? new Discriminator(size, Rng.Split("adversary"), [Width, Width])
            : throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture, $"The objective's " +
                $"discriminator would have {parameters:N0} parameters; at most {Largest:N0}. Use another objective."));
    }
}
