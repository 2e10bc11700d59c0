namespace Reparam.Training.Runs;

/// <summary>The model of a run.</summary>
public sealed record ModelConfig
{
    /// <summary>The architecture: <c>mlp</c>.</summary>
    public string Kind { get; init; } = "mlp";

    /// <summary>Extents of one datum; filled in from the data when training starts.</summary>
    public IReadOnlyList<int> EventShape { get; init; } = [];

    /// <summary>Z, the length of a latent vector.</summary>
    public int Latent { get; init; } = 8;

    /// <summary>Widths of the encoder's hidden layers; the decoder has them reversed.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 256];

    /// <summary>The nonlinearity.</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>What the decoder's output means.</summary>
    public string Likelihood { get; init; } = "bernoulli";

    /// <summary>How weights are drawn.</summary>
    public string Initializer { get; init; } = "pytorch";
}
