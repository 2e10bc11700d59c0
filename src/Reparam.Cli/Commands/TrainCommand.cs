using System.CommandLine;
using System.Text.Json.Nodes;
using System.Globalization;
using System.Security.Cryptography;
using Reparam.Cli.Configuration;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Rendering;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Training;
using Reparam.Training.Optimizers;
using Reparam.Runs;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam train</c>: from data to a run folder.</summary>
internal static class TrainCommand
{
    private const int SampleCount = 100;

    private static readonly Option<string> Out = new("--out")
    {
        Description = "The run's folder; runs/DATA/TIME-ID by default.", HelpName = "DIR",
    };
    private static readonly Option<string> Resume = new("--resume")
    {
        Description = "Go on with an interrupted or shorter run; latest is the newest below runs/.", HelpName = "DIR",
    };
    private static readonly Option<bool> PrintConfig = new("--print-config")
    {
        Description = "Print the resolved configuration and stop.",
    };

    private static readonly Option<bool> PrintSchema = new("--print-schema")
    {
        Description = "Print the JSON schema of a configuration and stop.",
    };

    /// <param name="catalog">The kinds that configurations may name.</param>
    /// <param name="groupOf">The group of each option in help.</param>
    public static Command Create(Catalog catalog, out Func<Option, string?> groupOf)
    {
        var resolver = new ConfigResolver(catalog);
        groupOf = resolver.GroupOf;
        var command = new Command("train", "Train a model; on built-in digits when nothing else is said.");
        resolver.AddTo(command);
        command.Options.Add(Out);
        command.Options.Add(Resume);
        command.Options.Add(PrintConfig);
        command.Options.Add(PrintSchema);
        SharedOptions.AddTo(
            command, SharedOptions.DataDirectory, SharedOptions.Threads, SharedOptions.Json, SharedOptions.Quiet);
        if (command.Options.GroupBy(o => o.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The setting with option {twice.Key} takes an option of 'train'; give it " +
                "another with WithFlag.", nameof(catalog));
        }

        command.SetHandler((parsed, cancellation) => Run(parsed, resolver, cancellation));
        return command;
    }

