using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Training;

/// <summary>
/// The first step of training, run on shapes only (see <see cref="ShapeScope"/>). It finds how much memory the step
/// needs, and whether the step fails, before any memory is allocated. The forward pass, the backward pass and the
/// optimiser run as in a <see cref="Trainer"/>, on tensors without elements.
/// </summary>
/// <param name="Parameters">Number of scalar parameters of the model.</param>
/// <param name="Largest">The tensor with the most elements among the tensors of the model, the optimiser and the
/// step.</param>
/// <param name="StateBytes">Bytes that stay allocated during the whole training: the parameters and buffers of the
/// model and of the objective's own network, and the optimiser's slots.</param>
/// <param name="StepBytes">Bytes of a step, in addition to <paramref name="StateBytes"/>: the peak of what the tensors
/// of the step hold (<see cref="MemoryMeter.PeakBytes"/>), from the batch to the update by the optimiser. A tape keeps
/// all tensors until the step ends, so this is about the sum of all tensors of the forward and the backward pass. A
/// meter around a real first step with the same batch counts the same number, unless a loop of the step depends on the
/// data: the inverse of a flow without a formula is found by a search, whose number of passes depends on the
/// data.</param>
/// <remarks>
/// The rehearsal draws no random number and changes nothing: afterwards the parameters, the buffers and the streams of
/// random numbers are as before, and each module is in the same mode as before. The rehearsal does not know other state
/// of your own model or objective.
/// </remarks>
public sealed record Rehearsal(long Parameters, LargestTensor Largest, long StateBytes, long StepBytes)
{
    /// <summary>Rehearses a step of an existing model.</summary>
    /// <param name="model">The model; the rehearsal does not change it.</param>
    /// <param name="objective">The objective that training maximises.</param>
    /// <param name="eventShape">The shape of one data point.</param>
    /// <param name="batch">Number of data in the step.</param>
    /// <param name="optimizer">The optimiser; null for Adam with rate 1e-3.</param>
    /// <param name="binarization">How the data are binarised. <see cref="Binarization.Dynamic"/> is for grey levels
    /// that are binarised at each read; only this value adds tensors to the step.</param>
    /// <param name="labelled">Whether the data have labels. A model that infers classes then gets the labels
    /// (<see cref="LatentVariableModel.Classes"/>).</param>
    /// <exception cref="TensorSizeException">A tensor would have more elements than a tensor can hold.</exception>
    /// <exception cref="Exception">Any exception that the model, the objective or the optimiser throws.</exception>
    public static Rehearsal Of(
        LatentVariableModel model, Objective objective, Shape eventShape, int batch, Optimizer? optimizer = null,
        Binarization binarization = Binarization.None, bool labelled = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(objective);
        return Of(() => model, _ => objective, eventShape, batch, optimizer, binarization, labelled);
    }

    /// <summary>Builds a model and an objective on shapes only, and rehearses a step.</summary>
    /// <param name="make">Builds the model. The returned model has no elements and cannot be used afterwards.</param>
    /// <param name="objective">Makes the objective for that model.</param>
    /// <param name="eventShape">The shape of one data point.</param>
    /// <param name="batch">Number of data in the step.</param>
    /// <param name="optimizer">The optimiser; null for Adam with rate 1e-3.</param>
    /// <param name="binarization">How the data are binarised. <see cref="Binarization.Dynamic"/> is for grey levels
    /// that are binarised at each read; only this value adds tensors to the step.</param>
    /// <param name="labelled">Whether the data have labels. A model that infers classes then gets the labels
    /// (<see cref="LatentVariableModel.Classes"/>).</param>
    /// <exception cref="TensorSizeException">A tensor would have more elements than a tensor can hold.</exception>
    /// <exception cref="Exception">Any exception that the model, the objective or the optimiser throws.</exception>
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

    /// <summary>The tensors that a reader makes from a batch.</summary>
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

    /// <summary>The first step, as in <see cref="TrainingSession.Step"/>.</summary>
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
