using Reparam.Configuration;
using Reparam.Objectives;
using Reparam.Tensors;

namespace Reparam.Training.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015): m and v average the gradient and its square; p -= rate m' / (sqrt(v') + epsilon) with m'
/// = m/(1 - beta1^t), v' = v/(1 - beta2^t). With decoupled weight decay it is AdamW (Loshchilov and Hutter 2019): the
/// parameter shrinks by the fraction rate * decay, and the decay is not added to the gradient.
/// </summary>
public sealed class Adam : Optimizer
{
    private readonly double _beta1, _beta2, _epsilon;
    private readonly bool _decoupled;

    /// <summary>The optimiser with its published defaults.</summary>
    public Adam(
        Schedule learningRate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, bool decoupled = false)
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
    protected override void Update(OptimizerState state, int index, Tensor gradient, double rate, double scale) =>
        ParameterUpdate.Adam(
        state.Parameters[index], gradient, state.Slot(0, index), state.Slot(1, index), rate, _beta1, _beta2, _epsilon,
        1 - Schedule.Power(_beta1, state.Step), 1 - Schedule.Power(_beta2, state.Step), _decoupled, WeightDecay, scale);
}

/// <summary>Settings of <see cref="Adam"/>, with weight decay in the gradient or decoupled from it.</summary>
public abstract record AdamFamilySettings : OptimizerSettings
{
    /// <summary>The decay rate of the running mean of the gradient.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The decay rate of the running mean of the squared gradient.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>The number that is added to the square root of the mean of the squared gradient. Gradients that are
    /// much smaller than epsilon hardly change a parameter.</summary>
    public double Epsilon { get; init; } = 1e-8;

    private protected Adam Make(bool decoupled) => new(Rate, Beta1, Beta2, Epsilon, decoupled)
    {
        WeightDecay = WeightDecay, GradientClip = Clip, AverageDecay = AverageDecay,
    };

    /// <summary>The settings. Their bounds are those of Float32, because the parameters and the constants of their
    /// update are Float32.</summary>
    private protected static Setting[] OfMoments
    {
        get
        {
            var below1 = new Bounds(0, MathF.BitDecrement(1));
            return
            [
                .. Shared,
                Setting.Real<AdamFamilySettings>("beta1", s => s.Beta1, (s, v) => s with { Beta1 = v },
                    "decay rate of the running mean of the gradient", below1),
                Setting.Real<AdamFamilySettings>("beta2", s => s.Beta2, (s, v) => s with { Beta2 = v },
                    "decay rate of the running mean of the squared gradient", below1),
                Setting.Real<AdamFamilySettings>(
                    "epsilon", s => s.Epsilon, (s, v) => s with { Epsilon = v },
                    "number added to the square root of that mean", new Bounds(1.17549435e-38f, float.MaxValue)),
            ];
        }
    }
}

/// <summary>Settings of <see cref="Adam"/>.</summary>
public sealed record AdamSettings : AdamFamilySettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<AdamSettings>(
        "adam", "Adam, with weight decay as part of the gradient", OfMoments);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Adam Make() => Make(decoupled: false);
}

/// <summary>Settings of <see cref="Adam"/> with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
public sealed record AdamWSettings : AdamFamilySettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<AdamWSettings>(
        "adamw", "Adam with decoupled weight decay", OfMoments);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Adam Make() => Make(decoupled: true);
}