    private static int Run(ParseResult parsed, ConfigResolver resolver, CancellationToken cancellation)
    {
        SharedOptions.Apply(parsed);
        if (parsed.GetValue(PrintSchema))
        {
            Console.Out.Write(RunSettingsJson.Schema(parsed.Catalog()));
            return ExitCode.Done;
        }

        string? resume = parsed.GetValue(Resume);
        foreach (Option<string> folder in (Option<string>[])[Resume, Out])
        {
            if (parsed.GetValue(folder) is { } given) OutputFile.RequireFolder(folder.Name, given);
        }

        if (resume is not null && parsed.GetValue(Out) is not null)
            throw new InvalidConfigException("--resume goes on in the run's own folder; leave --out away.");
        RunFolder? existing = resume is null ? null : LatestRun.Open(resume, parsed.Catalog());
        RunSettings config = resolver.Resolve(
            parsed, existing?.Config ?? new RunSettings(), out IReadOnlyDictionary<string, string> sources);
        if (parsed.GetValue(PrintConfig))
        {
            config.Require();
            Console.Out.Write(RunSettingsJson.Write(RunFactory.Complete(config)));
            foreach ((string key, string source) in sources) Console.Error.WriteLine($"{key} from {source}");
            return ExitCode.Done;
        }

        config = RunData.WithFullPath(config);
        DataSplits splits = RunData.Load(config, parsed.GetValue(SharedOptions.DataDirectory), Message.Note);
        config = DataDefaults.Complete(
            config with { Data = config.Data with { Layout = splits.Reading.Layout, Levels = splits.Reading.Levels } },
            splits.Train, existing is null && !parsed.GetValue(SharedOptions.Quiet) ? Message.Note : null);
        // The lock comes before anything is written: a second process that resumes the same run must not touch its
        // configuration.
        using RunLock? resumedLock = existing is null ? null : RunLock.Take(existing.Path);
        if (existing is not null)
        {
            RequireSameRun(RunFactory.Complete(existing.Config), WithShape(config, splits));
            existing.RequireSameData(splits.Train);
        }

        config = WithShape(config, splits);
        Rehearsal rehearsal = RunFactory.Check(config, splits.Train.Count);
        Objective objective = RunFactory.Objective(config, splits.Train.Count);
        Optimizer optimizer = RunFactory.Optimizer(config);
        TrainerOptions options = RunFactory.Options(config, objective, rehearsal);
        DataFit.Require(splits.Train, config.Model.Likelihood.Make(), options.Binarization);
        Standardization? standardization = existing is null ? DataDefaults.Standardize(config, splits.Train,
            parsed.GetValue(SharedOptions.Quiet) ? null : Message.Note) : existing.LoadStandardization();
        Dataset read = splits.Train;
        if (standardization is not null)
        {
            splits = splits with
            {
                Train = standardization.Apply(read), Validation = splits.Validation is { } held ? standardization.Apply(
                    held) : null, Test = standardization.Apply(splits.Test),
            };
        }

        LatentVariableModel model = RunFactory.Model(config, splits.Train);
        if (options.Patience > 0 && splits.Validation is null)
        {
            throw new InvalidConfigException("--patience stops early by the validation bound, and no data are held " +
                "out for validation; hold some out with --validation, or set --patience 0.");
        }

        RunFolder run = existing?.WithConfig(config) ?? RunFolder.Create(
            parsed.GetValue(Out) ?? DefaultFolder(config), config, read, resolver.SourceText(parsed), standardization);
        using RunLock? newLock = existing is null ? RunLock.Take(run.Path) : null;
        run.Checkpoints.CleanStale();
        TrainingState state = new(model, optimizer, objective.Adversary);
        if (existing is not null)
        {
            Restore(run, state, options);
            if (config.Training.Epochs < state.Epoch)
            {
                existing.WithConfig(existing.Config); // as it was
                throw new InvalidConfigException($"The run has finished {state.Epoch} epochs, and --epochs " +
                    $"{config.Training.Epochs} would take some back; leave it out, or ask for more.");
            }
        }

        var bound = BoundStatement.Of(config, objective, model, splits.Train);
        if (existing is null) run.WriteCard(null, objective, model, bound);
        using var log = new TrainingDisplay(parsed, config, splits, objective, model, bound);
        log.Started(run, state, config.Model.Likelihood.Make(), options.Binarization);
        using var interruption = new Interruption(cancellation);
        var trainer = new Trainer(
            optimizer, options,
            new CheckpointCallback(run.Checkpoints, config.Training.KeepCheckpoints, config.Training.CheckpointSteps),
            new MetricsCallback(run.MetricsPath, state.Epoch),
            log);
        TrainingReport report;
        try
        {
            report = trainer.Fit(
                model, objective, splits.Train, RunFactory.RngOf(config), splits.Validation, state, interruption.Token);
        }
        catch (TrainingDivergedException failure)
        {
            return Diverged(DivergenceReport.Of(failure), failure.Message);
        }
        catch (InvalidOperationException failure) when (model.State.FirstOrDefault(
            p => !p.Value.IsFinite()) is not null)
        {
            // The last step of an epoch can blow the parameters up with no next step to notice: saving them is what is
            // refused then.
            return Diverged(DivergenceReport.Of(state, model, splits.Train),
                $"{failure.Message}{(DataScale.Problem(splits.Train) is { } scale ? $" {scale}." : "")}");
        }

        // Of a run that was finished already, or stopped before an epoch was, the card has the last epoch's numbers.
        if (existing is null || report.Epochs.Count > 0) run.WriteCard(report, objective, model, bound);
        if (report.Interrupted) return log.Interrupted(run, report);
        SaveSamples(run, model, config, standardization);
        return log.Finished(run, report);

        int Diverged(JsonObject known, string message)
        {
            run.WriteCard(null, objective, model, bound,
                FormattableString.Invariant($"diverged in epoch {state.Epoch + 1}, at step {state.Step}"));
            return log.Diverged(run, known, message);
        }
    }

    private static void Restore(RunFolder run, TrainingState state, TrainerOptions options)
    {
        Checkpoint? checkpoint = run.Checkpoints.OpenLatest();
        if (checkpoint is null)
        {
            // Stopped before its first checkpoint, or none is left: start over in the same folder.
            if (File.Exists(run.MetricsPath) && new FileInfo(run.MetricsPath).Length > 0)
            {
                Message.Warn($"'{run.Path}' has epochs in {Path.GetFileName(run.MetricsPath)} and no checkpoint; the " +
                    "run starts over.");
            }

            return;
        }

        foreach (string warning in checkpoint.Warnings) Message.Warn(warning);
        Checkpoint? best = options.Patience > 0 && File.Exists(Path.Combine(run.Path, "checkpoints", "best"))
            ? run.Checkpoints.OpenBest() : null;
        foreach (string warning in best?.Warnings ?? []) Message.Warn(warning);
        TrainingCheckpoint.Restore(checkpoint, state, best);
    }

