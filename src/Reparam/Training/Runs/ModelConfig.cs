namespace Reparam.Training.Runs;

/// <summary>The model of a run. What is null stands for the architecture's own choice, which <see cref="RunFactory.Complete"/> spells out.</summary>
public sealed record ModelConfig
{
    internal const string AutomaticLikelihood = "auto";

    /// <summary>The architecture: <c>mlp</c>, <c>conv</c> or <c>resnet</c>.</summary>
    public string Kind { get; init; } = "mlp";

    /// <summary>
    /// What the latents are: one layer of them (<c>vae</c>); several, inferred from the bottom up (<c>hierarchical</c>) or with the data's evidence joined to what the layer above generates (<c>ladder</c>); codes of a codebook for each
    /// place of a small image (<c>vq-vae</c>); or a class beside them, told or inferred (<c>semi-supervised</c>).
    /// </summary>
    public string Family { get; init; } = "vae";

    /// <summary>Extents of one datum; filled in from the data when training starts.</summary>
    public IReadOnlyList<int> EventShape { get; init; } = [];

    /// <summary>Z, the number of latent variables; of a layered model those of its first layer, of a <c>vq-vae</c> the length of a code's vector.</summary>
    public int Latent { get; init; } = 8;

    /// <summary>Sizes of the layers of latents above the first (<c>hierarchical</c>, <c>ladder</c>). Null: one of half the first's size.</summary>
    public IReadOnlyList<int>? Upper { get; init; }

    /// <summary>For each layer above the first, the width of the two hidden layers that join it to the one below. Null: halves, beginning with that of the encoder's last hidden layer.</summary>
    public IReadOnlyList<int>? UpperHidden { get; init; }

    /// <summary>Vectors in the codebook of a <c>vq-vae</c>; 0 for its default of 128.</summary>
    public int Codes { get; init; }

    /// <summary>Widths of the encoder's hidden linear layers (after the convolutions, if any). Null: 256, 256 for an mlp; for
    /// the others what <see cref="Models.Vae.DefaultHidden"/> says.</summary>
    public IReadOnlyList<int>? Hidden { get; init; }

    /// <summary>Widths of the decoder's hidden linear layers. Null: those of the encoder reversed.</summary>
    public IReadOnlyList<int>? DecoderHidden { get; init; }

    /// <summary>Channels of the encoder's convolutions (<c>conv</c>) or levels (<c>resnet</c>), each halving the image; the decoder has them reversed. None for
    /// an mlp. Null: what <see cref="Models.Vae.DefaultChannels"/> says.</summary>
    public IReadOnlyList<int>? Channels { get; init; }

    /// <summary>Residual blocks of each level (<c>resnet</c>).</summary>
    public int Blocks { get; init; } = 1;

    /// <summary>Whether the lowest level attends over its pixels (<c>resnet</c>).</summary>
    public bool Attention { get; init; }

    /// <summary>The nonlinearity. Null: <c>silu</c> for a resnet, <c>relu</c> for the others.</summary>
    public string? Activation { get; init; }

    /// <summary>The posterior: <c>normal</c> with independent components, or a flow of it with a number of maps: <c>planar:N</c>, <c>sylvester:N</c>, <c>iaf:N</c>, <c>coupling:N</c>,
    /// <c>spline:N</c> or <c>bnaf:N</c>; <c>full</c> covariance, <c>low-rank:N</c> with a factor of N columns, <c>mixture:N</c> of N normals; on the unit sphere <c>vmf</c> or <c>power-spherical</c>; <c>point</c>, an autoencoder; or discrete: <c>bernoulli</c>, or <c>categorical:N</c> with N outcomes for each variable.</summary>
    public string Posterior { get; init; } = "normal";

    /// <summary>The prior: <c>standard</c>, which is N(0, I), uniform where latents are discrete or on a sphere; or learned: <c>mixture:N</c> of N normals, <c>vamp:N</c> with N pseudo-inputs, <c>flow:N</c> with N coupling maps of N(0, I), or <c>autoregressive:N</c> with N masked autoregressive maps; over one-hot latents and codes <c>autoregressive</c> is each one's probabilities given those before.</summary>
    public string Prior { get; init; } = "standard";

    /// <summary>What the model is conditioned on: <c>none</c>, or the data's <c>labels</c>.</summary>
    public string Condition { get; init; } = "none";

    /// <summary>Number of labels of a conditional or semi-supervised model; filled in from the data when training starts.</summary>
    public int Classes { get; init; }

    /// <summary>The probability with which each element of a datum is hidden from the encoder while training, for a denoising model; 0 for none.</summary>
    public double InputNoise { get; init; }

    /// <summary>
    /// What the decoder's output means; <c>auto</c> is what goes with the kind of the data
    /// (<see cref="DataDefaults"/>), and <c>bernoulli</c> where there are none to tell.
    /// </summary>
    public string Likelihood { get; init; } = AutomaticLikelihood;

    /// <summary>The decoder's weights: <c>point</c>, or <c>bayesian</c> with a posterior of their own against a prior N(0, 1) each (<c>mlp</c>).</summary>
    public string Weights { get; init; } = "point";

    /// <summary>How weights are drawn.</summary>
    public string Initializer { get; init; } = "pytorch";

    /// <summary>Where the decoder's output begins: <c>initializer</c>, or <c>data</c>, at the mean of the training data (<c>mlp</c> with a Bernoulli likelihood), so that no latent is spent on learning it.</summary>
    public string OutputBias { get; init; } = "initializer";

    /// <summary>What is done to hidden layers before their nonlinearity: <c>none</c>, or <c>batch</c> normalisation (<c>mlp</c>).</summary>
    public string Normalization { get; init; } = "none";

    /// <summary>Whether there are layers of latents above the first.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsLayered => Family is "hierarchical" or "ladder";

    /// <summary>The architecture in a line, such as "conv, latent 8, channels 32,64, relu".</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Description
    {
        get
        {
            List<string> parts = [Family == "vae" ? Kind : $"{Family} {Kind}", FormattableString.Invariant($"latent {Latent}{string.Concat((Upper ?? []).Select(u => FormattableString.Invariant($"-{u}")))}")];
            if (Codes > 0) parts.Add(FormattableString.Invariant($"{Codes} codes"));
            if (Channels is { Count: > 0 }) parts.Add($"channels {string.Join(",", Channels)}");
            if (Kind == "resnet") parts.Add(FormattableString.Invariant($"blocks {Blocks}{(Attention ? " with attention" : "")}"));
            if (Hidden is { Count: > 0 } || Kind == "mlp") parts.Add(Hidden is { Count: > 0 } ? $"hidden {string.Join(",", Hidden)}" : "no hidden layer");
            if (Hidden is not null && DecoderHidden is not null && !DecoderHidden.SequenceEqual(Hidden.Reverse()))
                parts.Add(DecoderHidden.Count > 0 ? $"decoder hidden {string.Join(",", DecoderHidden)}" : "no hidden layer in the decoder");
            if (Weights != "point") parts.Add($"{Weights} weights");
            if (InputNoise > 0) parts.Add(FormattableString.Invariant($"denoising {InputNoise}"));
            if (Posterior != "normal") parts.Add($"posterior {Posterior}");
            if (Condition != "none") parts.Add($"given {Condition}");
            if (Prior != "standard") parts.Add($"prior {Prior}");
            if (OutputBias != "initializer") parts.Add($"output from the {OutputBias}");
            if (Normalization != "none") parts.Add($"{Normalization} normalisation");
            if (Activation is not null) parts.Add(Activation);
            return string.Join(", ", parts);
        }
    }
}
