using Reparam.Objectives;
using Reparam.Tensors;

namespace Reparam.Training.Optimizers;

/// <summary>
/// A rule that turns gradients into a step. The rule is immutable; all that changes is in an
/// <see cref="OptimizerState"/>, which is saved and resumed.
/// </summary>
public abstract class Optimizer
{
    /// <summary>A rule with a learning rate that may follow a schedule.</summary>
    protected Optimizer(Schedule learningRate) => LearningRate = learningRate;

    /// <summary>The name under which configurations know it.</summary>
    public abstract string Name { get; }

    /// <summary>The learning rate by step.</summary>
    public Schedule LearningRate { get; }

    /// <summary>
    /// Adds this times the parameter to its gradient: the gradient of the penalty 0.5 decay |p|^2. With 1/N over N data
    /// it is the paper's N(0, I) prior on the weights (maximum a posteriori).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double WeightDecay { get; init => field = Checked(value, 0, double.MaxValue, nameof(WeightDecay)); }

    /// <summary>The norm above which the gradient is scaled down; infinity never clips.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive: 0 would take every step with no
    /// gradient.</exception>
    public double GradientClip
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(value), value, "A gradient is clipped to a positive norm; infinity never clips.");
    } = double.PositiveInfinity;

    /// <summary>Names of the tensors kept for each parameter, such as <c>first</c> and <c>second</c> moment.</summary>
    public abstract IReadOnlyList<string> Slots { get; }

    /// <summary>The state before the first step.</summary>
    public OptimizerState Start(IReadOnlyList<Parameter> parameters) => new(parameters, Slots, InitialSlotValue);

    /// <summary>
    /// Takes one step in place: clips, decays, updates every parameter and its state.
    /// </summary>
    /// <param name="state">From <see cref="Start"/>; its step count grows by one.</param>
    /// <param name="gradients">In the order of the state's parameters.</param>
    /// <param name="norm">The gradients' norm where the caller has it already.</param>
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
    }

    /// <summary>What a new slot holds; 0 unless a rule says otherwise.</summary>
    protected virtual double InitialSlotValue => 0;

    /// <summary>Updates parameter number <paramref name="index"/>; <c>state.Step</c> already counts this
    /// step.</summary>
    protected abstract void Update(OptimizerState state, int index, Tensor gradient, double rate, double scale);

    /// <summary>A number from a minimum to below another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    protected static double Checked(double value, double minimum, double below, string name) =>
        value >= minimum && value < below ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} lies in [{minimum}, {below}).");
}
