using Reparam.Data;
using Reparam.Models;
using Reparam.Models.Bayesian;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Training;

/// <summary>The parts of one call to <see cref="Trainer.Fit"/>: takes a step, validates, and gives the order of the
/// data in an epoch.</summary>
internal sealed class TrainingSession
{
    private readonly LatentVariableModel _model;
    private readonly Objective _objective;
    private readonly Optimizer _optimizer;
    private readonly TrainerOptions _options;
    private readonly BatchReader _train, _validation;
    private readonly Rng _order, _noise, _binarize, _validationNoise, _aggregateNoise;

    public TrainingSession(LatentVariableModel model, Objective objective, Optimizer optimizer, TrainerOptions options,
        Dataset train, Dataset validation, Rng rng)
    {
        if (train.EventShape != validation.EventShape)
        {
            throw new ArgumentException($"Training data have shape {train.EventShape}, validation data " +
                $"{validation.EventShape}.", nameof(validation));
        }

        _model = model;
        _objective = objective;
        _optimizer = optimizer;
        _options = options;
        _order = rng.Split("order");
        _noise = rng.Split("noise");
        _binarize = rng.Split("binarize");
        _validationNoise = rng.Split("validation");
        _aggregateNoise = rng.Split("aggregate");
        _train = new BatchReader(train, options.Binarization, rng.Split("binarize-train"), model.DType)
        {
            Augmentation = options.Augmentation,
        };
        // Validation data are binarised only once, so that the epochs can be compared.
        _validation = new BatchReader(validation.Binarize(options.Binarization, rng.Split("binarize-validation")),
            Binarization.None, rng, model.DType);
        BatchesPerEpoch = (train.Count + options.BatchSize - 1) / options.BatchSize;
    }

    public int BatchesPerEpoch { get; }

    /// <summary>The training data.</summary>
    public Dataset TrainingData => _train.Data;

    public int[] Order(int epoch) => _order.At(epoch).Permutation(_train.Data.Count);

    public (double Loss, double GradientNorm) Step(TrainingState state, int[] indices)
    {
        long step = state.Step;
        StepResult taken = new TrainingStep(state, _objective, _optimizer).Take(
            Read, _noise.At(step),
            (origin, loss, norm) => new TrainingDivergedException(
                origin, step, state.Epoch + 1, indices, loss, norm, _train.Data));
        state.Running.Add(indices.Length, taken.Loss, taken.Bound, taken.Reconstruction, taken.KL);
        return (taken.Loss, taken.GradientNorm);

        (Tensor X, Tensor? Context) Read()
        {
            Tensor x;
            using (LayerName.Enter(TrainingStep.Data)) x = _train.Read(indices, _binarize.At(step));
            return (x, _model.Context > 0 ? _train.Labels(indices, _model.Context) : _model.Classes > 0
                ? _train.KnownLabels(indices, _model.Classes) : null);
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
            InferencePass pass;
            ObjectiveValue value;
            try
            {
                (pass, value) = TrainingStep.Score(
                    _model, _objective, x, _validationNoise.At(epoch, start), DiscreteDraw.Exact,
                    _validation.Context(start, rows, _model.Context), step);
            }
            catch (ArgumentException failure) when (step > 0)
            {
                throw new TrainingDivergedException(
                    $"a distribution whose parameter left its domain ({failure.Message})", step, epoch + 1, [],
                    double.NaN, double.NaN, _train.Data);
            }

            totals.Add(rows, value.Loss.Item(), value.Bound.Item(), value.Reconstruction.Item(), value.KL.Item());
            statistics.Add(pass);
        }

        return (totals.Means(), statistics);
    }

    /// <summary>The KL of uncertain weights, divided by the number of training data; null if the weights are
    /// points.</summary>
    public double? WeightsKL()
    {
        using var scope = new TensorScope();
        return _model.Tree.OfType<BayesianLayer>().Any() ? BayesianLayer.KL(_model).Item() / _train.Data.Count : null;
    }

    /// <summary>How the KL divides into its parts, on some of the validation data. Call it after
    /// <see cref="Validate"/>.</summary>
    public AggregatePosterior? Aggregate(int epoch) =>
        AggregatePosterior.Estimate(_validation.Data.Count, (indices, at) => _model.Infer(
        _validation.Read(indices, _aggregateNoise), _aggregateNoise.At(epoch, at), 1, DiscreteDraw.Exact,
        _model.Context == 0 ? null : _validation.Labels(indices, _model.Context)));
}
