using Reparam.Configuration;
using Reparam.Objectives;
using Reparam.Tensors;

namespace Reparam.Training.Optimizers;

/// <summary>Adagrad (Duchi, Hazan and Singer 2011), the optimiser of Kingma and Welling (2013): s += g^2; p -= rate g /
/// (sqrt(s) + epsilon).</summary>
public sealed class Adagrad : Optimizer
{
    private readonly double _epsilon;
    private readonly double _initial;

    /// <summary>The optimiser; <paramref name="initialAccumulator"/> is the initial value of s.</summary>
    public Adagrad(Schedule learningRate, double epsilon = 1e-10, double initialAccumulator = 0)
        : base(learningRate)
    {
        _epsilon = Checked(epsilon, 0, double.MaxValue, nameof(epsilon));
        _initial = Checked(initialAccumulator, 0, double.MaxValue, nameof(initialAccumulator));
    }

    /// <inheritdoc/>
    public override string Name => "adagrad";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["sum"];

    /// <inheritdoc/>
    protected override double InitialSlotValue => _initial;

    /// <inheritdoc/>
    protected override void Update(OptimizerState state, int index, Tensor gradient, double rate, double scale) =>
        ParameterUpdate.Adagrad(
            state.Parameters[index], gradient, state.Slot(0, index), rate, _epsilon, WeightDecay, scale);
}

/// <summary>Settings of Adagrad.</summary>
public sealed record AdagradSettings : OptimizerSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<AdagradSettings>("adagrad", "Adagrad", Shared);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Optimizer Make() => new Adagrad(Rate)
    {
        WeightDecay = WeightDecay, GradientClip = Clip, AverageDecay = AverageDecay,
    };
}
