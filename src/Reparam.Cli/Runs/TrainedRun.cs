using System.CommandLine;
using System.Globalization;
using Reparam.Cli.Commands;
using Reparam.Cli.Display;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Runs;
using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>A run that has a checkpoint: its model, and its data prepared as in training.</summary>
internal sealed class TrainedRun
{
    private TrainedRun(Run folder, Checkpoint checkpoint)
    {
        Folder = folder;
        Checkpoint = checkpoint;
        Model = folder.LoadModel(checkpoint);
        Likelihood = folder.Config.Model.Likelihood.Make();
        Binarization = folder.Config.Data.Binarization ?? Binarization.None;
        EventShape = Shape.Create([.. folder.Config.Model.EventShape]);
        Standardization = folder.LoadStandardization();
        Classes = new RunClasses(this);
    }

    public Run Folder { get; }

    public RunSettings Config => Folder.Config;

    public Checkpoint Checkpoint { get; }

    public LatentVariableModel Model { get; }

    public Likelihood Likelihood { get; }

    public Binarization Binarization { get; }

    /// <summary>Shape of one data point.</summary>
    public Shape EventShape { get; }

    /// <summary>The standardisation of the data for the model; null where the model takes the data as they
    /// are.</summary>
    public Standardization? Standardization { get; }

    /// <summary>The classes of the run's data, as a command line names them.</summary>
    public RunClasses Classes { get; }

    /// <summary>The unit of log-densities in results.</summary>
    public string Unit => Standardization is null ? "nats per datum" : "nats per datum, of the standardised data";

    /// <summary>The mark for what this command generates.</summary>
    public Provenance Provenance(ParseResult parsed) => Folder.Provenance(
        Model, parsed.CommandResult.Command.Options.Contains(RunOptions.Seed) ? parsed.GetValue(RunOptions.Seed) : null,
        $"{ReparamProgram.Name} {parsed.CommandResult.Command.Name}");

    /// <summary>The random stream of the run, from its seed.</summary>
    public Rng Rng => RunFactory.RngOf(Config);

    /// <summary>The number of components of a code.</summary>
    public int Latent => Model.LatentShape.Size;

    /// <summary>The shape of a latent variable.</summary>
    public Shape LatentShape => Model.LatentShape;

    /// <summary>Whether the model is conditioned on labels.</summary>
    public bool TakesLabels => Model.Context > 0 && !TakesColumns;

    /// <summary>Whether the model is conditioned on columns of its table.</summary>
    public bool TakesColumns => Folder.Table is { Conditions.Count: > 0 };

