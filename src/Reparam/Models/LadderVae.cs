using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// The ladder VAE (Sønderby et al. 2016). A deterministic upward pass, h_1(x), h_2(h_1), ..., computes for each layer a
/// normal N(mu_q, sigma_q^2) from the data. The downward pass multiplies this normal by the normal N(mu_p, sigma_p^2)
/// that the layer above generates: q(z_l|z_l+1, x) has the variance 1 / (1/sigma_q^2 + 1/sigma_p^2), and its mean is
/// (mu_q/sigma_q^2 + mu_p/sigma_p^2) times this variance. q has the same order as the generative model, so every KL has
/// a closed form given the layer above.
/// </summary>
public sealed class LadderVae : LayeredVae
{
    private readonly NetworkEncoder _encoder;
    private readonly Sequential[] _upwards;
    private readonly Linear[] _heads;

    /// <summary>Makes a model from its parts.</summary>
    /// <param name="encoder">The network of h_1(x), with a head that gives the normal of z_1 from the data; the family
    /// must be normal.</param>
    /// <param name="upward">Widths of the hidden layers from h_l to h_l+1, one list for each layer above the
    /// first.</param>
    /// <param name="decoder">p(x|z_1).</param>
    /// <param name="generative">p(z_l|z_l+1) for l = 1 ... L - 1.</param>
    /// <param name="prior">p(z_L).</param>
    /// <param name="activation">The nonlinearity of the upward pass.</param>
    /// <param name="initializer">How the weights of the upward pass are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="batchNorm">Whether the hidden layers of the upward pass have batch normalisation.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public LadderVae(
        NetworkEncoder encoder, IReadOnlyList<IReadOnlyList<int>> upward,
        Decoder decoder, IReadOnlyList<ConditionalNormal> generative, Prior prior, Activation activation,
        Initializer initializer, Rng rng,
        DType dtype = DType.Float32, bool batchNorm = false)
        : base(encoder?.Latent ?? 0, decoder, generative, prior)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(upward);
        ArgumentNullException.ThrowIfNull(initializer);
        ArgumentNullException.ThrowIfNull(rng);
        if (encoder.Family != PosteriorFamily.Normal)
        {
            throw new ArgumentException("A ladder VAE needs an encoder with a normal posterior; this encoder has " +
                $"'{encoder.Family.Name}'.", nameof(encoder));
        }

        if (upward.Count != Sizes.Count - 1)
        {
            throw new ArgumentException(
                $"{Sizes.Count} layers need {Sizes.Count - 1} upward networks, not {upward.Count}.", nameof(upward));
        }

        _encoder = Child("encoder", encoder);
        (_upwards, _heads) = (new Sequential[upward.Count], new Linear[upward.Count]);
        int width = encoder.Width;
        for (int l = 0; l < upward.Count; l++)
        {
            string name = FormattableString.Invariant($"upward{l + 2}");
            _upwards[l] = Child(
                name, new Sequential(width, upward[l], activation, initializer, rng.Split(name), dtype, batchNorm));
            width = _upwards[l].Outputs;
            name = FormattableString.Invariant($"head{l + 2}");
            _heads[l] = Child(
                name, new Linear(width, Shape.SizeOf(2, Sizes[l + 1]), initializer, rng.Split(name), dtype));
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> RecognitionParameters =>
        [.. _encoder.Parameters, .. _upwards.SelectMany(u => u.Parameters), .. _heads.SelectMany(h => h.Parameters)];

    /// <summary>False, because q uses the generative model's distribution of each layer.</summary>
    private protected override bool Dreams => false;

    /// <inheritdoc/>
    private protected override LatentTerm[] Latents(Tensor x, Func<int, DiagonalNormal, Distribution, LatentTerm> draw)
    {
        var evidence = new DiagonalNormal[Sizes.Count];
        Tensor h;
        using (LayerName.Enter(_encoder.Path))
        {
            h = _encoder.Hidden(x);
            evidence[0] = (DiagonalNormal)_encoder.GivenHidden(h);
        }

        for (int l = 1; l < evidence.Length; l++)
        {
            h = _upwards[l - 1].Forward(h);
            (Tensor loc, Tensor logVariance) = _heads[l - 1].Forward(h).Halves(^1);
            evidence[l] = DiagonalNormal.FromLogVariance(loc, logVariance);
        }

        var latents = new LatentTerm[evidence.Length];
        latents[^1] = draw(latents.Length - 1, evidence[^1], Prior.Distribution);
        for (int l = latents.Length - 2; l >= 0; l--)
        {
            DiagonalNormal generated = Generated(l, latents[l + 1].Value);
            using (LayerName.Enter(NameOf(l))) latents[l] = draw(l, Joined(evidence[l], generated), generated);
        }

        return latents;
    }

    /// <summary>The normalised product of two normals. The batch shapes [B] and [K, B] give [K, B].</summary>
    private static DiagonalNormal Joined(DiagonalNormal evidence, DiagonalNormal generated)
    {
        // With a = log(sigma_q^2 / sigma_p^2), the weight of mu_q is 1 / (1 + e^a). This avoids the precisions
        // 1/sigma^2, which can overflow.
        Tensor logRatio = (evidence.LogScale - generated.LogScale) * 2;
        Tensor share = (-logRatio).Sigmoid();
        Tensor loc = generated.Loc + share * (evidence.Loc - generated.Loc);
        return DiagonalNormal.FromLogVariance(loc, evidence.LogScale * 2 - logRatio.SoftPlus());
    }
}
