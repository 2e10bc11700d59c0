using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Training;

/// <summary>
/// One step of training after another, for a loop of one's own: what a <see cref="Trainer"/> does with a batch. The
/// model is in training mode; the loss, the encoder's own loss and that of the objective's network are each
/// differentiated by their own parameters; a loss or gradient that is not finite throws before it reaches a parameter.
/// </summary>
/// <example><code>
/// var step = new TrainingStep(vae, new WakeSleep(), new Adam(1e-3));
/// StepResult result = step.Take(batch, rng.At(step.State.Step));
/// </code></example>
public sealed class TrainingStep
{
    /// <summary>What stands for a layer's name while a batch is read.</summary>
    internal const string Data = "data";

    private readonly LatentVariableModel _model;
    private readonly Objective _objective;
    private readonly Optimizer _optimizer;

    /// <summary>Steps of a model that begins to train.</summary>
    /// <param name="model">The model.</param>
    /// <param name="objective">What is maximised.</param>
    /// <param name="optimizer">The rule by which parameters are changed.</param>
    public TrainingStep(LatentVariableModel model, Objective objective, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(objective);
        (_model, _objective, _optimizer) = (model, objective, optimizer);
        State = new TrainingState(model, optimizer, objective.Adversary);
    }

    /// <summary>Steps of a training that goes on.</summary>
    internal TrainingStep(TrainingState state, Objective objective, Optimizer optimizer) =>
        (State, _model, _objective, _optimizer) = (state, state.Model, objective, optimizer);

    /// <summary>How far the training is: the number of steps, the optimiser's slots.</summary>
    public TrainingState State { get; }

    /// <summary>Takes a step on a batch.</summary>
    /// <param name="x">Data, [B] + event.</param>
    /// <param name="noise">Source of the step's noise, positioned by the step: <c>rng.At(step.State.Step)</c>.</param>
    /// <param name="context">The labels of the data, one-hot [B, C], of a model that is conditioned on them or told
    /// them; null for others.</param>
    /// <exception cref="NotSupportedException">Model and objective do not go together.</exception>
    /// <exception cref="TrainingDivergedException">A number is not finite; the parameters are those before the
    /// step.</exception>
    public StepResult Take(Tensor x, Rng noise, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(noise);
        if (State.Step == 0) Compatibility.Require(_model, _objective, x.Shape[0]);
        return Take(() => (x, context), noise,
            (origin, loss, norm) => new TrainingDivergedException(origin, State.Step, State.Epoch + 1, [], loss, norm));
    }

    /// <summary>The same of a batch that is read inside the step's tape, which then owns its memory.</summary>
    internal StepResult Take(
        Func<(Tensor X, Tensor? Context)> read, Rng noise,
        Func<string, double, double, TrainingDivergedException> diverged)
    {
        long step = State.Step;
        _model.SetMode(ModuleMode.Training);
        using var tape = new GradientTape();
        (Tensor x, Tensor? context) = read();
        ObjectiveValue value;
        try
        {
            (_, value) = Score(_model, _objective, x, noise, _objective.Discrete.DrawAt(step), context, step);
        }
        catch (ArgumentException failure) when (step > 0)
        {
            // The first step has shown that all shapes fit: what a distribution refuses after it, training has moved
            // out of its domain, such as a scale that has become 0.
            throw diverged(
                $"a distribution whose parameter left its domain ({failure.Message})", double.NaN, double.NaN);
        }

        double loss = value.Loss.Item();
        if (!double.IsFinite(loss)) throw diverged(tape.FirstNonFinite() ?? "the loss", loss, double.NaN);
        Gradients gradients = GradientsOf(tape, _model, _objective, value, State.Optimizer.Parameters);
        double norm = gradients.Norm();
        if (!double.IsFinite(norm))
        {
            Parameter? culprit = State.Optimizer.Parameters.Where((_, i) => !gradients[i].IsFinite()).FirstOrDefault();
            throw diverged($"the gradient by {culprit?.Name ?? "the parameters (its norm overflows)"}", loss, norm);
        }

        _optimizer.Step(State.Optimizer, gradients, norm);
        return new StepResult(loss, value.Bound.Item(), value.Reconstruction.Item(), value.KL.Item(), norm);
    }

    /// <summary>Infers and scores a batch.</summary>
    internal static (InferencePass Pass, ObjectiveValue Value) Score(
        LatentVariableModel model, Objective objective, Tensor x, Rng noise, DiscreteDraw draw,
        Tensor? context, long step)
    {
        InferencePass pass = model.Infer(x, noise, objective.Samples, draw, context);
        return (pass, objective.Evaluate(pass, step));
    }

    /// <summary>
    /// The gradients of the loss; of what the encoder or the objective's own network minimises instead, by their
    /// parameters.
    /// </summary>
    internal static Gradients GradientsOf(
        GradientTape tape, LatentVariableModel model, Objective objective, ObjectiveValue value,
        IReadOnlyList<Parameter> parameters)
    {
        if (value.EncoderLoss is not null && !model.RecognitionIsApart)
        {
            throw new NotSupportedException(
                $"The objective '{objective.Name}' gives q a loss of its own, and parameters of q are the generative " +
                "model's too (a VampPrior, a ladder): use another objective, or a model whose q is apart.");
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
