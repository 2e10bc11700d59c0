using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// The "variational mixture of posteriors" prior (Tomczak and Welling 2018): p(z) = 1/K sum_k q(z|u_k), a mixture of
/// the encoder's posteriors of K learned pseudo-inputs u_k. The prior shares the encoder's parameters, so it changes
/// together with the posterior.
/// </summary>
public sealed class VampPrior : Prior
{
    private readonly NetworkEncoder _encoder;
    private readonly Parameter _inputs;
    private readonly bool _bounded;
    private readonly Shape _eventShape;

    /// <summary>A prior of <paramref name="components"/> pseudo-inputs of the data's shape.</summary>
    /// <param name="encoder">The model's encoder, whose parameters the prior shares. Its posteriors must be diagonal
    /// normals.</param>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="components">K.</param>
    /// <param name="bounded">Whether data lie in [0, 1]. If so, the pseudo-inputs go through a sigmoid.</param>
    /// <param name="rng">Source of the initial pseudo-inputs, which are drawn from N(0, 1), before the sigmoid if there
    /// is one.</param>
    /// <param name="dtype">Element type.</param>
    /// <exception cref="ArgumentException">The encoder's posteriors are not diagonal normals.</exception>
    public VampPrior(
        NetworkEncoder encoder, Shape eventShape, int components, bool bounded, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        if (encoder.Family != PosteriorFamily.Normal)
        {
            throw new ArgumentException("A VampPrior needs an encoder with diagonal normal posteriors; this encoder " +
                $"has '{encoder.Family.Name}'.", nameof(encoder));
        }

        (_encoder, _eventShape, _bounded) = (encoder, eventShape, bounded);
        _inputs = Own("pseudo_inputs", rng.Normal([components, eventShape.Size], dtype));
    }

    /// <inheritdoc/>
    public override bool SharesEncoder => true;

    /// <summary>The pseudo-inputs u_k, [K] + event.</summary>
    public Tensor PseudoInputs =>
        (_bounded ? _inputs.Value.Sigmoid() : _inputs.Value).Reshape([_inputs.Value.Shape[0], .. _eventShape]);

    /// <inheritdoc/>
    public override Mixture Distribution =>
        new(new Categorical(Tensor.Zeros([_inputs.Value.Shape[0]], _inputs.Value.DType)), _encoder.Given(PseudoInputs));
}

/// <summary>Settings of a <see cref="VampPrior"/>.</summary>
public sealed record VampPriorSettings : PriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<VampPriorSettings>(
        "vamp", "VampPrior: a mixture of the posteriors of learned pseudo-inputs",
        Setting.Whole<VampPriorSettings>(
            "components", s => s.Components, (s, v) => s with { Components = v }, "number of pseudo-inputs", 1,
            10_000).AfterColon());

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>K, the number of pseudo-inputs.</summary>
    public int Components { get; init; } = 500;

    /// <inheritdoc/>
    public override Prior Make(PriorParts parts)
    {
        RequireRealVectors(parts);
        if (parts.Encoder is not { } encoder)
        {
            throw new InvalidConfigException($"model.prior '{Word}' encodes pseudo-inputs, " +
                (parts.Condition.Length > 0
                ? $"which have no condition, and model.condition gives {parts.Condition} to the encoder. "
                : "so it needs a model with one latent vector and without classes. ") +
                "Set model.prior to mixture or flow.");
        }

        if (encoder.Family != PosteriorFamily.Normal)
        {
            throw new InvalidConfigException($"model.prior '{Word}' needs normal posteriors, but model.posterior is " +
                $"'{encoder.Family.Name}'. Set model.posterior to normal, or model.prior to mixture or flow.");
        }

        if (encoder.Tree.Any(module => module.ComparesData))
        {
            throw new InvalidConfigException(
                $"model.prior '{Word}' encodes pseudo-inputs, whose batch statistics are not those of the data, but " +
                "model.network.normalization is 'batch'. Set model.network.normalization to none, or model.prior to " +
                "mixture or flow.");
        }

        return new VampPrior(encoder, parts.EventShape, Components, parts.IsBounded, parts.Rng);
    }
}
