using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A layered model with bottom-up inference, q(z_1|x) q(z_2|z_1) ... q(z_L|z_L-1), as in Burda, Grosse and
/// Salakhutdinov (2016). (In the recognition model of Rezende, Mohamed and Wierstra (2014) the layers are independent
/// given x.) The posterior of z_2, and with it the prior p(z_1|z_2), depends on the draw of z_1. So only the KL of the
/// top layer has a closed form; the other KL terms are estimated from draws.
/// </summary>
public sealed class HierarchicalVae : LayeredVae
{
    private readonly NetworkEncoder _encoder;
    private readonly ConditionalNormal[] _inference;

    /// <summary>Makes a model from its parts.</summary>
    /// <param name="encoder">q(z_1|x), a diagonal normal.</param>
    /// <param name="inference">q(z_l+1|z_l) for l = 1 ... L - 1.</param>
    /// <param name="decoder">p(x|z_1).</param>
    /// <param name="generative">p(z_l|z_l+1) for l = 1 ... L - 1.</param>
    /// <param name="prior">p(z_L).</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public HierarchicalVae(NetworkEncoder encoder, IReadOnlyList<ConditionalNormal> inference, Decoder decoder,
        IReadOnlyList<ConditionalNormal> generative, Prior prior)
        : base(encoder?.Latent ?? 0, decoder, generative, prior)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(inference);
        if (encoder.Family != PosteriorFamily.Normal)
        {
            throw new ArgumentException("A hierarchical model needs an encoder with a normal posterior; this encoder " +
                $"has '{encoder.Family.Name}'.", nameof(encoder));
        }

        if (!inference.Select(q => q.Size).SequenceEqual(Sizes.Skip(1)))
        {
            throw new ArgumentException("The generative model gives the layers above the first the lengths " +
                $"{string.Join(", ", Sizes.Skip(1))}; the inference model gives them " +
                $"{string.Join(", ", inference.Select(q => q.Size))}. The lengths must be equal.", nameof(inference));
        }

        _encoder = Child("encoder", encoder);
        _inference = [.. inference.Select((q, i) => Child(FormattableString.Invariant($"inference{i + 2}"), q))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> RecognitionParameters =>
        [.. _encoder.Parameters, .. _inference.SelectMany(q => q.Parameters)];

    /// <inheritdoc/>
    private protected override bool Dreams => true;

    /// <inheritdoc/>
    private protected override LatentTerm[] Latents(Tensor x, Func<int, DiagonalNormal, Distribution, LatentTerm> draw)
    {
        var latents = new LatentTerm[Sizes.Count];
        Distribution top = Prior.Distribution;
        // The prior of a layer below the top is known only after the layer above is drawn. Until then the layer holds
        // the top prior.
        using (LayerName.Enter(_encoder.Path)) latents[0] = draw(0, (DiagonalNormal)_encoder.Given(x), top);
        for (int l = 1; l < latents.Length; l++)
        {
            latents[l] = draw(l, _inference[l - 1].Given(latents[l - 1].Value), top);
            latents[l - 1] = latents[l - 1] with { Prior = Generated(l - 1, latents[l].Value), HasLaterPrior = true };
        }

        return latents;
    }
}
