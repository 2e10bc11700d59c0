using Reparam.Objectives;
using Reparam.Tensors;

namespace Reparam.Training.Optimizers;

/// <summary>A rule that computes a step from gradients. The rule is immutable. Everything that changes is in an
/// <see cref="OptimizerState"/>, which is saved and resumed.</summary>
public abstract class Optimizer
{
    /// <summary>An optimiser with a learning rate that may follow a schedule.</summary>
    protected Optimizer(Schedule learningRate) => LearningRate = learningRate;

    /// <summary>The name of the optimiser in configurations.</summary>
    public abstract string Name { get; }

    /// <summary>The learning rate by step.</summary>
    public Schedule LearningRate { get; }

    /// <summary>
    /// The weight decay. The optimiser adds decay times the parameter to the gradient of the parameter, which is the
    /// gradient of the penalty 0.5 decay |p|^2. With decay 1/N for N data this is the N(0, I) prior on the weights of
    /// Kingma and Welling (2013) (maximum a posteriori).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double WeightDecay { get; init => field = Checked(value, 0, double.MaxValue, nameof(WeightDecay)); }

    /// <summary>The norm above which the whole gradient is scaled down to this norm; infinity never clips.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive. With 0 every step would have a zero
    /// gradient.</exception>
    public double GradientClip
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(value), value, "The norm for clipping a gradient must be positive; infinity never clips.");
    } = double.PositiveInfinity;

    /// <summary>
    /// The decay d of an exponential moving average of the parameters, a = d_n a + (1 - d_n) p after each step, with
    /// d_n = min(d, (1 + n) / (10 + n)) at step n, so that the average forgets the initial parameters soon. 0, the
    /// default, keeps no average. Validation, evaluation and samples use the averages; steps do not
    /// (<see cref="TrainingState.UseAverages"/>).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double AverageDecay { get; init => field = Checked(value, 0, 1, nameof(AverageDecay)); }

    /// <summary>Names of the tensors kept for each parameter, such as <c>first</c> and <c>second</c> moment.</summary>
    public abstract IReadOnlyList<string> Slots { get; }

    /// <summary>The state before the first step.</summary>
    public OptimizerState Start(IReadOnlyList<Parameter> parameters) =>
        new(parameters, Slots, InitialSlotValue, AverageDecay > 0);

    /// <summary>Takes one step in place: clips the gradient, applies weight decay, and updates every parameter and its
    /// state.</summary>
    /// <param name="state">The state from <see cref="Start"/>; its step count grows by one.</param>
    /// <param name="gradients">The gradients, in the order of the state's parameters.</param>
    /// <param name="norm">The norm of all gradients together, if the caller has computed it already; otherwise
    /// null.</param>
    public void Step(OptimizerState state, Gradients gradients, double? norm = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(gradients);
        if (gradients.Count != state.Parameters.Count)
        {
            throw new ArgumentException(
                $"{gradients.Count} gradients for {state.Parameters.Count} parameters.", nameof(gradients));
        }

        double scale = 1;
        if (double.IsFinite(GradientClip))
        {
            double length = norm ?? gradients.Norm();
            if (length > GradientClip) scale = GradientClip / length;
        }

        double rate = LearningRate.At(state.Step);
        state.Step++;
        for (int i = 0; i < gradients.Count; i++) Update(state, i, gradients[i], rate, scale);
        if (AverageDecay > 0) state.Average(Math.Min(AverageDecay, (1.0 + state.Step) / (10.0 + state.Step)));
    }

    /// <summary>The initial value of a slot; 0 unless an optimiser overrides it.</summary>
    protected virtual double InitialSlotValue => 0;

    /// <summary>Updates parameter number <paramref name="index"/>; <c>state.Step</c> already counts this
    /// step.</summary>
    protected abstract void Update(OptimizerState state, int index, Tensor gradient, double rate, double scale);

    /// <summary>Checks that a number lies in [minimum, below), and returns the number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number lies outside this interval.</exception>
    protected static double Checked(double value, double minimum, double below, string name) =>
        value >= minimum && value < below ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie in [{minimum}, {below}).");
}
