using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A deep latent Gaussian model (Rezende, Mohamed and Wierstra 2014): layers of latents z_1 ... z_L, generated from the
/// top down, p(z_L) p(z_L-1|z_L) ... p(z_1|z_2) p(x|z_1). The two subclasses define the inference
/// (<see cref="HierarchicalVae"/>, <see cref="LadderVae"/>). A code is the concatenation of all layers, z_1 first. The
/// decoder uses z_1.
/// </summary>
public abstract class LayeredVae : LatentVariableModel
{
    private readonly ConditionalNormal[] _generative;

    /// <summary>Attaches the generative model.</summary>
    /// <param name="latent">Length of z_1.</param>
    /// <param name="decoder">p(x|z_1).</param>
    /// <param name="generative">p(z_l|z_l+1) for l = 1 ... L - 1.</param>
    /// <param name="prior">p(z_L).</param>
    private protected LayeredVae(int latent, Decoder decoder, IReadOnlyList<ConditionalNormal> generative, Prior prior)
    {
        ArgumentNullException.ThrowIfNull(generative);
        ArgumentNullException.ThrowIfNull(prior);
        if (generative.Count == 0)
        {
            throw new ArgumentException(
                "A layered model has at least two layers of latents. Use a Vae for one layer.", nameof(generative));
        }

        if (generative[0].Size != latent)
        {
            throw new ArgumentException(
                $"p(z1|z2) is over vectors of length {generative[0].Size}, but z1 has length {latent}. Make " +
                $"generative[0] with size {latent}, or the encoder with {generative[0].Size} latents.",
                nameof(generative));
        }

        Decoder = Child("decoder", decoder);
        _generative = [.. generative.Select((g, i) => Child(FormattableString.Invariant($"generative{i + 1}"), g))];
        Prior = Child("prior", prior);
        Sizes = [.. generative.Select(g => g.Size), prior.Distribution.EventShape.Size];
    }

    /// <summary>p(x|z_1).</summary>
    public Decoder Decoder { get; }

    /// <summary>p(z_L).</summary>
    public Prior Prior { get; }

    /// <summary>Lengths of z_1 ... z_L.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <inheritdoc/>
    public override Shape LatentShape => [Sizes.Sum()];

    /// <inheritdoc/>
    public override bool LearnsPrior => true;

    /// <inheritdoc/>
    public override bool RecognitionIsApart => Dreams;

    /// <inheritdoc/>
    public override LatentSpace Space => LatentSpace.Euclidean;

    /// <inheritdoc/>
    public override InferencePass Infer(
        Tensor x, Rng rng, int samples = 1, DiscreteDraw? discrete = null, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        RequireNoContext(context);
        LatentTerm[] latents = Latents(x, (l, q, p) => LatentTerm.Draw(NameOf(l), q, p, rng, samples));
        Distribution likelihood;
        using (LayerName.Enter(Decoder.Path)) likelihood = Decoder.Given(latents[0].Value);
        using (LayerName.Enter("likelihood"))
        {
            return new InferencePass(likelihood.LogProb(x), latents)
            {
                Dream = Dreams ? () => DreamOf(x.Shape[0], rng.Split("dream")) : null,
                Points = () => [.. Points(x).Select(l => l.Value.Reshape(l.Value.Shape[1..]))],
            };
        }
    }

    private Dream DreamOf(int count, Rng rng)
    {
        Tensor[] layers = Ancestral(count, rng);
        Distribution likelihood = Decoder.Given(layers[0]);
        return new Dream(likelihood, () => likelihood.Sample(rng), x =>
        {
            Tensor? total = null;
            // The inference uses the generated layers instead of its own draws.
            foreach (LatentTerm latent in Latents(
                x, (l, q, p) => new LatentTerm(NameOf(l), q, p, layers[l].Reshape([1, .. layers[l].Shape]))))
            {
                total = total is null ? latent.LogPosterior : total + latent.LogPosterior;
            }

            return total!.Reshape([count]);
        });
    }

    /// <summary>The means of all layers, [B, Z]. The mean of a layer is inferred from the mean of the layer that it
    /// depends on.</summary>
    public override Tensor Encode(Tensor x, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireNoContext(context);
        return Code(Points(x));
    }

    /// <inheritdoc/>
    public override Tensor Encode(Tensor x, Rng rng, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(rng);
        RequireNoContext(context);
        return Code(Latents(x, (l, q, p) => LatentTerm.Draw(NameOf(l), q, p, rng, samples: 1))).Detach();
    }

    /// <summary>p(x|z_1). <paramref name="z"/> is z_1 alone, or whole codes [..., B, Z]; of these only z_1, the first
    /// numbers, is used.</summary>
    public override Distribution Likelihood(Tensor z, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(z);
        RequireNoContext(context);
        return Decoder.Given(z.Shape[^1] == Sizes[0] ? z : z.Slice(^1, 0, Sizes[0]));
    }

    /// <summary>Draws of all layers from the top down, [count, Z].</summary>
    public override Tensor SamplePrior(int count, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        return Tensor.Concat(^1, Ancestral(count, rng));
    }

    /// <summary>Draws of each layer from the generative model, z_1 first, each [count, size].</summary>
    private Tensor[] Ancestral(int count, Rng rng)
    {
        var layers = new Tensor[Sizes.Count];
        layers[^1] = Prior.Distribution.Sample(rng, [count]);
        for (int l = layers.Length - 2; l >= 0; l--) layers[l] = _generative[l].Given(layers[l + 1]).Sample(rng);
        return layers;
    }

    /// <summary>Whether q shares no parameters with the generative model, so that q can be trained alone on generated
    /// data.</summary>
    private protected abstract bool Dreams { get; }

    /// <summary>The latents of a batch, z_1 first. <paramref name="draw"/> makes a latent from the index of its layer
    /// (from 0), its posterior and its prior.</summary>
    private protected abstract LatentTerm[] Latents(Tensor x, Func<int, DiagonalNormal, Distribution, LatentTerm> draw);

    /// <summary>The name of a layer by its index, from 0: z1 for 0.</summary>
    private protected static string NameOf(int layer) => FormattableString.Invariant($"z{layer + 1}");

    /// <summary>p(z_l|z_l+1) for the layer with the given index, from 0.</summary>
    private protected DiagonalNormal Generated(int layer, Tensor above) => _generative[layer].Given(above);

    /// <summary>Each layer at its mean, given the mean of the layer that it is inferred from.</summary>
    private LatentTerm[] Points(Tensor x) => Latents(x, (l, q, p) => new LatentTerm(
        NameOf(l), q, p, q.BatchShape.Rank == 1 ? q.Loc.Reshape([1, .. q.Loc.Shape]) : q.Loc));

    private static Tensor Code(LatentTerm[] latents) =>
        Tensor.Concat(^1, [.. latents.Select(l => l.Value.Reshape(l.Value.Shape[1..]))]);
}
