using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Models.Flows;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A learned prior over P one-hot variables of K outcomes, p(z) = prod_i p(z_i|z_1 ... z_i-1). A masked network
/// (<see cref="Made"/>) computes the logits of each variable from embeddings of the variables before it. The prior
/// starts uniform. A log-density needs one pass through the network; a draw needs P passes. For latents that are real
/// vectors, <see cref="FlowPrior"/> with <see cref="Flows.Flow.MaskedAutoregressive"/> is the equivalent.
/// </summary>
public sealed class AutoregressivePrior : Prior
{
    /// <summary>Length of an outcome's embedding.</summary>
    internal const int Embedding = 16;

    /// <summary>Default width of the hidden layer.</summary>
    internal const int DefaultHidden = 256;

    private readonly int _variables, _outcomes;
    private readonly Linear _embedding;
    private readonly Made _network;
    private readonly DType _dtype;

    /// <summary>A prior over <paramref name="variables"/> variables of <paramref name="outcomes"/> outcomes.</summary>
    /// <param name="variables">P.</param>
    /// <param name="outcomes">K.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="hidden">Widths of the network's hidden layers; one of 256 by default.</param>
    /// <param name="dtype">Element type.</param>
    public AutoregressivePrior(
        int variables, int outcomes, Rng rng, IReadOnlyList<int>? hidden = null, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(variables);
        ArgumentOutOfRangeException.ThrowIfLessThan(outcomes, 2);
        ArgumentNullException.ThrowIfNull(rng);
        (_variables, _outcomes, _dtype) = (variables, outcomes, dtype);
        _embedding = Child(
            "embedding", new Linear(outcomes, Embedding, Initializer.Glorot, rng.Split("embedding"), dtype));
        _network = Child("network", new Made(variables, outcomes, hidden ?? [DefaultHidden], 0, Activation.Relu,
            Initializer.PyTorch, rng.Split("network"), dtype, Embedding));
    }

    /// <inheritdoc/>
    public override LatentSpace Space => LatentSpace.Discrete;

    /// <inheritdoc/>
    public override Distribution Distribution => new Sequence(this);

    /// <summary>The logits of each variable given the variables before it, [N, P, K], for one-hot values [N, P,
    /// K].</summary>
    private Tensor Logits(Tensor value) =>
        _network.Forward(_embedding.Forward(value).Reshape([value.Shape[0], _variables * Embedding])).Reshape(
            value.Shape);

    /// <summary>The joint distribution of the variables.</summary>
    private sealed class Sequence(AutoregressivePrior prior)
        : Distribution([], [prior._variables, prior._outcomes], prior._dtype)
    {
        public override Support Support => Support.Of(SupportKind.OneHot, 0, 1, DType);

        public override Tensor Mean => throw Missing();

        public override Tensor Variance => throw Missing();

        protected internal override bool HasMoments => false;

        protected internal override bool HasEntropy => false;

        protected override Tensor EntropyCore() => throw Missing();

        public override Tensor Sample(Rng rng, Shape sampleShape = default)
        {
            ArgumentNullException.ThrowIfNull(rng);
            (int count, int variables, int outcomes) = (sampleShape.Size, prior._variables, prior._outcomes);
            Shape shape = [count, variables, outcomes];
            // If only shapes are computed, one pass is enough, because all passes have the same shapes.
            bool shapesOnly = ShapeScope.IsOn;
            float[] value = new float[shapesOnly ? 0 : shape.Size]; // zeros and ones, exact in either element type
            for (int i = 0; i < (shapesOnly ? 1 : variables); i++)
            {
                // The logits of variable i depend only on the variables before it, which are already drawn; the later
                // values have no effect. Only the draw of each pass is kept.
                using var scope = new TensorScope();
                Tensor logits = prior.Logits(ValueOf(shape)).Slice(1, i, 1);
                Tensor drawn = new Categorical(logits).Sample(rng);
                for (int n = 0; n < count && !shapesOnly; n++)
                    value[(n * variables + i) * outcomes + (int)drawn.At(n)] = 1;
            }

            return ValueOf(sampleShape + EventShape);

            Tensor ValueOf(Shape of) => (shapesOnly ? Tensor.Zeros(of) : Tensor.From(value, of)).To(DType);
        }

        protected override Tensor LogProbCore(Tensor value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Shape leading = value.Shape[..^2];
            Tensor flat = value.Reshape([leading.Size, .. EventShape]);
            return new OneHotCategorical(prior.Logits(flat)).LogProb(flat).Sum(^1).Reshape(leading);
        }

        private static NotSupportedException Missing() =>
            new("An autoregressive prior has no moments and no entropy in closed form. Estimate them as averages " +
                "over draws.");
    }
}

/// <summary>
/// Settings of a learned autoregressive prior: an <see cref="AutoregressivePrior"/> for one-hot variables, or a
/// <see cref="FlowPrior"/> of masked autoregressive maps for real vectors.
/// </summary>
public sealed record AutoregressivePriorSettings : PriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<AutoregressivePriorSettings>(
        "autoregressive",
        "a learned flow of masked autoregressive maps; for one-hot latents and codes, the probabilities of each " +
        "given those before it",
        Setting.Whole<AutoregressivePriorSettings>(
            "maps", s => s.Maps, (s, v) => s with { Maps = v }, "number of maps", 1, 64).AfterColon());

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The number of maps; it must be 1 for one-hot variables.</summary>
    public int Maps { get; init; } = 1;

    /// <inheritdoc/>
    public override Prior Make(PriorParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Family.EventShape(parts.Latent) is [int variables, int outcomes])
        {
            return Maps == 1
                ? new AutoregressivePrior(variables, outcomes, parts.Rng)
                : throw new InvalidConfigException(
                    $"model.prior '{Word}' has exactly one network for one-hot latents and codes. Omit the number of " +
                    $"maps.");
        }

        RequireRealVectors(parts);
        return new FlowPrior(Flow.MaskedAutoregressive(parts.Latent, Maps, [FlowSettings.Width], parts.Rng));
    }
}