    /// <summary>Refuses a command that walks along straight lines in a latent space without straight lines.</summary>
    /// <exception cref="InvalidConfigException">The latents are discrete or on a sphere.</exception>
    public void RequireLines(string command)
    {
        string? why = Model.Space switch
        {
            LatentSpace.Discrete or LatentSpace.Mixed => "are discrete, with nothing between their values",
            LatentSpace.Spherical => "lie on a sphere, which a straight line leaves",
            _ => null,
        };
        if (why is not null)
        {
            string kind = Config.Model is VaeSettings plain ? plain.Posterior.Word : Config.Model.Kind.Name;
            throw new InvalidConfigException($"'{ReparamProgram.Name} {command}' walks along straight lines, but the " +
                $"latents of this run ('{kind}') {why}. Use '{ReparamProgram.Name} sample' or " +
                $"'{ReparamProgram.Name} reconstruct' instead.");
        }
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="opened">The run, if it is already open.</param>
    public static TrainedRun Open(ParseResult parsed, Run? opened = null)
    {
        SharedOptions.Apply(parsed);
        Run folder = opened ?? RunOptions.Open(parsed);
        string? which = RunOptions.OneOf(parsed, RunOptions.Checkpoint, "latest", "best");
        var run = new TrainedRun(folder, folder.OpenCheckpoint(which is null ? null : which == "best", Message.Warn));
        DataScope.Require(parsed, run);
        return run;
    }

    /// <summary>The data that the command line names, prepared for the model: binarised with the same draws as the
    /// run's data, or standardised.</summary>
    public Dataset Data(ParseResult parsed)
    {
        string split = RunOptions.OneOf(parsed, RunOptions.Split, "test", "validation", "train") ?? "test";
        Dataset data;
        if (parsed.GetValue(RunOptions.Data) is { } path && !RunData.IsKnown(path))
        {
            string? part = parsed.GetValue(RunOptions.Split);
            data = Folder.ReadFile(path, part, Message.Note);
            split = part ?? "data";
            if (DataFit.Problem(data, Likelihood, Binarization) is { } problem)
                throw new InvalidDataFileException(path, $"{problem} These data do not fit the run.");
        }
        else
        {
            data = Part(parsed, split, parsed.GetValue(RunOptions.Data));
        }

        if (TakesLabels && data.Labels is null)
        {
            throw new InvalidDataFileException(DataName(parsed), "it has no labels, but the model is conditional and " +
                "needs the class of each data point. Use the run's own data, which have labels.");
        }

        if (TakesLabels && data.Labels is { } labels
            && labels.Span.IndexOfAnyExceptInRange(0, Model.Context - 1) is >= 0 and var unknown)
        {
            throw new InvalidDataFileException(DataName(parsed), FormattableString.Invariant(
                $"data point {unknown} (counted from 0) has no label that the run knows, but the model is ") +
                "conditional and needs the class of each data point. Leave such data out.");
        }

        if (parsed.CommandResult.Command.Options.Contains(RunOptions.Limit)
            && parsed.GetValue(RunOptions.Limit) is { } limit)
            data = data[..Math.Min(RunOptions.Within("--limit", limit, 1, int.MaxValue), data.Count)];
        return Prepared(data, split);
    }

    /// <summary>A part of the run's data, or of another known data set, before binarisation and
    /// standardisation.</summary>
    /// <param name="parsed">The command line, which gives the folder of the data sets.</param>
    /// <param name="split">train, validation or test.</param>
    /// <param name="other">The name of the other data set.</param>
    public Dataset Part(ParseResult parsed, string split, string? other = null) =>
        Folder.ReadData(Enum.Parse<Part>(split, ignoreCase: true), parsed.GetValue(SharedOptions.DataDirectory), other,
            Message.Warn);

    /// <summary>A part of the run's data, prepared for the model: standardised, or binarised with the draws of that
    /// part.</summary>
    public Dataset Prepared(Dataset data, string split) => Folder.Prepare(data, split);

    /// <summary>Adds to a result how log-densities of the standardised data convert to those of the original
    /// data.</summary>
    public void AddUnit(Result result)
    {
        if (Standardization is not { } s) return;
        result.Add("standardize", Config.Data.TextOf("standardize"));
        result.Add("log_scale", Result.Number(s.LogScale), "standardised", string.Create(
            CultureInfo.InvariantCulture, $"by {Config.Data.TextOf("standardize")}; log p of the original data is " +
            $"log p of the standardised data {(s.LogScale > 0 ? '-' : '+')} {Math.Abs(s.LogScale):F4} nats per datum"));
    }

    /// <summary>Adds to a result how many units of the code are in use, and how the KL divides into its
    /// parts.</summary>
    public void AddUnits(Result result, BoundReport bound)
    {
        string parts = string.Join(", ", bound.KLByLatent.Select(
            l => FormattableString.Invariant($"{l.Name} {l.KL:F2}")));
        if (Model.Units == 0)
        {
            result.Add("active_units", null);
            result.Line("KL by part", parts);
        }
        else
        {
            string each = bound.ActiveByLatent.Count < 2 ? "" : $" ({string.Join(", ", bound.ActiveByLatent.Select(
                l => FormattableString.Invariant($"{l.Name} {l.Active} of {l.Dimensions}")))}; KL {parts})";
            result.Add("active_units", bound.ActiveUnits, "active units",
                FormattableString.Invariant($"{bound.ActiveUnits} of {Model.Units}{each}"));
        }

        result.Add("latent", Model.Units);
    }

    /// <summary>The first training data, prepared for the model, for fitting something to their codes and labels. For a
    /// semi-supervised run with some labels, only the data whose labels were used in training.</summary>
    public Dataset Training(ParseResult parsed, int limit)
    {
        Dataset train = Part(parsed, "train");
        if (Config.Data.Labels > 0)
        {
            ReadOnlyMemory<int> told = RunData.Load(
                Config, parsed.GetValue(SharedOptions.DataDirectory), schema: Folder.Table,
                formats: ProgramFormats.All).Train.Labels ?? default;
            train = train.Subset([.. Enumerable.Range(0, train.Count).Where(i => told.Span[i] >= 0)]);
        }

        return Prepared(train[..Math.Min(limit, train.Count)], "train");
    }

    /// <summary>The labels of data that must have labels.</summary>
    /// <exception cref="InvalidDataFileException">They have none.</exception>
    public ReadOnlySpan<int> LabelsOf(Dataset data) => data.Labels is { } labels
        ? labels.Span
        : throw new InvalidDataFileException(Config.Data.Name, "it has no labels, but this command needs the " +
            "classes. In your own data, use an .npz file with an array 'labels' next to the data.");

    /// <summary>The name of the data in results.</summary>
    public string DataName(ParseResult parsed) =>
        parsed.GetValue(RunOptions.Data) is { } path && !RunData.IsKnown(path) ? path
            : $"{parsed.GetValue(RunOptions.Data) ?? Config.Data.Name} {parsed.GetValue(RunOptions.Split) ?? "test"}";
}
