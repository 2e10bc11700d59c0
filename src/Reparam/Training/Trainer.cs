using System.Diagnostics;
using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Processes;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Training;

/// <summary>
/// Trains a model with minibatches, validation after each epoch and early stopping. The order of the data is a function
/// of (seed, epoch). The noise is a function of (seed, step, data point). The same seed gives the same bits for any
/// number of threads and any resume point.
/// </summary>
public sealed class Trainer
{
    // Without a validation set the latent diagnostics use this many training data.
    private const int ProbeCount = 1000;

    private readonly Optimizer _optimizer;
    private readonly TrainerOptions _options;
    private readonly IReadOnlyList<TrainingCallback> _callbacks;

    /// <summary>A trainer with an optimiser, options and callbacks.</summary>
    public Trainer(Optimizer optimizer, TrainerOptions options, params IReadOnlyList<TrainingCallback> callbacks)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Epochs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ValidationBatchSize);
        if (Sharding.Problem(options.Shards) is { } problem) throw new ArgumentException(problem, nameof(options));
        _optimizer = optimizer;
        _options = options;
        _callbacks = callbacks;
    }

    /// <summary>
    /// The processes that train together; by default this process alone. Each process calls <see cref="Fit"/> with the
    /// same model, data and seed, computes its part of the shards of each batch, and ends with the same parameters.
    /// </summary>
    /// <exception cref="ArgumentException">The number of processes does not divide
    /// <see cref="TrainerOptions.Shards"/>.</exception>
    public Ranks Ranks
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (Sharding.Problem(_options.Shards, value) is { } problem)
                throw new ArgumentException(problem, nameof(value));
            field = value;
        }
    } = Ranks.One;

    /// <summary>Trains <paramref name="model"/> in place until the last epoch, an early stop or a request to stop.
    /// Afterwards the model is in evaluation mode.</summary>
    /// <param name="model">The model.</param>
    /// <param name="objective">The objective that training maximises.</param>
    /// <param name="train">The training set.</param>
    /// <param name="rng">The random stream of the run. Training uses streams that are split from it and does not
    /// advance it.</param>
    /// <param name="validation">The validation set; required for early stopping.</param>
    /// <param name="resumeFrom">The state at which an earlier run of the same model stopped; null starts a new
    /// run.</param>
    /// <param name="cancellation">A request to stop: training finishes the step in progress, calls the callbacks and
    /// returns.</param>
    /// <exception cref="NotSupportedException">The model or the objective cannot be trained in shards, or a batch is
    /// too small for them.</exception>
    /// <exception cref="TrainingDivergedException">A loss or gradient became NaN or infinite.</exception>
    /// <exception cref="InvalidDataFileException">The file of streamed data changed. The callbacks were told of an
    /// interruption.</exception>
    /// <exception cref="IOException">Streamed data cannot be read. The callbacks were told of an
    /// interruption.</exception>
    public TrainingReport Fit(
        LatentVariableModel model, Objective objective, Dataset train, Rng rng, Dataset? validation = null,
        TrainingState? resumeFrom = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(rng);
        if (_options.Patience > 0 && validation is null)
        {
            throw new ArgumentException($"Patience is {_options.Patience}, so Fit needs a validation set. Pass one, " +
                "or set Patience to 0.", nameof(validation));
        }

        TrainingState state = resumeFrom ?? new TrainingState(model, _optimizer, objective.Adversary);
        if (!ReferenceEquals(state.Adversary, objective.Adversary))
        {
            throw new ArgumentException("The state to resume from was made for another objective: make the state " +
                "with the objective's Adversary.", nameof(resumeFrom));
        }

        if (!ReferenceEquals(state.Model, model))
            throw new ArgumentException("The state to resume from belongs to another model.", nameof(resumeFrom));

        state.UseTrained();
        int batch = Math.Min(_options.BatchSize, train.Count);
        Compatibility.Require(model, objective, batch);
        if (Sharding.Problem(model, objective, _options.Shards, batch, train.Count) is { } problem)
            throw new NotSupportedException(problem);
        var session = new TrainingSession(model, objective, _optimizer, _options, train, validation
            ?? train[..Math.Min(ProbeCount, train.Count)], rng, Ranks);
        List<EpochReport> reports = [];
        double seconds = 0;
        long images = 0;
        while (state.Epoch < _options.Epochs && !state.StoppedEarly)
        {
            long before = state.Running.Count;
            long started = Stopwatch.GetTimestamp();
            bool finished = RunEpoch(session, state, before, started, cancellation);
            double elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
            long trained = state.Running.Count - before;
            seconds += elapsed;
            images += trained;
            if (!finished)
            {
                model.SetMode(ModuleMode.Evaluation);
                Tell(session, state, callback => callback.OnInterrupted(state));
                state.UseAverages();
                return new TrainingReport(state, reports, true, images / seconds);
            }

            EpochReport report = FinishEpoch(session, state, validation is not null, trained / elapsed, elapsed);
            reports.Add(report);
            Tell(session, state, callback => callback.OnEpoch(state, report));
        }

        model.SetMode(ModuleMode.Evaluation);
        state.UseAverages();
        if (_options.Patience > 0 && state.BestParameters is { } best)
        {
            IReadOnlyList<Parameter> all = model.State;
            for (int i = 0; i < best.Count; i++) all[i].Assign(best[i]);
        }

        return new TrainingReport(state, reports, false, seconds > 0 ? images / seconds : 0);
    }

    private bool RunEpoch(
        TrainingSession session, TrainingState state, long before, long started, CancellationToken cancellation)
    {
        int[] order = session.Order(state.Epoch);
        int batches = session.BatchesPerEpoch;
        while (state.BatchInEpoch < batches)
        {
            // Several processes stop after the same step, which one of them tells the others of.
            if (Ranks.Count == 1 && cancellation.IsCancellationRequested) return false;
            int start = state.BatchInEpoch * _options.BatchSize;
            int[] indices = order[start..Math.Min(start + _options.BatchSize, order.Length)];
            (double loss, double norm, bool stop) = Reading(
                session, state, () => session.Step(state, indices, cancellation));
            // Otherwise the first process alone would find this, when it saves a checkpoint.
            if (Ranks.Count > 1 && state.NotFinite.Any())
                throw new TrainingDivergedException(state, session.TrainingData);
            state.BatchInEpoch++;
            double rate = (state.Running.Count - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
            var report = new StepReport(state.Step, state.Epoch + 1, state.BatchInEpoch, batches, loss, norm, rate);
            Tell(session, state, callback => callback.OnStep(state, report));
            if (stop && Ranks.Count > 1 && state.BatchInEpoch < batches) return false;
        }

        return true;
    }

    /// <summary>
    /// Does work that reads data. If streamed data can no longer be read, the callbacks are told of an interruption,
    /// and save the state after the last complete step.
    /// </summary>
    private T Reading<T>(TrainingSession session, TrainingState state, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (failure is IOException or InvalidDataFileException)
        {
            Tell(session, state, callback => callback.OnInterrupted(state));
            throw;
        }
    }

    /// <summary>
    /// Calls the callbacks. A callback that saves a checkpoint refuses parameters that are not finite, which is a
    /// divergence that the next step would have found.
    /// </summary>
    private void Tell(TrainingSession session, TrainingState state, Action<TrainingCallback> tell)
    {
        try
        {
            foreach (TrainingCallback callback in _callbacks) tell(callback);
        }
        catch (InvalidOperationException failure) when (state.NotFinite.Any())
        {
            throw new TrainingDivergedException(state, session.TrainingData, failure);
        }
    }

    private EpochReport FinishEpoch(
        TrainingSession session, TrainingState state, bool hasValidation, double imagesPerSecond, double seconds)
    {
        BoundMeans train = state.Running.Means();
        state.UseAverages();
        (BoundMeans probe, PosteriorStatistics statistics) = Reading(
            session, state, () => session.Validate(state.Epoch, state.Step));
        // No later step detects what the last step of the training did.
        if (state.NotFinite.Any()) throw new TrainingDivergedException(state, session.TrainingData);
        if (!double.IsFinite(probe.Bound))
        {
            throw new TrainingDivergedException($"the bound on the {(hasValidation ? "validation" : "training")} " +
                "data after the epoch", state.Step, state.Epoch + 1, [], probe.Loss, double.NaN, session.TrainingData);
        }

        AggregatePosterior? aggregate = Reading(session, state, () => session.Aggregate(state.Epoch));
        bool isBest = hasValidation && probe.Bound > state.BestBound;
        state.Epoch++;
        state.BatchInEpoch = 0;
        state.Running = new BoundTotals();
        if (isBest)
        {
            state.BestBound = probe.Bound;
            state.BestEpoch = state.Epoch;
            if (_options.Patience > 0) state.BestParameters = [.. state.Model.State.Select(p => p.Value.Keep())];
        }

        double? weights = session.WeightsKL();
        state.UseTrained();
        state.StoppedEarly = _options.Patience > 0 && state.Epoch - state.BestEpoch >= _options.Patience;
        return new EpochReport(
            state.Epoch, state.Step, train, hasValidation ? probe : null, statistics.ActiveUnits,
            statistics.KLPerDimension, isBest, imagesPerSecond, seconds)
        {
            Aggregate = aggregate,
            KLByLatent = statistics.KLByLatent,
            WeightsKL = weights,
        };
    }
}
