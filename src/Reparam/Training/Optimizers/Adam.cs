using Reparam.Objectives;
using Reparam.Tensors;

namespace Reparam.Training.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015): m and v average the gradient and its square; p -= rate m' / (sqrt(v') + epsilon) with
/// m' = m/(1 - beta1^t), v' = v/(1 - beta2^t). Decoupled, it is AdamW (Loshchilov and Hutter 2019): the parameter shrinks by
/// rate * decay instead of the decay entering the gradient.
/// </summary>
public sealed class Adam : Optimizer
{
    private readonly double _beta1, _beta2, _epsilon;
    private readonly bool _decoupled;

    /// <summary>The rule with its published defaults.</summary>
    public Adam(Schedule learningRate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, bool decoupled = false)
        : base(learningRate)
    {
        _beta1 = Checked(beta1, 0, 1, nameof(beta1));
        _beta2 = Checked(beta2, 0, 1, nameof(beta2));
        _epsilon = Checked(epsilon, 0, double.MaxValue, nameof(epsilon));
        _decoupled = decoupled;
    }

    /// <inheritdoc/>
    public override string Name => _decoupled ? "adamw" : "adam";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["first", "second"];

    /// <inheritdoc/>
    protected override void Update(OptimizerState state, int index, Tensor gradient, double rate, double scale) => ParameterUpdate.Adam(
        state.Parameters[index], gradient, state.Slot(0, index), state.Slot(1, index), rate, _beta1, _beta2, _epsilon,
        1 - Schedule.Power(_beta1, state.Step), 1 - Schedule.Power(_beta2, state.Step), _decoupled, WeightDecay, scale);
}