    /// <summary>The configuration with what only the data say: the shape of a datum, and of a conditional model the
    /// number of labels.</summary>
    private static RunSettings WithShape(RunSettings config, DataSplits splits)
    {
        ModelSettings model = config.Model with { EventShape = [.. splits.Train.EventShape] };
        if (config.Model.EventShape.Count > 0 && !config.Model.EventShape.SequenceEqual(model.EventShape))
        {
            throw new InvalidConfigException($"model.event_shape is [{string.Join(", ", config.Model.EventShape)}], " +
                $"and the data '{config.Data.Name}' have shape [{string.Join(", ", model.EventShape)}]; leave it " +
                "out, it is filled in from the data.");
        }

        if (model.TakesLabels && (!model.TakesHiddenLabels || config.Data.Labels != 0))
        {
            int classes = ClassesOf(config, splits);
            if (model.Labels != 0 && model.Labels != classes)
            {
                throw new InvalidConfigException($"model.classes is {model.Labels}, and the data " +
                    $"'{config.Data.Name}' have {classes}; leave it out, it is filled in from the data.");
            }

            model = model.WithLabels(classes);
        }

        return RunFactory.Complete(config with { Model = model });
    }

    /// <summary>The largest label of any part and one: a class that training never sees may still be asked for, with a
    /// warning.</summary>
    private static int ClassesOf(RunSettings config, DataSplits splits)
    {
        int trained = splits.Train.Classes ?? throw new InvalidConfigException(
            $"{(config.Model.TakesHiddenLabels ? "--model semi-supervised" : "--condition labels")} needs data with " +
            $"labels, and '{config.Data.Name}' has none; leave it out.");
        int classes = Math.Max(trained, Math.Max(splits.Validation?.Classes ?? 0, splits.Test.Classes ?? 0));
        ReadOnlySpan<int> labels = splits.Train.Labels!.Value.Span;
        bool[] seen = new bool[classes];
        foreach (int label in labels)
        {
            if (label == -1 && config.Data.Labels >= 0) continue; // hidden
            if (label < 0)
            {
                throw new InvalidConfigException(
                    $"'{config.Data.Name}' has a label {label}; the labels of a conditional model are classes from 0.");
            }

            seen[label] = true;
        }

        int[] missing = [.. Enumerable.Range(0, classes).Where(c => !seen[c])];
        if (missing.Length > 0)
        {
            Message.Warn("no training datum has class " +
                $"{string.Join(", ", missing.Take(10))}{(missing.Length > 10 ? ", ..." : "")} of 0 to {classes - 1}; " +
                "what the model makes of it means nothing.");
        }

        return classes;
    }

    /// <summary>What would make the resumed half another run than the first half is refused.</summary>
    private static void RequireSameRun(RunSettings before, RunSettings now)
    {
        if (RunSettingsJson.Write(
            before with { Training = now.Training with { Seed = before.Training.Seed, Batch = before.Training.Batch } })
            != RunSettingsJson.Write(now))
        {
            throw new InvalidConfigException(
                "A resumed run keeps its data, model, objective, optimiser, batch and seed; only the epochs, " +
                "patience and checkpoint settings may change. Start a new run with --out for others.");
        }
    }

    private static void SaveSamples(
        RunFolder run, LatentVariableModel model, RunSettings config, Standardization? standardization)
    {
        Shape eventShape = Shape.Create([.. config.Model.EventShape]);
        if (!ImageGrid.CanShow(eventShape) || config.Data.Standardize == StandardizeBy.Columns) return;
        using var scope = new TensorScope();
        ImageGrid.Of(OutputFile.AsPicture(Latents.Sample(model, SampleCount, RunFactory.RngOf(config).Split("samples")),
            standardization), Latents.Classes(model)).Save(run.SamplePath("samples.png"));
    }

    private static string DefaultFolder(RunSettings config)
    {
        string data = RunData.IsKnown(config.Data.Name) ? config.Data.Name
            : Path.GetFileNameWithoutExtension(config.Data.Name);
        string time = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        return Path.Combine("runs", data, $"{time}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");
    }
}
