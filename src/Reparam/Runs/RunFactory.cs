using System.Globalization;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training;
using Reparam.Training.Optimizers;

namespace Reparam.Runs;

/// <summary>Builds the model, the objective and the optimiser that <see cref="RunSettings"/> describe. A configuration
/// is untrusted, so its sizes are rehearsed before anything is allocated.</summary>
public static class RunFactory
{
    /// <summary>The largest number of parameters of a model.</summary>
    public const double LargestModel = 200_000_000;

    /// <summary>The largest number of elements of one tensor: in Float32 just below the limit of one array.</summary>
    public const double LargestTensor = 500_000_000;

    // Rows are validated together up to this size of a step with as many rows.
    private const double ValidationBytes = 500e6;

    /// <summary>The largest number of bytes of the tensors of one training step.</summary>
    public const double LargestStep = 32e9;

    /// <summary>The model with weights drawn from the run's seed. Initial values do not depend on the data. Use this
    /// overload before a checkpoint is loaded, and the other overload to train.</summary>
    /// <exception cref="InvalidConfigException">A size is out of bounds, or the shape of the data does not fit the
    /// model.</exception>
    public static LatentVariableModel Model(RunSettings settings)
    {
        Check(settings, 0);
        return Make(settings, 0);
    }

    /// <summary>
    /// The model at the start of training. A learned scale starts at the scale of the data
    /// (<see cref="LatentVariableModel.StartAt"/>). With <see cref="NetworkSettings.StartsAtMean"/> the output of the
    /// decoder starts at the mean of the training data.
    /// </summary>
    /// <exception cref="InvalidConfigException">The same as for <see cref="Model(RunSettings)"/>.</exception>
    /// <exception cref="ArgumentException">The shape of the data differs from the shape of the model.</exception>
    public static LatentVariableModel Model(RunSettings settings, Dataset train)
    {
        ArgumentNullException.ThrowIfNull(train);
        Check(settings, train.Count);
        return Rehearsed(settings, train);
    }

    /// <summary>The model at the start of training, for settings that <see cref="Check"/> has rehearsed.</summary>
    internal static LatentVariableModel Rehearsed(RunSettings settings, Dataset train)
    {
        LatentVariableModel model = Make(settings, train.Count);
        bool scaled = settings.Model.Likelihood.Make().StartsAtData;
        if (!scaled && !settings.Model.Network.StartsAtMean) return model;
        // Grey levels and Bernoulli draws with these levels have the same mean. Thresholded levels have another mean.
        Binarization binarization = settings.Data.Binarization ?? Binarization.None;
        Dataset seen = binarization == Binarization.Threshold ? train.Binarize(binarization, RngOf(settings)) : train;
        IReadOnlyList<double> mean = seen.Mean();
        bool drawn = binarization is Binarization.Static or Binarization.Dynamic && train.Kind == DataKind.Grey;
        // A binary digit with probability m has variance m (1 - m), whatever the variance of the grey levels is.
        if (scaled)
            model.StartAt(mean, drawn ? [.. mean.Select(m => Math.Sqrt(m * (1 - m)))] : seen.StandardDeviation());
        if (!settings.Model.Network.StartsAtMean) return model;
        foreach (MlpDecoder decoder in model.Tree.OfType<MlpDecoder>()) decoder.StartAt(mean);
        return model;
    }

