using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Reparam.Cli.Configuration;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models.Diffusion;
using Reparam.Processes;
using Reparam.Scoring;
using Reparam.Rendering;
using Reparam.Tensors;
using Reparam.Training;
using Reparam.Runs;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam train</c>: trains a model on data and writes a run folder.</summary>
internal static class TrainCommand
{
    private const int SampleCount = 100;

    private static readonly Option<string> Out = new("--out")
    {
        Description = "The folder for the run. Default: runs/DATA/TIME-ID.", HelpName = "DIR",
    };
    private static readonly Option<string> Resume = new("--resume")
    {
        Description = "Continue the run in this folder, after an interruption or for more epochs. 'latest' means the " +
            "newest run below runs/.", HelpName = "DIR",
    };
    private static readonly Option<bool> PrintConfig = new("--print-config")
    {
        Description = "Print the complete configuration and exit.",
    };

    private static readonly Option<bool> PrintSchema = new("--print-schema")
    {
        Description = "Print the JSON schema of the configuration and exit.",
    };

    /// <param name="catalog">The kinds that configurations may name.</param>
    /// <param name="groupOf">The group of each option in help.</param>
    public static Command Create(Catalog catalog, out Func<Option, string?> groupOf)
    {
        var resolver = new ConfigResolver(catalog);
        groupOf = resolver.GroupOf;
        var command = new Command("train", "Train a model. Without --data it is trained on the built-in digits.");
        resolver.AddTo(command);
        command.Options.Add(Out);
        command.Options.Add(Resume);
        command.Options.Add(PrintConfig);
        command.Options.Add(PrintSchema);
        SharedOptions.AddTo(
            command, SharedOptions.DataDirectory, SharedOptions.Threads, SharedOptions.Json, SharedOptions.Quiet);
        if (command.Options.GroupBy(o => o.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"'train' already has the option {twice.Key} of a setting. Give the setting " +
                "another option with WithFlag.", nameof(catalog));
        }

        command.SetHandler((parsed, cancellation) => Job.Run(parsed, ranks =>
        {
            try
            {
                return Train(parsed, resolver, ranks, cancellation);
            }
            catch (InvalidConfigException failure)
            {
                // The messages of the library name keys. The user of the command line gives options.
                throw new InvalidConfigException(resolver.WithOptions(failure.Message), failure);
            }
        }));
        return command;
    }

    /// <summary>Trains, in each process of a job. The first process reads the command line and speaks to the
    /// user.</summary>
    private static int Train(ParseResult parsed, ConfigResolver resolver, Ranks ranks, CancellationToken cancellation)
    {
        SharedOptions.Apply(parsed);
        if (parsed.GetValue(PrintSchema))
        {
            Console.Out.Write(RunSettingsJson.Schema(parsed.Catalog()));
            return ExitCode.Done;
        }

        if (parsed.GetValue(PrintConfig))
        {
            RunSettings settings = Resolve(parsed, resolver, out _, out IReadOnlyDictionary<string, string> sources);
            settings.Require();
            Console.Out.Write(RunSettingsJson.Write(RunFactory.Complete(settings)));
            foreach ((string key, string source) in sources)
                Console.Error.WriteLine(VisibleText.Of($"{key} from {source}"));
            return ExitCode.Done;
        }

        var context = new RunContext
        {
            DataDirectory = parsed.GetValue(SharedOptions.DataDirectory),
            Notes = parsed.GetValue(SharedOptions.Quiet) ? null : Message.Note,
            Warnings = Message.Warn,
            Formats = ProgramFormats.All,
            Source = resolver.SourceText(parsed),
            Ranks = ranks,
        };
        using RunTraining training = Run.BeginTogether(First, context, parsed.Catalog());
        using var interruption = new Interruption(cancellation);
        if (!ranks.IsFirst)
            return training.Fit([], interruption.Token).Interrupted ? ExitCode.Interrupted : ExitCode.Done;
        using var log = new TrainingDisplay(parsed, training);
        log.Started();
        TrainingReport report;
        try
        {
            report = training.Fit([log], interruption.Token);
        }
        catch (TrainingDivergedException failure)
        {
            return log.Diverged(failure.Message);
        }

        if (report.Interrupted) return log.Interrupted(report);
        SaveSamples(training);
        return log.Finished(report);

        Run First()
        {
            RunSettings settings = Resolve(parsed, resolver, out Run? existing, out _);
            return existing?.With(settings)
                ?? Run.Create(parsed.GetValue(Out) ?? DefaultFolder(settings), settings, context: context);
        }
    }

    /// <summary>The settings of the command line, and the run to resume, if any.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="resolver">Resolves the settings.</param>
    /// <param name="existing">The run to resume; null for a new run.</param>
    /// <param name="sources">Where each setting comes from.</param>
    private static RunSettings Resolve(ParseResult parsed, ConfigResolver resolver, out Run? existing,
        out IReadOnlyDictionary<string, string> sources)
    {
        string? resume = parsed.GetValue(Resume);
        foreach (Option<string> folder in (Option<string>[])[Resume, Out])
        {
            if (parsed.GetValue(folder) is { } given) OutputFile.RequireFolder(folder.Name, given);
        }

        if (resume is not null && parsed.GetValue(Out) is not null)
            throw new InvalidConfigException("--resume continues in the folder of the run. Omit --out.");
        existing = resume is null ? null : LatestRun.Open(resume, parsed.Catalog());
        RunSettings settings = resolver.Resolve(parsed, existing?.Config ?? new RunSettings(), out sources);
        if (existing is null && settings.Model is LatentDiffusionSettings { AutoencoderRun: { Length: > 0 } first })
        {
            // The data are those of the autoencoder, unless the command line names others.
            DataSettings data = LatestRun.Open(first, parsed.Catalog()).Config.Data;
            return resolver.Resolve(parsed, new RunSettings { Data = data }, out sources);
        }

        return existing is not null || RunData.IsKnown(settings.Data.Name) || !TableFiles.IsTable(settings.Data.Name)
            ? settings
            : resolver.Resolve(
                parsed, settings.Data.Window > 0 ? RunSettings.ForWindows : RunSettings.ForTables, out sources);
    }

    private static void SaveSamples(RunTraining training)
    {
        RunSettings settings = training.Run.Config;
        if (training.Run.Table is not null)
        {
            // The held-out rows are scored while the file is still the one that was trained on.
            Scorer.Load(training.Run);
            return;
        }

        if (!ImageGrid.CanShow(settings.Model.Shape) || settings.Data.Standardize == StandardizeBy.Columns) return;
        using var scope = new TensorScope();
        Tensor samples = Latents.Sample(training.Model, SampleCount, RunFactory.RngOf(settings).Split("samples"));
        ImageGrid.Of(OutputFile.AsPicture(samples, training.Standardization), Latents.Classes(training.Model))
            .Save(training.Run.SamplePath("samples.png"), training.Run.Provenance(
                training.Model, command: $"{ReparamProgram.Name} train"));
    }

    private static string DefaultFolder(RunSettings settings)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(settings.Data.Name));
        string data = RunData.IsKnown(settings.Data.Name) ? settings.Data.Name
            : Directory.Exists(path) ? Path.GetFileName(path) : Path.GetFileNameWithoutExtension(path);
        string time = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        return Path.Combine("runs", data, $"{time}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");
    }
}
