using Reparam.Data;
using Reparam.Models;
using Reparam.Models.Bayesian;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Processes;
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
    private readonly Ranks _ranks;
    private IShardedStep? _sharded;
    private readonly BatchReader _train, _validation;
    private readonly Rng _order, _noise, _binarize, _validationNoise, _aggregateNoise;

    public TrainingSession(LatentVariableModel model, Objective objective, Optimizer optimizer, TrainerOptions options,
        Dataset train, Dataset validation, Rng rng, Ranks ranks)
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
        _ranks = ranks;
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

    public int[] Order(int epoch) => _options.Order == DataOrder.Full ? _order.At(epoch).Permutation(_train.Data.Count)
        : RowBlocks.Order(_train.Data.Count, _train.Data.EventShape.Size, _order.At(epoch));

    /// <summary>Takes a step; the last value says whether training stops now because another process was asked
    /// to.</summary>
    public (double Loss, double GradientNorm, bool Stop) Step(
        TrainingState state, int[] indices, CancellationToken cancellation)
    {
        long step = state.Step;
        (StepResult taken, bool stop) = _options.Shards == 1
            ? (new TrainingStep(state, _objective, _optimizer).Take(
                () => Read(0, indices.Length), _noise.At(step), Diverged), false)
            : (_sharded ??= Sharded(state)).Take(indices.Length, Read, _noise, Diverged, cancellation);
        state.Running.Add(indices.Length, taken.Loss, taken.Bound, taken.Reconstruction, taken.KL);
        return (taken.Loss, taken.GradientNorm, stop);

        TrainingDivergedException Diverged(string origin, double loss, double norm) =>
            new(origin, step, state.Epoch + 1, indices, loss, norm, _train.Data);

        (Tensor X, Tensor? Context) Read(int start, int count)
        {
            ReadOnlySpan<int> rows = indices.AsSpan(start, count);
            Tensor x;
            using (LayerName.Enter(TrainingStep.Data)) x = _train.Read(rows, _binarize.At(step, start));
            return (x, _train.Context(rows, _model.Context)
                ?? (_model.Classes > 0 ? _train.KnownLabels(rows, _model.Classes) : null));
        }
    }

    private IShardedStep Sharded(TrainingState state) => _model.DType == DType.Float32
        ? new ShardedStep<float>(state, _objective, _optimizer, _options.Shards, _ranks)
        : new ShardedStep<double>(state, _objective, _optimizer, _options.Shards, _ranks);

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
    public AggregatePosterior? Aggregate(int epoch) => !_model.DrawsAllLatents ? null
        : AggregatePosterior.Estimate(_validation.Data.Count, (indices, at) => _model.Infer(
        _validation.Read(indices, _aggregateNoise), _aggregateNoise.At(epoch, at), 1, DiscreteDraw.Exact,
        _validation.Context(indices, _model.Context)));
}
