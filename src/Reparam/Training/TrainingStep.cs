using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;

namespace Reparam.Training;

/// <summary>What a step of training computes, in a <see cref="Trainer"/> and in a <see cref="Rehearsal"/>.</summary>
internal static class TrainingStep
{
    /// <summary>What stands for a layer's name while a batch is read.</summary>
    public const string Data = "data";

    /// <summary>Infers and scores a batch.</summary>
    public static (InferencePass Pass, ObjectiveValue Value) Score(
        LatentVariableModel model, Objective objective, Tensor x, Rng noise, DiscreteDraw draw, Tensor? context,
        long step)
    {
        InferencePass pass = model.Infer(x, noise, objective.Samples, draw, context);
        return (pass, objective.Evaluate(pass, step));
    }

    /// <summary>
    /// The gradients of the loss; of what the encoder or the objective's own network minimises instead, by their
    /// parameters.
    /// </summary>
    public static Gradients GradientsOf(
        GradientTape tape, LatentVariableModel model, Objective objective, ObjectiveValue value,
        IReadOnlyList<Parameter> parameters)
    {
        if (value.EncoderLoss is not null && !model.RecognitionIsApart)
            throw new NotSupportedException($"The objective '{objective.Name}' gives q a loss of its own, and parameters of q are the generative model's too (a VampPrior, a ladder): use another objective, or a model whose q is apart.");
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
