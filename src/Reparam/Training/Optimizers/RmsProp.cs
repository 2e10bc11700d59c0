using Reparam.Configuration;
using Reparam.Objectives;
using Reparam.Tensors;

namespace Reparam.Training.Optimizers;

/// <summary>RMSprop (Tieleman and Hinton 2012): v averages g^2; p -= rate g / (sqrt(v) + epsilon). With momentum above
/// 0 the step passes through a momentum buffer.</summary>
public sealed class RmsProp : Optimizer
{
    private readonly double _decay, _momentum, _epsilon;

    /// <summary>The optimiser; <paramref name="decay"/> is the weight of the past in v.</summary>
    public RmsProp(Schedule learningRate, double decay = 0.99, double momentum = 0, double epsilon = 1e-8)
        : base(learningRate)
    {
        _decay = Checked(decay, 0, 1, nameof(decay));
        _momentum = Checked(momentum, 0, 1, nameof(momentum));
        _epsilon = Checked(epsilon, 0, double.MaxValue, nameof(epsilon));
    }

    /// <inheritdoc/>
    public override string Name => "rmsprop";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => _momentum > 0 ? ["second", "momentum"] : ["second"];

    /// <inheritdoc/>
    protected override void Update(OptimizerState state, int index, Tensor gradient, double rate, double scale) =>
        ParameterUpdate.RmsProp(
        state.Parameters[index], gradient, _momentum > 0 ? state.Slot(1, index) : null, state.Slot(0, index), rate,
        _momentum, _decay, _epsilon,
        WeightDecay, scale);
}

/// <summary>Settings of RMSprop.</summary>
public sealed record RmsPropSettings : OptimizerSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<RmsPropSettings>("rmsprop", "RMSProp", [.. Shared, 
        Setting.Real<RmsPropSettings>(
            "momentum", s => s.Momentum, (s, v) => s with { Momentum = v }, "momentum", Bounds.Fraction)]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The momentum.</summary>
    public double Momentum { get; init; }

    /// <inheritdoc/>
    public override Optimizer Make() => new RmsProp(Rate, momentum: Momentum)
    {
        WeightDecay = WeightDecay, GradientClip = Clip, AverageDecay = AverageDecay,
    };
}
