using System.CommandLine;
using System.Globalization;
using Reparam.Cli.Commands;
using Reparam.Cli.Display;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Runs;
using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>A run that has a checkpoint: its model, and its data binarised as in training.</summary>
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
    }

    public Run Folder { get; }

    public RunSettings Config => Folder.Config;

    public Checkpoint Checkpoint { get; }

    public LatentVariableModel Model { get; }

    public Likelihood Likelihood { get; }

    public Binarization Binarization { get; }

    /// <summary>Shape of a datum.</summary>
    public Shape EventShape { get; }

    /// <summary>What brings data to those that the model takes; null where it takes them as they are.</summary>
    public Standardization? Standardization { get; }

    /// <summary>The unit of a density, for results.</summary>
    public string Unit => Standardization is null ? "nats per datum" : "nats per datum, of the standardised data";

    /// <summary>The run's stream of random numbers.</summary>
    public Rng Rng => RunFactory.RngOf(Config);

    /// <summary>The length of a code.</summary>
    public int Latent => Model.LatentShape.Size;

    /// <summary>Extents of one latent.</summary>
    public Shape LatentShape => Model.LatentShape;

    /// <summary>Refuses a walk along lines where the latents have no values between their own.</summary>
    /// <exception cref="InvalidConfigException">The latents are discrete or on a sphere.</exception>
    public void RequireLines(string command)
    {
        string? why = Model.Space switch
        {
            LatentSpace.Discrete or LatentSpace.Mixed => "are discrete, with nothing between their values",
            LatentSpace.Spherical => "lie on a sphere, which a line leaves",
            _ => null,
        };
        if (why is not null)
        {
            throw new InvalidConfigException($"'reparam {command}' walks along lines, and the latents of this run " +
                $"('{(Config.Model is VaeSettings plain ? plain.Posterior.Word : Config.Model.Kind.Name)}') {why}. " +
                "'reparam sample' and 'reparam reconstruct' show what they hold.");
        }
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="opened">Its run, where that is open already.</param>
    public static TrainedRun Open(ParseResult parsed, Run? opened = null)
    {
        SharedOptions.Apply(parsed);
        Run folder = opened ?? RunOptions.Open(parsed);
        string? which = RunOptions.OneOf(parsed, RunOptions.Checkpoint, "latest", "best");
        bool best = which is null ? folder.Config.Training.Patience > 0 : which == "best";
        return new TrainedRun(folder, folder.OpenCheckpoint(best, Message.Warn));
    }

    /// <summary>The data that the command line asks for as the model takes them: binarised with the same draws as the
    /// run's, or standardised.</summary>
    public Dataset Data(ParseResult parsed)
    {
        string split = RunOptions.OneOf(parsed, RunOptions.Split, "test", "validation", "train") ?? "test";
        Dataset data;
        if (parsed.GetValue(RunOptions.Data) is { } path && !RunData.IsKnown(path))
        {
            string? part = parsed.GetValue(RunOptions.Split);
            data = RunData.ReadFile(path, EventShape, Config.Data, part, Message.Note);
            split = part ?? "data";
            if (DataFit.Problem(data, Likelihood, Binarization) is { } problem)
                throw new InvalidDataFileException(path, $"{problem} Such data do not fit the run.");
        }
        else
        {
            data = Part(parsed, split, parsed.GetValue(RunOptions.Data));
        }

        if (Model.Context > 0 && data.Labels is null)
        {
            throw new InvalidDataFileException(DataName(parsed), "it has no labels, and the model is conditional: it " +
                "needs the class of each datum. Evaluate it on the run's own data, which have labels.");
        }

        if (parsed.CommandResult.Command.Options.Contains(RunOptions.Limit)
            && parsed.GetValue(RunOptions.Limit) is { } limit)
            data = data[..Math.Min(RunOptions.Within("--limit", limit, 1, int.MaxValue), data.Count)];
        return Prepared(data, split);
    }

    /// <summary>A part of the run's data, or of another known set, as it is before it is binarised or
    /// standardised.</summary>
    /// <param name="parsed">The command line, which says where known sets are.</param>
    /// <param name="split">train, validation or test.</param>
    /// <param name="other">The other set's name.</param>
    public Dataset Part(ParseResult parsed, string split, string? other = null) =>
        Folder.ReadData(Enum.Parse<Part>(split, ignoreCase: true), parsed.GetValue(SharedOptions.DataDirectory), other,
            Message.Warn);

    /// <summary>A part of the run's data as its model takes them: standardised, or binarised with the draws of that
    /// part.</summary>
    public Dataset Prepared(Dataset data, string split) => Folder.Prepare(data, split);

    /// <summary>Adds to a result what densities of standardised data are to those of the data as they are.</summary>
    public void AddUnit(Result result)
    {
        if (Standardization is not { } s) return;
        result.Add("standardize", Config.Data.TextOf("standardize"));
        result.Add("log_scale", Result.Number(s.LogScale), "standardised", string.Create(
            CultureInfo.InvariantCulture, $"by {Config.Data.TextOf("standardize")}; log p of the data as they are is " +
            $"that of the standardised {(s.LogScale > 0 ? '-' : '+')} {Math.Abs(s.LogScale):F4} nats per datum"));
    }

    /// <summary>The first training data as the model sees them, to fit something to their codes and labels; of a
    /// semi-supervised run that was told some labels those that it was told.</summary>
    public Dataset Training(ParseResult parsed, int limit)
    {
        Dataset train = Part(parsed, "train");
        if (Config.Data.Labels > 0)
        {
            ReadOnlyMemory<int> told = RunData.Load(
                Config, parsed.GetValue(SharedOptions.DataDirectory)).Train.Labels ?? default;
            train = train.Subset([.. Enumerable.Range(0, train.Count).Where(i => told.Span[i] >= 0)]);
        }

        return Prepared(train[..Math.Min(limit, train.Count)], "train");
    }

    /// <summary>The labels of data that must have some.</summary>
    /// <exception cref="InvalidDataFileException">They have none.</exception>
    public ReadOnlySpan<int> LabelsOf(Dataset data) => data.Labels is { } labels
        ? labels.Span
        : throw new InvalidDataFileException(Config.Data.Name, "it has no labels, and classes are what is asked for; " +
            "a file of one's own has them as an .npz with an array 'labels' beside the data.");

    /// <summary>What the data are called in results.</summary>
    public string DataName(ParseResult parsed) =>
        parsed.GetValue(RunOptions.Data) is { } path && !RunData.IsKnown(path) ? path
            : $"{parsed.GetValue(RunOptions.Data) ?? Config.Data.Name} {parsed.GetValue(RunOptions.Split) ?? "test"}";
}
