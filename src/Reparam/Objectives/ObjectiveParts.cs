using System.Globalization;
using Reparam.Configuration;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>The values that an objective is made from, in addition to its settings.</summary>
/// <param name="EventShape">The shape of one data point.</param>
/// <param name="CodeSize">The length of a code.</param>
/// <param name="DataCount">The number of training data.</param>
/// <param name="Rng">Source of the initial weights of the objective's own network.</param>
public sealed record ObjectiveParts(Shape EventShape, int CodeSize, int DataCount, Rng Rng)
{
    // Hidden units in each of the two layers of a discriminator.
    private const int Width = 256;
    private const double Largest = 50_000_000;

    /// <summary>Whether the draws of the model's latents carry no gradient.</summary>
    public bool HasDiscreteLatents { get; init; }

    /// <summary>Whether the model infers a class. The values of a class can be enumerated.</summary>
    public bool HasClasses { get; init; }

    /// <summary>A discriminator of vectors of length <paramref name="size"/>.</summary>
    /// <exception cref="InvalidConfigException">The discriminator would have too many parameters.</exception>
    public Discriminator Discriminator(int size)
    {
        double parameters = (size + Width + 2.0) * Width;
        return parameters <= Largest
            ? new Discriminator(size, Rng.Split("adversary"), [Width, Width])
            : throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture, $"The objective's " +
                $"discriminator would have {parameters:N0} parameters; at most {Largest:N0} are allowed. Use another " +
                $"objective."));
    }
}
