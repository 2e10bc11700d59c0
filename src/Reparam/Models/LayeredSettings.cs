using System.Globalization;
using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>Settings of models with several layers of latents. A network of two hidden layers is between two layers of
/// latents.</summary>
public abstract record LayeredSettings : ModelSettings
{
    /// <summary>Sizes of the layers of latents above the first. Null for one layer of half the size of the
    /// first.</summary>
    public IReadOnlyList<int>? Upper { get; init; }

    /// <summary>For each layer of latents above the first, the width of the hidden layers between it and the layer
    /// below. Null for half the width of the encoder's last hidden layer, then half of that for each further layer, but
    /// at least 16.</summary>
    public IReadOnlyList<int>? UpperHidden { get; init; }

    private protected override string Sizes =>
        FormattableString.Invariant($"{Latent}") + string.Concat(
            (Upper ?? []).Select(u => FormattableString.Invariant($"-{u}")));

    /// <inheritdoc/>
    public override LayeredSettings Complete()
    {
        var all = (LayeredSettings)base.Complete();
        IReadOnlyList<int> upper = Upper ?? [Math.Max(1, Latent / 2)];
        int width = all.Network.EncoderWidths is { Count: > 0 } widths ? widths[^1] : 256;
        return all with
        {
            Upper = upper,
            UpperHidden = UpperHidden ?? [.. upper.Select((_, l) => Math.Max(16, width >> Math.Min(l + 1, 16)))],
        };
    }

    /// <summary>The settings of all layered models.</summary>
    private protected static Setting[] OfLayers => Shared(
        Setting.OpenWholes<LayeredSettings>(
            "upper", s => s.Upper, (s, v) => s with { Upper = v },
            "sizes of the layers of latents above the first, such as 32,16,8", 1, NetworkSettings.LargestWidth, 16),
        Setting.OpenWholes<LayeredSettings>(
            "upper_hidden", s => s.UpperHidden, (s, v) => s with { UpperHidden = v },
            "widths of the networks between layers of latents, one for each layer above the first", 1,
            NetworkSettings.LargestWidth, 16));

    /// <summary>Makes the encoder, the decoder, the prior of the top layer, and p(z_l | z_l+1) of each layer.</summary>
    private protected (NetworkEncoder Encoder, Decoder Decoder, Prior Top,
        IReadOnlyList<ConditionalNormal> Generative) Parts(Rng weights)
    {
        if (Network.HasUncertainWeights)
        {
            throw new InvalidConfigException("model.network.weights 'bayesian' works with model.kind 'vae', not with " +
                $"'{Kind.Name}'; set it to point.");
        }

        if (Upper!.Count == 0)
        {
            throw new InvalidConfigException(
                "model.upper is empty; give the sizes of 1 to 16 layers of latents above the first.");
        }

        if (UpperHidden!.Count != Upper.Count)
        {
            throw new InvalidConfigException(
                string.Create(CultureInfo.InvariantCulture, $"model.upper_hidden has {UpperHidden.Count} entries, " +
                    $"but model.upper has {Upper.Count}. Give one width for each layer of latents above the first, " +
                    $"or omit model.upper_hidden."));
        }

        Likelihood likelihood = Likelihood.Make();
        List<ConditionalNormal> generative = [];
        for (int l = 0; l < Upper.Count; l++)
        {
            generative.Add(
                Between(Upper[l], SizeOf(l), l, weights.Split(FormattableString.Invariant($"generative{l + 1}"))));
        }

        return (
            MakeEncoder(0, PosteriorFamily.Normal, weights.Split("encoder"), out _),
            Network.Decoder(Shape, Latent, likelihood, weights.Split("decoder")),
            Prior.Make(new PriorParts(Upper[^1], PosteriorFamily.Normal, weights.Split("prior")) {
                EventShape = Shape, IsBounded = likelihood.IsBounded }),
            generative);
    }

    /// <summary>The size of layer <paramref name="l"/>, counted from 0.</summary>
    private protected int SizeOf(int l) => l == 0 ? Latent : Upper![l - 1];

    /// <summary>A network between layer <paramref name="l"/> and the layer above it.</summary>
    private protected ConditionalNormal Between(int from, int to, int l, Rng rng) => new(
        from, to, [UpperHidden![l], UpperHidden[l]], Network.Activation, Network.Initializer, rng,
        batchNorm: Network.ComparesBatch);
}

/// <summary>Settings of a <see cref="HierarchicalVae"/>.</summary>
public sealed record HierarchicalSettings : LayeredSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<HierarchicalSettings>(
        "hierarchical", "several layers of latents with bottom-up inference", OfLayers);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override HierarchicalVae Make(ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var all = (HierarchicalSettings)Complete();
        Rng weights = parts.Weights;
        (NetworkEncoder encoder, Decoder decoder, Prior top, IReadOnlyList<ConditionalNormal> generative) =
            all.Parts(weights);
        ConditionalNormal[] inference = [.. all.Upper!.Select((size, l) => all.Between(
            all.SizeOf(l), size, l, weights.Split(FormattableString.Invariant($"inference{l + 2}"))))];
        return new HierarchicalVae(encoder, inference, decoder, generative, top);
    }
}

/// <summary>Settings of a <see cref="LadderVae"/>.</summary>
public sealed record LadderSettings : LayeredSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<LadderSettings>(
        "ladder",
        "ladder VAE: several layers of latents; the posterior of a layer combines the data with the prior from the " +
        "layer above", OfLayers);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override LadderVae Make(ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var all = (LadderSettings)Complete();
        (NetworkEncoder encoder, Decoder decoder, Prior top, IReadOnlyList<ConditionalNormal> generative) = all.Parts(
            parts.Weights);
        IReadOnlyList<int>[] upward = [.. all.UpperHidden!.Select(width => (IReadOnlyList<int>)[width, width])];
        return new LadderVae(encoder, upward, decoder, generative, top, Network.Activation, Network.Initializer,
            parts.Weights.Split("upward"), batchNorm: Network.ComparesBatch);
    }
}
