// The whole command line with three additional members: your own networks, your own penalty and your own prior.
//   dotnet run -c Release --project examples/Reparam.OwnMember -- train --network pooled --objective spread --prior
//   logistic
using System.Globalization;
using Reparam.Cli;
using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Objectives.Penalties;
using Reparam.Runs;
using Reparam.Tensors;

return ReparamProgram.Run(args, Catalog.BuiltIn.With(PooledSettings.Definition).With(SpreadSettings.Definition).With(
    LogisticPriorSettings.Definition));

/// <summary>q(z|x) of an image, from the means of its rows and of its columns. It works with flows, VampPriors and
/// classes.</summary>
internal sealed class PooledEncoder : NetworkEncoder
{
    private readonly Sequential _hidden;

    public PooledEncoder(Shape eventShape, int latent, int width, Activation activation, Initializer initializer,
        Rng rng, PosteriorFamily family)
        : base(latent, family)
    {
        if (eventShape.Rank != 2)
        {
            throw new InvalidConfigException(
                $"model.network 'pooled' takes images of one channel, but the data have shape {eventShape}.");
        }

        _hidden = Child("hidden", new Sequential(
            eventShape[0] + eventShape[1], [width], activation, initializer, rng.Split("hidden"), DType.Float32));
        AddHead(width, initializer, rng, DType.Float32);
    }

    public override Tensor Hidden(Tensor x) => _hidden.Forward(Tensor.Concat(^1, x.Mean(1), x.Mean(2)));
}

/// <summary>Settings of the networks: the encoder above, and a multilayer perceptron as decoder.</summary>
internal sealed record PooledSettings() : NetworkSettings(Activation.Silu)
{
    public static Kind Definition { get; } = Kind.Of<PooledSettings>(
        "pooled", "means of rows and columns, for images of one channel",
        [
            Setting.Whole<PooledSettings>(
                "width", s => s.Width, (s, v) => s with { Width = v }, "units of the hidden layers", 1, LargestWidth),
            .. Shared,
        ]);

    public override Kind Kind => Definition;

    public int Width { get; init; } = 64;

    public override string Description => FormattableString.Invariant($"width {Width}, {Activation.Name}");

    public override PooledSettings Complete(Shape eventShape) => this;

    public override PooledEncoder Encoder(Shape eventShape, int context, int latent, PosteriorFamily family, Rng rng) =>
        context == 0
            ? new(eventShape, latent, Width, Activation, Initializer, rng, family)
            : throw new InvalidConfigException(
                "model.network 'pooled' does not take labels; choose another network, or a model without labels.");

    public override MlpDecoder Decoder(Shape eventShape, int inputs, Likelihood likelihood, Rng rng) =>
        new(eventShape, inputs, [Width], Activation, likelihood, Initializer, rng);
}

/// <summary>The mean of (variance - 1)^2, with the variance of each code dimension over the batch.</summary>
internal sealed class Spread(double weight) : Penalty
{
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"spread x {weight}");

    public override bool IsNonNegative => true;

    public override bool NeedsPath => true;

    public override bool ComparesData => true;

    public override Tensor Evaluate(InferencePass pass)
    {
        Tensor codes = Codes(pass); // [B, Z]
        Tensor variance = (codes - codes.Mean(0)).Square().Mean(0);
        return (variance - 1).Square().Mean() * weight;
    }
}

/// <summary>Settings of the bound with this penalty: all settings of the ELBO, and the weight of the penalty.</summary>
internal sealed record SpreadSettings : BoundSettings
{
    public static Kind Definition { get; } = Kind.Of<SpreadSettings>(
        "spread", "the bound with a penalty that keeps the variance of each code near 1",
        [
            .. OfDraws, BetaSetting, .. OfKL,
            Setting.Real<SpreadSettings>("penalty", s => s.Penalty, (s, v) => s with { Penalty = v },
                "weight of the penalty", Bounds.NonNegative),
        ]);

    public override Kind Kind => Definition;

    public double Penalty { get; init; } = 5;

    public override Elbo Make(ObjectiveParts parts) => Bound(parts, new Spread(Penalty));
}

/// <summary>p(z) of independent logistic variables with a learned scale.</summary>
internal sealed class LogisticPrior : Prior
{
    private readonly Parameter _logScale;

    public LogisticPrior(int latent) => _logScale = Own("log_scale", Tensor.Zeros([latent]));

    public override Distribution Distribution =>
        new Independent(new Logistic(Tensor.Zeros(_logScale.Shape), _logScale.Value.Exp()), 1);
}

internal sealed record LogisticPriorSettings : PriorSettings
{
    public static Kind Definition { get; } = Kind.Of<LogisticPriorSettings>(
        "logistic", "logistic variables of learned scale");

    public override Kind Kind => Definition;

    public override Prior Make(PriorParts parts)
    {
        RequireRealVectors(parts);
        return new LogisticPrior(parts.Latent);
    }
}
