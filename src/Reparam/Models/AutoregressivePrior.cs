using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Models.Flows;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A learned prior over P one-hot variables of K outcomes, p(z) = prod_i p(z_i|z_1 ... z_i-1), each outcome's logits
/// from a masked network (<see cref="Made"/>) over embeddings of the variables before it. It starts uniform. Scoring
/// takes one pass through the network, drawing P. For latents that are real vectors, <see cref="FlowPrior"/> with
/// <see cref="Flows.Flow.MaskedAutoregressive"/> is the same idea.
/// </summary>
public sealed class AutoregressivePrior : Prior
{
    /// <summary>Length of an outcome's embedding.</summary>
    internal const int Embedding = 16;

    /// <summary>Width of the hidden layer where nothing else is said.</summary>
    internal const int DefaultHidden = 256;

    private readonly int _variables, _outcomes;
    private readonly Linear _embedding;
    private readonly Made _network;
    private readonly DType _dtype;

    /// <summary>Over <paramref name="variables"/> variables of <paramref name="outcomes"/> outcomes.</summary>
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

    /// <summary>Logits of each variable given those before it, [N, P, K], for one-hot values [N, P, K].</summary>
    private Tensor Logits(Tensor value) =>
        _network.Forward(_embedding.Forward(value).Reshape([value.Shape[0], _variables * Embedding])).Reshape(
            value.Shape);

    /// <summary>The variables one after another.</summary>
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
            // Without elements one pass tells of all, which are alike.
            bool shapesOnly = ShapeScope.IsOn;
            float[] value = new float[shapesOnly ? 0 : shape.Size]; // zeros and ones, exact in either element type
            for (int i = 0; i < (shapesOnly ? 1 : variables); i++)
            {
                // What is drawn here sees only what was drawn before, whatever stands behind it; of each pass nothing
                // is kept but the draw.
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
            new("An autoregressive prior has no moments in closed form. Average draws.");
    }
}

/// <summary>
/// Settings of a learned autoregressive prior: an <see cref="AutoregressivePrior"/> over one-hot variables, a
/// <see cref="FlowPrior"/> of masked autoregressive maps over real vectors.
/// </summary>
public sealed record AutoregressivePriorSettings : PriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<AutoregressivePriorSettings>(
        "autoregressive",
        "learned masked autoregressive maps; of one-hot latents and codes, each one's probabilities given those before",
        Setting.Whole<AutoregressivePriorSettings>(
            "maps", s => s.Maps, (s, v) => s with { Maps = v }, "number of maps", 1, 64).AfterColon());

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The number of maps; 1 over one-hot variables.</summary>
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
                    $"model.prior '{Word}' has one network over one-hot latents and codes; leave the number out.");
        }

        RequireRealVectors(parts);
        return new FlowPrior(Flow.MaskedAutoregressive(parts.Latent, Maps, [FlowSettings.Width], parts.Rng));
    }
}
