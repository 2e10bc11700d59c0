using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// A floor under the KL in the objective (Kingma et al. 2016, appendix C.8). Below the floor a lower KL gains nothing,
/// so latent dimensions may carry that much information for free. This keeps them from being switched off early in
/// training.
/// </summary>
public sealed class FreeBits
{
    private readonly double _nats;
    private readonly bool _perDimension;

    private FreeBits(double nats, bool perDimension)
    {
        if (!(nats >= 0) || !double.IsFinite(nats))
            throw new ArgumentOutOfRangeException(nameof(nats), "Free nats must be non-negative and finite.");
        _nats = nats;
        _perDimension = perDimension;
    }

    /// <summary>No floor.</summary>
    public static FreeBits None { get; } = new(0, false);

    /// <summary>Each latent dimension pays max(nats, its KL averaged over the batch).</summary>
    public static FreeBits PerDimension(double nats) => new(nats, perDimension: true);

    /// <summary>Each latent variable pays max(nats, its KL averaged over the batch).</summary>
    public static FreeBits Total(double nats) => new(nats, perDimension: false);

    /// <summary>Whether there is a floor above 0.</summary>
    public bool IsActive => _nats > 0;

    /// <summary>The KL that the loss pays, a scalar in nats, if the exact mean over the batch is
    /// <paramref name="meanKL"/>.</summary>
    /// <exception cref="NotSupportedException">A floor per dimension needs a posterior and a prior of independent
    /// variables.</exception>
    public Tensor Floor(Tensor meanKL, LatentTerm latent)
    {
        if (!IsActive) return meanKL;
        if (!_perDimension) return Tensor.Maximum(meanKL, Tensor.Scalar(_nats, meanKL.DType));
        if (latent.HasLaterPrior)
        {
            throw new NotSupportedException(
                $"Free bits per dimension need the KL of each variable in closed form. Latent '{latent.Name}' has no " +
                "such KL, because its prior depends on latents that are drawn after it. Use FreeBits.Total.");
        }

        Tensor perDimension = (latent.ComponentwiseKL()
            ?? throw new NotSupportedException("Free bits per dimension need the KL of each variable " +
                $"in closed form, and latent '{latent.Name}' has a {latent.Posterior.GetType().Name} posterior and a " +
                $"{latent.Prior.GetType().Name} prior. Use FreeBits.Total."));
        perDimension = perDimension.Reshape(
            [perDimension.Size / perDimension.Shape[^1], perDimension.Shape[^1]]).Mean(0);
        return Tensor.Maximum(perDimension, Tensor.Full(perDimension.Shape, _nats, perDimension.DType)).Sum();
    }

    /// <summary>The floor in words.</summary>
    public override string ToString() =>
        !IsActive ? "none" : string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{_nats} nats {(_perDimension ? "per dimension" : "in total")}");
}
