using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Training;

/// <summary>
/// Takes training steps, for your own training loop. Each step does what a <see cref="Trainer"/> does with a batch. The
/// model is set to training mode. The loss, the encoder's own loss and the loss of the objective's network are each
/// differentiated by their own parameters. If the loss or a gradient is not finite, the step throws before it changes a
/// parameter.
/// </summary>
/// <example><code>
/// var step = new TrainingStep(vae, new WakeSleep(), new Adam(1e-3));
/// StepResult result = step.Take(batch, rng.At(step.State.Step));
/// </code></example>
public sealed class TrainingStep
{
    /// <summary>The layer name that is used while a batch is read.</summary>
    internal const string Data = "data";

    private readonly LatentVariableModel _model;
    private readonly Objective _objective;
    private readonly Optimizer _optimizer;

    /// <summary>Starts the training of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="objective">The objective that training maximises.</param>
    /// <param name="optimizer">The optimiser that changes the parameters.</param>
    public TrainingStep(LatentVariableModel model, Objective objective, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(objective);
        (_model, _objective, _optimizer) = (model, objective, optimizer);
        State = new TrainingState(model, optimizer, objective.Adversary);
    }

    /// <summary>Continues a training.</summary>
    internal TrainingStep(TrainingState state, Objective objective, Optimizer optimizer) =>
        (State, _model, _objective, _optimizer) = (state, state.Model, objective, optimizer);

    /// <summary>The state of the training: the number of steps and the slots of the optimiser.</summary>
    public TrainingState State { get; }

    /// <summary>Takes a step on a batch.</summary>
    /// <param name="x">Data, [B] + event.</param>
    /// <param name="noise">Source of the noise of the step, at the position of the step:
    /// <c>rng.At(step.State.Step)</c>.</param>
    /// <param name="context">The labels of the data, one-hot [B, C], for a model that is conditioned on labels or
    /// learns from known labels; null for other models.</param>
    /// <exception cref="NotSupportedException">The model and the objective do not fit together.</exception>
    /// <exception cref="TrainingDivergedException">A loss or gradient is not finite, or a parameter of a distribution
    /// left its domain. The parameters are those before the step.</exception>
    public StepResult Take(Tensor x, Rng noise, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(noise);
        if (State.Step == 0) Compatibility.Require(_model, _objective, x.Shape[0]);
        return Take(() => (x, context), noise,
            (origin, loss, norm) => new TrainingDivergedException(origin, State.Step, State.Epoch + 1, [], loss, norm));
    }

    /// <summary>Takes a step on a batch that is read while the tape of the step records; the tape then owns the memory
    /// of the batch.</summary>
    internal StepResult Take(
        Func<(Tensor X, Tensor? Context)> read, Rng noise,
        Func<string, double, double, TrainingDivergedException> diverged)
    {
        State.UseTrained();
        _model.SetMode(ModuleMode.Training);
        using var tape = new GradientTape();
        (ObjectiveValue value, Gradients gradients) = Differentiate(tape, read, noise, diverged);
        double norm = Update(gradients, value.Loss.Item(), diverged);
        return new StepResult(
            value.Loss.Item(), value.Bound.Item(), value.Reconstruction.Item(), value.KL.Item(), norm);
    }

    /// <summary>The objective on a batch, and the gradients of its losses.</summary>
    internal (ObjectiveValue Value, Gradients Gradients) Differentiate(
        GradientTape tape, Func<(Tensor X, Tensor? Context)> read, Rng noise,
        Func<string, double, double, TrainingDivergedException> diverged)
    {
        long step = State.Step;
        (Tensor x, Tensor? context) = read();
        ObjectiveValue value;
        try
        {
            (_, value) = Score(_model, _objective, x, noise, _objective.Discrete.DrawAt(step), context, step);
        }
        catch (ArgumentException failure) when (step > 0)
        {
            // The first step has shown that all shapes fit. If a distribution refuses a value in a later step, training
            // has moved a parameter out of its domain; for example, a scale has become 0.
            throw diverged(
                $"a distribution whose parameter left its domain ({failure.Message})", double.NaN, double.NaN);
        }

        double loss = value.Loss.Item();
        if (!double.IsFinite(loss)) throw diverged(tape.FirstNonFinite() ?? "the loss", loss, double.NaN);
        return (value, GradientsOf(tape, _model, _objective, value, State.Optimizer.Parameters));
    }

    /// <summary>Updates the parameters, and returns the norm of the gradient. Throws before the update if the gradient
    /// is not finite.</summary>
    internal double Update(
        Gradients gradients, double loss, Func<string, double, double, TrainingDivergedException> diverged)
    {
        double norm = gradients.Norm();
        if (!double.IsFinite(norm))
        {
            Parameter? culprit = State.Optimizer.Parameters.Where((_, i) => !gradients[i].IsFinite()).FirstOrDefault();
            throw diverged($"the gradient by {culprit?.Name ?? "the parameters (its norm overflows)"}", loss, norm);
        }

        _optimizer.Step(State.Optimizer, gradients, norm);
        return norm;
    }

    /// <summary>Runs inference on a batch and evaluates the objective.</summary>
    internal static (InferencePass Pass, ObjectiveValue Value) Score(
        LatentVariableModel model, Objective objective, Tensor x, Rng noise, DiscreteDraw draw,
        Tensor? context, long step)
    {
        InferencePass pass = model.Infer(x, noise, objective.Samples, draw, context);
        return (pass, objective.Evaluate(pass, step));
    }

    /// <summary>The gradients of the loss. Parameters of the encoder or of the objective's own network get the gradient
    /// of their own loss instead, if the objective has one.</summary>
    internal static Gradients GradientsOf(
        GradientTape tape, LatentVariableModel model, Objective objective, ObjectiveValue value,
        IReadOnlyList<Parameter> parameters)
    {
        if (value.EncoderLoss is not null && !model.RecognitionIsApart)
        {
            throw new NotSupportedException(
                $"The objective '{objective.Name}' gives q its own loss, and q shares parameters with the generative " +
                "model (a VampPrior, a ladder): use another objective, or a model whose q shares no parameters.");
        }

        if (value.EncoderLoss is null && value.AdversaryLoss is null) return tape.Gradients(value.Loss, parameters);
        HashSet<Parameter> encoder = value.EncoderLoss is null ? [] : [.. model.RecognitionParameters];
        HashSet<Parameter> adversary = [.. objective.Adversary?.Parameters ?? []];
        Parameter[] others = [.. parameters.Where(p => !encoder.Contains(p) && !adversary.Contains(p))];
        List<Gradients> sweeps = [tape.Gradients(value.Loss, others)];
        if (value.EncoderLoss is { } encoderLoss)
            sweeps.Add(tape.Gradients(encoderLoss, [.. parameters.Where(encoder.Contains)]));
        if (value.AdversaryLoss is { } adversaryLoss)
            sweeps.Add(tape.Gradients(adversaryLoss, [.. parameters.Where(adversary.Contains)]));
        return Gradients.Of(parameters, sweeps);
    }
}
