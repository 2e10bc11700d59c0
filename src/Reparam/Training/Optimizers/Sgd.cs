using Reparam.Configuration;
using Reparam.Objectives;
using Reparam.Tensors;

namespace Reparam.Training.Optimizers;

/// <summary>Stochastic gradient descent, optionally with momentum (Polyak 1964) or Nesterov momentum: v = momentum v +
/// g; p -= rate v.</summary>
public sealed class Sgd : Optimizer
{
    private readonly double _momentum;
    private readonly bool _nesterov;

    /// <summary>The optimiser with a learning rate and a momentum in [0, 1); 0 for no momentum.</summary>
    public Sgd(Schedule learningRate, double momentum = 0, bool nesterov = false)
        : base(learningRate)
    {
        _momentum = Checked(momentum, 0, 1, nameof(momentum));
        if (nesterov && momentum == 0)
            throw new ArgumentException("Nesterov momentum needs momentum above 0.", nameof(nesterov));
        _nesterov = nesterov;
    }

    /// <inheritdoc/>
    public override string Name => "sgd";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => _momentum > 0 ? ["velocity"] : [];

    /// <inheritdoc/>
    protected override void Update(OptimizerState state, int index, Tensor gradient, double rate, double scale)
    {
        if (_momentum > 0)
        {
            ParameterUpdate.Momentum(state.Parameters[index], gradient, state.Slot(0, index), rate, _momentum,
                _nesterov, WeightDecay, scale);
        }
        else
            ParameterUpdate.Sgd(state.Parameters[index], gradient, rate, WeightDecay, scale);
    }
}

/// <summary>Settings of stochastic gradient descent.</summary>
public sealed record SgdSettings : OptimizerSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<SgdSettings>("sgd", "stochastic gradient descent", [.. Shared, 
        Setting.Real<SgdSettings>(
            "momentum", s => s.Momentum, (s, v) => s with { Momentum = v }, "momentum", Bounds.Fraction)]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The momentum.</summary>
    public double Momentum { get; init; }

    /// <inheritdoc/>
    public override Optimizer Make() => new Sgd(Rate, Momentum)
    {
        WeightDecay = WeightDecay, GradientClip = Clip, AverageDecay = AverageDecay,
    };
}
