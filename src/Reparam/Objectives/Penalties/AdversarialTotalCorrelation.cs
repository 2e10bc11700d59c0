using System.Globalization;
using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Penalties;

/// <summary>
/// A weight on the total correlation KL(q(z) || prod_j q(z_j)) of the aggregate posterior (FactorVAE: Kim and Mnih
/// 2018). A discriminator d learns the density ratio: it distinguishes codes from codes in which each dimension is
/// shuffled over the batch independently. The penalty is weight times the mean of d(z).
/// </summary>
public sealed class AdversarialTotalCorrelation : Penalty
{
    private readonly Discriminator _discriminator;
    private readonly double _weight;

    /// <summary>The penalty with a weight, gamma in the paper, and a discriminator of codes.</summary>
    public AdversarialTotalCorrelation(double weight, Discriminator discriminator)
    {
        ArgumentNullException.ThrowIfNull(discriminator);
        (_weight, _discriminator) = (Weight(weight, nameof(weight)), discriminator);
    }

    /// <inheritdoc/>
    public override string Name =>
        string.Create(CultureInfo.InvariantCulture, $"total correlation x {_weight} by a discriminator");

    /// <summary>False: the total correlation is not negative, but its estimate by a discriminator may be.</summary>
    public override bool IsNonNegative => false;

    /// <inheritdoc/>
    public override bool ComparesData => true;

    /// <inheritdoc/>
    public override bool NeedsPath => true;

    /// <inheritdoc/>
    public override Discriminator Adversary => _discriminator;

    /// <inheritdoc/>
    public override Tensor Evaluate(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (pass.Latents.FirstOrDefault(l => l.Posterior.Support.Kind == SupportKind.Sphere) is { } sphere)
        {
            throw new NotSupportedException("A total correlation by a discriminator shuffles coordinates, and the " +
                $"shuffled codes leave the sphere of latent '{sphere.Name}': use real or discrete latents.");
        }

        return _discriminator.LogOdds(Codes(pass)).Mean() * _weight;
    }

    /// <inheritdoc/>
    public override Tensor AdversaryLoss(InferencePass pass)
    {
        Tensor codes = Codes(pass).Detach();
        // The coordinates of a one-hot variable are shuffled together.
        int[] variables = [.. pass.Latents.SelectMany(l => Enumerable.Repeat(
            l.Posterior.EventShape.Size / l.Posterior.EventShape[0], l.Posterior.EventShape[0]))];
        return _discriminator.Loss(codes, Shuffled(codes, variables, pass.Latents[0].Noise("shuffle")));
    }

    /// <summary>Shuffles the rows of each variable independently; a variable may have several columns.</summary>
    private static Tensor Shuffled(Tensor codes, int[] variables, Rng rng)
    {
        (int count, int size) = (codes.Shape[0], codes.Shape[1]);
        Tensor shuffled = Tensor.From(codes.Shape, elements =>
        {
            int first = 0;
            foreach (int columns in variables)
            {
                int[] order = rng.Permutation(count);
                for (int i = 0; i < count; i++)
                {
                    for (int j = first; j < first + columns; j++)
                        elements[i * size + j] = codes.At(order[i] * size + j);
                }

                first += columns;
            }
        });
        return shuffled.To(codes.DType);
    }
}

/// <summary>Settings of an ELBO with an <see cref="AdversarialTotalCorrelation"/> (Kim and Mnih 2018).</summary>
public sealed record FactorVaeSettings : BoundSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<FactorVaeSettings>(
        "factor-vae", "the ELBO with a penalty on the total correlation, estimated by a discriminator",
        [
            .. OfDraws, BetaSetting, .. OfKL,
            Setting.Real<FactorVaeSettings>("penalty", s => s.Penalty, (s, v) => s with { Penalty = v },
                "weight of the total correlation, gamma in the paper", Bounds.NonNegative),
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The weight of the total correlation, gamma in the paper.</summary>
    public double Penalty { get; init; } = 6;

    /// <inheritdoc/>
    public override Elbo Make(ObjectiveParts parts) =>
        Bound(parts, new AdversarialTotalCorrelation(Penalty, parts.Discriminator(parts.CodeSize)));
}