    /// <summary>
    /// Rehearses a training step on shapes, before anything is built. Throws if a number is out of bounds, if parts do
    /// not fit each other, or if the step does not fit into memory.
    /// </summary>
    /// <param name="settings">The configuration, with the shape of a data point.</param>
    /// <param name="dataCount">The number of training data.</param>
    /// <exception cref="InvalidConfigException">A number is out of bounds, or parts do not fit each other.</exception>
    public static Rehearsal Check(RunSettings settings, int dataCount)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Require();
        RequireSense(settings, dataCount);
        string layer = "";
        try
        {
            Rehearsal rehearsal = Rehearsal.Of(
                () => Make(settings, dataCount), model => Fitting(settings, model, dataCount), settings.Model.Shape,
                RowsAtOnce(settings, dataCount),
                settings.Optimizer.Make(), settings.Data.Binarization ?? Binarization.None,
                settings.Model.TakesLabels && settings.Data.Labels != 0);
            RequireSizes(settings, rehearsal);
            return rehearsal;
        }
        catch (TensorSizeException failure)
        {
            throw new InvalidConfigException($"{failure.Message} Lower the sizes of the model, training.batch or " +
                "objective.samples.", failure);
        }
        catch (NotSupportedException failure)
        {
            throw new InvalidConfigException(
                $"The model and the objective do not fit together: {failure.Message}", failure);
        }
        // The cause may be any part, also a part of the user's own program. The filter runs before the layer is left.
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException
            && (layer = LayerName.Current) is not null)
        {
            string parameter = failure is ArgumentException { ParamName: { } name } ? $" (Parameter '{name}')" : "";
            string message = parameter.Length == 0 ? failure.Message
                : failure.Message.Replace(parameter, "", StringComparison.Ordinal);
            string where = layer.Length == 0 ? "" : $" in layer '{layer}'";
            throw new InvalidConfigException($"A rehearsed training step failed{where}: {message}", failure);
        }
    }

    /// <summary>
    /// The configuration with definite values for the choices that it leaves open. Choices that depend on the shape of
    /// the data stay open until the shape is known.
    /// </summary>
    public static RunSettings Complete(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings with
        {
            Model = settings.Model.Complete(), Data = settings.Data with { Shuffle = settings.Data.DefiniteOrder },
        };
    }

    /// <summary>The objective.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="dataCount">The number of training data. Each data point has an equal share of the KL of uncertain
    /// weights, and estimates of the aggregate posterior depend on the number.</param>
    /// <exception cref="InvalidConfigException">A number is out of bounds.</exception>
    public static Objective Objective(RunSettings settings, int dataCount = 0)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Objective.Require("objective");
        ModelSettings model = settings.Model;
        return settings.Objective.Make(new ObjectiveParts(model.Shape, model.CodeShape.Size, dataCount, RngOf(settings))
        {
            HasDiscreteLatents = model.HasDiscreteLatents,
            HasClasses = model.TakesHiddenLabels,
        });
    }

    /// <summary>The optimiser.</summary>
    /// <exception cref="InvalidConfigException">A number is out of bounds.</exception>
    public static Optimizer Optimizer(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Optimizer.Require("optimizer");
        return settings.Optimizer.Make();
    }

    /// <summary>The trainer's options.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="rehearsal">The rehearsal of a training step. The size of its tensors limits the batch size of
    /// validation.</param>
    /// <exception cref="InvalidConfigException">A number is out of bounds.</exception>
    public static TrainerOptions Options(RunSettings settings, Objective objective, Rehearsal rehearsal)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(rehearsal);
        settings.Training.Require("training");
        int batch = RowsAtOnce(settings), usual = new TrainerOptions().ValidationBatchSize;
        double each = Math.Max(1, (double)rehearsal.Largest.Elements / batch);
        // A pass of validation holds at most what a step of as many rows holds. A model of at most 2 MB for each row
        // keeps the usual number of rows.
        double held = Math.Max(1, (double)rehearsal.StepBytes / batch);
        int rows = (int)Math.Clamp(Math.Min(LargestTensor / each, ValidationBytes / held), 1, usual);
        return new TrainerOptions
        {
            Epochs = settings.Training.Epochs,
            BatchSize = settings.Training.Batch,
            Shards = settings.Training.Shards,
            // Tensors over pairs of data points grow with the square of the batch size. They are known to fit at the
            // training batch size.
            ValidationBatchSize = objective.ComparesData ? Math.Min(rows, batch) : rows,
            Patience = settings.Training.Patience,
            Binarization = settings.Data.Binarization ?? Binarization.None,
            Augmentation = settings.Data.Augment,
            Order = settings.Data.DefiniteOrder,
        };
    }

    /// <summary>The run's stream of random numbers.</summary>
    public static Rng RngOf(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new Rng(settings.Training.Seed);
    }

    /// <summary>The model. Its sizes have been rehearsed or are being rehearsed.</summary>
    internal static LatentVariableModel Make(RunSettings settings, int dataCount)
    {
        int told = settings.Data.Labels < 0 ? dataCount : settings.Data.Labels;
        return settings.Model.Complete().Make(new ModelParts(RngOf(settings).Split("weights"), dataCount, told));
    }

    /// <summary>The objective, after checks that need the model.</summary>
    private static Objective Fitting(RunSettings settings, LatentVariableModel model, int dataCount)
    {
        // Batch normalisation uses statistics over a batch. A last batch with one data point has no meaningful
        // statistics.
        if (settings.Model.Network.ComparesBatch && dataCount > 0 && dataCount % settings.Training.Batch == 1)
        {
            throw new InvalidConfigException(
                string.Create(CultureInfo.InvariantCulture, $"model.network.normalization 'batch' needs at least 2 " +
                $"data points in a batch, and of {dataCount:N0} training data in batches of " +
                $"{settings.Training.Batch} one is left over for the last batch; choose another training.batch."));
        }

        if (settings.Training.Patience > 0 && (!settings.Objective.MaximizesBound || !model.BoundsLikelihood))
        {
            throw new InvalidConfigException("training.patience stops training by the evidence lower bound, and " +
                $"objective '{settings.Objective.Kind.Name}' with this model does not maximise that bound; set " +
                "training.patience to 0.");
        }

        Objective objective = Objective(settings, Math.Max(1, dataCount));
        int batch = dataCount > 0 ? Math.Min(settings.Training.Batch, dataCount) : settings.Training.Batch;
        if (Sharding.Problem(model, objective, settings.Training.Shards, batch, dataCount) is { } problem)
            throw new InvalidConfigException(problem);
        return objective;
    }

    /// <summary>The largest number of data that a step computes at once.</summary>
    private static int RowsAtOnce(RunSettings settings, int dataCount = 0) => Sharding.Largest(
        dataCount > 0 ? Math.Min(settings.Training.Batch, dataCount) : settings.Training.Batch,
        settings.Training.Shards);

    /// <summary>Throws for settings that would have no effect, because they are mistakes.</summary>
    private static void RequireSense(RunSettings settings, int dataCount)
    {
        if (Sharding.Problem(settings.Training.Shards) is { } problem) throw new InvalidConfigException(problem);
        ModelSettings model = settings.Model;
        if (settings.Objective.DiscreteSettings is { IsDefault: false } && !model.HasDiscreteLatents)
        {
            throw new InvalidConfigException(
                $"objective.discrete belongs to discrete latents, and model '{model.Kind.Name}' has no discrete " +
                "latents with these settings; leave it out, or choose model.posterior bernoulli or categorical.");
        }

        if (model.Network.StartsAtMean && model.Likelihood.Make() is not BernoulliLikelihood)
        {
            throw new InvalidConfigException("model.network.output_bias 'data' needs a bernoulli likelihood, " +
                $"not '{model.Likelihood.Word}'; set model.network.output_bias to initializer.");
        }

        if (model.ChoosesCodes && settings.Objective.Samples != 1)
        {
            throw new InvalidConfigException(
                $"model.kind '{model.Kind.Name}' selects its codes without draws; set objective.samples to 1.");
        }

        if (model.ChoosesCodes && model.Prior is StandardPriorSettings
            && settings.Objective is BoundSettings { WeighsKL: true })
        {
            throw new InvalidConfigException("objective.beta, warmup_steps and cycle_steps weight a KL that is " +
                $"the same for all codes under the uniform prior of model.kind '{model.Kind.Name}'; leave them out, " +
                "or set model.prior to autoregressive.");
        }
    }

    private static void RequireSizes(RunSettings settings, Rehearsal rehearsal)
    {
        const string Narrower = "Narrow the layers of model.network.";
        if (rehearsal.Parameters > LargestModel)
        {
            throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture, $"The model would have " +
                $"{rehearsal.Parameters:N0} parameters ({rehearsal.StateBytes / 1_000_000:N0} MB with optimiser " +
                $"state); at most {LargestModel:N0} are allowed. {Narrower}"));
        }

        if (rehearsal.StepBytes > LargestStep)
        {
            throw new InvalidConfigException(
                string.Create(CultureInfo.InvariantCulture, $"A step would need {rehearsal.StepBytes / 1e9:N0} GB " +
                $"for intermediate results (batches of {settings.Training.Batch:N0}); at most {LargestStep / 1e9:N0} " +
                $"GB are allowed. Lower training.batch or objective.samples. {Narrower}"));
        }

        if (rehearsal.Largest.Elements > LargestTensor)
        {
            throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture, $"One intermediate " +
                $"result would have {rehearsal.Largest.Elements:N0} elements; at most {LargestTensor:N0} are " +
                $"allowed. Lower training.batch or objective.samples. {Narrower}"));
        }
    }
}
