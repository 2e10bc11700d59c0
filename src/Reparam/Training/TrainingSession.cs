using Reparam.Data;
using Reparam.Models;
using Reparam.Models.Bayesian;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Training;

/// <summary>The parts of one call to <see cref="Trainer.Fit"/>: takes a step, validates, knows the order of an epoch.</summary>
internal sealed class TrainingSession
{
    private readonly LatentVariableModel _model;
    private readonly Objective _objective;
    private readonly Optimizer _optimizer;
    private readonly TrainerOptions _options;
    private readonly BatchReader _train, _validation;
    private readonly Rng _order, _noise, _binarize, _validationNoise, _aggregateNoise;

    public TrainingSession(LatentVariableModel model, Objective objective, Optimizer optimizer, TrainerOptions options, Dataset train, Dataset validation, Rng rng)
    {
        if (train.EventShape != validation.EventShape)
            throw new ArgumentException($"Training data have shape {train.EventShape}, validation data {validation.EventShape}.", nameof(validation));
        _model = model;
        _objective = objective;
        _optimizer = optimizer;
        _options = options;
        _order = rng.Split("order");
        _noise = rng.Split("noise");
        _binarize = rng.Split("binarize");
        _validationNoise = rng.Split("validation");
        _aggregateNoise = rng.Split("aggregate");
        _train = new BatchReader(train, options.Binarization, rng.Split("binarize-train"), model.DType);
        // Validation data are binarised once, so that epochs compare.
        _validation = new BatchReader(validation.Binarize(options.Binarization, rng.Split("binarize-validation")), Binarization.None, rng, model.DType);
        BatchesPerEpoch = (train.Count + options.BatchSize - 1) / options.BatchSize;
    }

    public int BatchesPerEpoch { get; }

    /// <summary>The training data.</summary>
    public Dataset TrainingData => _train.Data;

    public int[] Order(int epoch) => _order.At(epoch).Permutation(_train.Data.Count);

    public (double Loss, double GradientNorm) Step(TrainingState state, int[] indices)
    {
        long step = state.Step;
        _model.SetMode(ModuleMode.Training);
        using var tape = new GradientTape();
        Tensor x;
        using (LayerName.Enter(TrainingStep.Data)) x = _train.Read(indices, _binarize.At(step));
        Tensor? context = _model.Context > 0 ? _train.Labels(indices, _model.Context) : _model.Classes > 0 ? _train.KnownLabels(indices, _model.Classes) : null;
        (_, ObjectiveValue value) = Score(x, _noise.At(step), _objective.Discrete.DrawAt(step), context, step, origin => Diverged(origin, double.NaN, double.NaN));
        double loss = value.Loss.Item();
        if (!double.IsFinite(loss)) throw Diverged(tape.FirstNonFinite() ?? "the loss", loss, double.NaN);

        Gradients gradients = TrainingStep.GradientsOf(tape, _model, _objective, value, state.Optimizer.Parameters);
        double norm = gradients.Norm();
        if (!double.IsFinite(norm))
        {
            Parameter? culprit = state.Optimizer.Parameters.Where((_, i) => !gradients[i].IsFinite()).FirstOrDefault();
            throw Diverged($"the gradient by {culprit?.Name ?? "the parameters (its norm overflows)"}", loss, norm);
        }

        _optimizer.Step(state.Optimizer, gradients, norm);
        state.Running.Add(indices.Length, loss, value.Bound.Item(), value.Reconstruction.Item(), value.KL.Item());
        return (loss, norm);

        TrainingDivergedException Diverged(string origin, double atLoss, double atNorm) =>
            new(origin, step, state.Epoch + 1, indices, atLoss, atNorm, _train.Data);
    }

    /// <summary>
    /// Infers and scores a batch. The first step has shown that all shapes fit: what a distribution refuses after it, training has moved out of its domain, such as a scale that has become 0.
    /// </summary>
    private (InferencePass Pass, ObjectiveValue Value) Score(Tensor x, Rng noise, DiscreteDraw draw, Tensor? context, long step, Func<string, TrainingDivergedException> diverged)
    {
        try
        {
            return TrainingStep.Score(_model, _objective, x, noise, draw, context, step);
        }
        catch (ArgumentException failure) when (step > 0)
        {
            throw diverged($"a distribution whose parameter left its domain ({failure.Message})");
        }
    }

    public (BoundMeans Means, PosteriorStatistics Statistics) Validate(int epoch, long step)
    {
        _model.SetMode(ModuleMode.Evaluation);
        var totals = new BoundTotals();
        var statistics = new PosteriorStatistics();
        int count = _validation.Data.Count;
        for (int start = 0; start < count; start += _options.ValidationBatchSize)
        {
            using var scope = new TensorScope();
            int rows = Math.Min(_options.ValidationBatchSize, count - start);
            Tensor x = _validation.Read(start, rows, _validationNoise);
            (InferencePass pass, ObjectiveValue value) = Score(
                x, _validationNoise.At(epoch, start), DiscreteDraw.Exact, _validation.Context(start, rows, _model.Context), step,
                origin =>
                    new TrainingDivergedException(origin, step, epoch + 1, [], double.NaN, double.NaN, _train.Data));
            totals.Add(rows, value.Loss.Item(), value.Bound.Item(), value.Reconstruction.Item(), value.KL.Item());
            statistics.Add(pass);
        }

        return (totals.Means(), statistics);
    }

    /// <summary>A datum's share of the KL of uncertain weights; null where they are points.</summary>
    public double? WeightsKL()
    {
        using var scope = new TensorScope();
        return _model.Tree.OfType<BayesianLayer>().Any() ? BayesianLayer.KL(_model).Item() / _train.Data.Count : null;
    }

    /// <summary>Where the KL goes, on some of the validation data, after <see cref="Validate"/>.</summary>
    public AggregatePosterior? Aggregate(int epoch) => AggregatePosterior.Estimate(_validation.Data.Count, (indices, at) => _model.Infer(
        _validation.Read(indices, _aggregateNoise), _aggregateNoise.At(epoch, at), 1, DiscreteDraw.Exact, _model.Context == 0 ? null : _validation.Labels(indices, _model.Context)));
}
