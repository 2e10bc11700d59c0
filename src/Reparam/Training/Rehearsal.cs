using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Training;

/// <summary>
/// The first step of a training on shapes alone (see <see cref="ShapeScope"/>): what it would need, and what would go
/// wrong with it, before anything is allocated. Forward, backward and optimiser run as in a <see cref="Trainer"/>, on
/// tensors without elements.
/// </summary>
/// <param name="Parameters">Scalar parameters of the model.</param>
/// <param name="Largest">The tensor of the most elements among those of the model, the optimiser and the step.</param>
/// <param name="StateBytes">Bytes that stay for the whole training: the parameters and buffers of the model and of the
/// objective's own network, and the optimiser's slots.</param>
/// <param name="StepBytes">
/// Bytes of a step: the most that its tensors hold at a time (<see cref="MemoryMeter.PeakBytes"/>), from the batch to
/// the optimiser's update, beside <paramref name="StateBytes"/>. A tape keeps what is made until the step ends, so this
/// is about the sum of all tensors of the forward and the backward pass. It is the same number that a meter around a
/// real first step of the same batch counts, except where a loop of the step runs on its data (the inverse of a flow
/// without a formula is searched for in as many passes as it takes).
/// </param>
/// <remarks>The rehearsal draws no number and changes nothing: parameters, buffers and streams of random numbers are
/// afterwards as before, and modules in the mode that they were in. Other state of a model or an objective of one's own
/// it cannot know.</remarks>
public sealed record Rehearsal(long Parameters, LargestTensor Largest, long StateBytes, long StepBytes)
{
    /// <summary>Rehearses a step of a model that is there already.</summary>
    /// <param name="model">The model; nothing of it changes.</param>
    /// <param name="objective">What is to be maximised.</param>
    /// <param name="eventShape">The shape of a datum.</param>
    /// <param name="batch">Data in the step.</param>
    /// <param name="optimizer">The rule; null for Adam.</param>
    /// <param name="binarization">How data are binarised; <see cref="Binarization.Dynamic"/> where they are grey
    /// levels.</param>
    /// <param name="labelled">Whether the data have labels, which a model that infers classes is told
    /// (<see cref="LatentVariableModel.Classes"/>).</param>
    /// <exception cref="TensorSizeException">A tensor would have more elements than one can hold.</exception>
    /// <exception cref="Exception">Whatever the model, the objective or the optimiser throws.</exception>
    public static Rehearsal Of(
        LatentVariableModel model, Objective objective, Shape eventShape, int batch, Optimizer? optimizer = null,
        Binarization binarization = Binarization.None, bool labelled = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(objective);
        return Of(() => model, _ => objective, eventShape, batch, optimizer, binarization, labelled);
    }

    /// <summary>Builds a model and an objective on shapes alone, and rehearses a step of them.</summary>
    /// <param name="make">Builds the model; what it returns has no elements and is of no use afterwards.</param>
    /// <param name="objective">The objective for that model.</param>
    /// <param name="eventShape">The shape of a datum.</param>
    /// <param name="batch">Data in the step.</param>
    /// <param name="optimizer">The rule; null for Adam.</param>
    /// <param name="binarization">How data are binarised; <see cref="Binarization.Dynamic"/> where they are grey
    /// levels.</param>
    /// <param name="labelled">Whether the data have labels, which a model that infers classes is told
    /// (<see cref="LatentVariableModel.Classes"/>).</param>
    /// <exception cref="TensorSizeException">A tensor would have more elements than one can hold.</exception>
    /// <exception cref="Exception">Whatever the model, the objective or the optimiser throws.</exception>
    public static Rehearsal Of(
        Func<LatentVariableModel> make, Func<LatentVariableModel, Objective> objective, Shape eventShape, int batch,
        Optimizer? optimizer = null, Binarization binarization = Binarization.None, bool labelled = false)
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        optimizer ??= new Adam(1e-3);
        using var shapes = new ShapeScope();
        LatentVariableModel model = make();
        Objective maximised = objective(model);
        Compatibility.Require(model, maximised, batch);
        IReadOnlyList<(Module Module, ModuleMode? Mode)> modes = model.Modes;
        try
        {
            OptimizerState state = new TrainingState(model, optimizer, maximised.Adversary).Optimizer;
            using var meter = new MemoryMeter();
            using (var tape = new GradientTape())
            {
                (Tensor x, Tensor? context) = Batch(model, [batch, .. eventShape], binarization, labelled);
                model.SetMode(ModuleMode.Training);
                Step(tape, model, maximised, optimizer, state, x, context);
            }

            Parameter[] held = [.. model.State, .. maximised.Adversary?.State ?? [], .. state.AllSlots];
            LargestTensor largest = LargestOf(held, meter.Largest);
            return new Rehearsal(model.ParameterCount, largest, held.Sum(BytesOf), meter.PeakBytes);
        }
        finally
        {
            Module.Restore(modes);
        }
    }

    /// <summary>The tensors that a reader makes of a batch.</summary>
    private static (Tensor X, Tensor? Context) Batch(
        LatentVariableModel model, Shape shape, Binarization binarization, bool labelled)
    {
        Tensor x;
        using (LayerName.Enter(TrainingStep.Data))
        {
            x = Tensor.Zeros(shape, model.DType);
            if (binarization == Binarization.Dynamic) x = Tensor.Less(new Rng(0).Uniform(shape, model.DType), x);
        }

        int classes = model.Context > 0 ? model.Context : labelled ? model.Classes : 0;
        return (x, classes > 0 ? Tensor.Zeros([shape[0], classes]).To(model.DType) : null);
    }

    /// <summary>The first step as <see cref="TrainingSession.Step"/> takes it.</summary>
    private static void Step(
        GradientTape tape, LatentVariableModel model, Objective objective, Optimizer optimizer, OptimizerState state,
        Tensor x, Tensor? context)
    {
        DiscreteDraw draw = objective.Discrete.DrawAt(0);
        (_, ObjectiveValue value) = TrainingStep.Score(model, objective, x, new Rng(0), draw, context, 0);
        Gradients gradients = TrainingStep.GradientsOf(tape, model, objective, value, state.Parameters);
        optimizer.Step(state, gradients, gradients.Norm());
    }

    private static LargestTensor LargestOf(IEnumerable<Parameter> held, LargestTensor? ofStep)
    {
        Parameter largest = held.MaxBy(p => p.Shape.Size)!;
        return ofStep is not null && ofStep.Elements > largest.Shape.Size
            ? ofStep
            : new LargestTensor(largest.Shape, largest.Value.DType, $"parameter {largest.Name}");
    }

    private static long BytesOf(Parameter parameter)
    {
        long elements = parameter.Shape.Size;
        return elements * (parameter.Value.DType == DType.Float32 ? sizeof(float) : sizeof(double));
    }
}
