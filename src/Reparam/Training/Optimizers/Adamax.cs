using Reparam.Configuration;
using Reparam.Objectives;
using Reparam.Tensors;

namespace Reparam.Training.Optimizers;

/// <summary>Adamax (Kingma and Ba 2015, section 7.1): Adam with the infinity norm, v = max(beta2 v, |g| + epsilon); p
/// -= rate/(1 - beta1^t) m/v.</summary>
public sealed class Adamax : Optimizer
{
    private readonly double _beta1, _beta2, _epsilon;

    /// <summary>The optimiser with its published defaults.</summary>
    public Adamax(Schedule learningRate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        : base(learningRate)
    {
        _beta1 = Checked(beta1, 0, 1, nameof(beta1));
        _beta2 = Checked(beta2, 0, 1, nameof(beta2));
        _epsilon = Checked(epsilon, 0, double.MaxValue, nameof(epsilon));
    }

    /// <inheritdoc/>
    public override string Name => "adamax";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["first", "norm"];

    /// <inheritdoc/>
    protected override void Update(OptimizerState state, int index, Tensor gradient, double rate, double scale) =>
        ParameterUpdate.Adamax(
        state.Parameters[index], gradient, state.Slot(0, index), state.Slot(1, index), rate, _beta1, _beta2, _epsilon,
        1 - Schedule.Power(_beta1, state.Step), WeightDecay, scale);
}

/// <summary>Settings of Adamax.</summary>
public sealed record AdamaxSettings : OptimizerSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<AdamaxSettings>("adamax", "Adamax", Shared);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Optimizer Make() => new Adamax(Rate)
    {
        WeightDecay = WeightDecay, GradientClip = Clip, AverageDecay = AverageDecay,
    };
}
