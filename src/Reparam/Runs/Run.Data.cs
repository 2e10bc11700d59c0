using Reparam.Configuration;
using Reparam.Data;
using Reparam.Tensors;

namespace Reparam.Runs;

public sealed partial class Run
{
    /// <summary>
    /// A part of the run's data as its model takes them: standardised, or binarised with the draws of that part that
    /// the run's training and its evaluation have.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <param name="dataDirectory">Where known sets are; the usual places where null.</param>
    /// <param name="warnings">Told where the data are no longer those that the run was trained on.</param>
    /// <exception cref="InvalidConfigException">The run held out no validation data.</exception>
    /// <exception cref="InvalidDataFileException">The data have another shape than the run's model takes, or a file is
    /// damaged.</exception>
    /// <exception cref="FileNotFoundException">A file of a known set is missing.</exception>
    public Dataset Data(Part part, string? dataDirectory = null, Action<string>? warnings = null) =>
        Prepare(ReadData(part, dataDirectory, warnings: warnings), part.ToString().ToLowerInvariant());

    /// <summary>A part of the run's data, or of another known set, as it is before it is binarised or
    /// standardised.</summary>
    /// <param name="part">The part.</param>
    /// <param name="dataDirectory">Where known sets are; the usual places where null.</param>
    /// <param name="other">The other set's name; the run's own data where null.</param>
    /// <param name="warnings">Told where the data are no longer those that the run was trained on.</param>
    /// <inheritdoc cref="Data" path="/exception"/>
    public Dataset ReadData(
        Part part, string? dataDirectory = null, string? other = null, Action<string>? warnings = null)
    {
        RunSettings settings = other is null ? Config : Config with
        {
            Data = new DataSettings { Name = other, Validation = 0 },
        };
        DataSplits splits = other is null && _preparation is { } known
            ? known.Read : RunData.Load(settings, dataDirectory);
        Shape wanted = Config.Model.Shape;
        if (splits.Train.EventShape != wanted)
        {
            throw new InvalidDataFileException(settings.Data.Name,
                $"its data have shape {splits.Train.EventShape}, and the run was trained on {wanted}; " +
                $"{(other is null ? "put the old data back" : "such data do not fit the run")}.");
        }

        if (other is null && RecordedDataSha256 is { } trained && trained != splits.Train.Sha256)
        {
            warnings?.Invoke("the training data are no longer those that the run was trained on (SHA-256 " +
                $"{splits.Train.Sha256[..12]}..., then {trained[..12]}...); results may not compare.");
        }

        // Labels that were hidden from training are not hidden from evaluation.
        if (other is null && Config.Data.Labels >= 0 && _preparation is not { IsInMemory: true })
            splits = RunData.Load(Config with { Data = Config.Data with { Labels = -1 } }, dataDirectory);
        else if (DataFit.Problem(splits.Train, Config.Model.Likelihood.Make(), Binarization) is { } problem)
            throw new InvalidConfigException($"{problem} Such data do not fit the run.");
        return part switch
        {
            Part.Train => splits.Train,
            Part.Validation => splits.Validation ?? throw new InvalidConfigException(
                $"{(other is null ? "The run held out no" : $"Data set '{other}' has no")} validation data; use the " +
                "test or the training data (--split test)."),
            _ => splits.Test,
        };
    }

    /// <summary>Data as the run's model takes them: standardised as in training, or binarised.</summary>
    /// <param name="data">The data as they are.</param>
    /// <param name="name">What they are called, on which the draws of their binarisation depend: <c>test</c>.</param>
    public Dataset Prepare(Dataset data, string name)
    {
        ArgumentNullException.ThrowIfNull(data);
        return LoadStandardization()?.Apply(data)
            ?? data.Binarize(Binarization, RunFactory.RngOf(Config).Split("binarize-" + name));
    }

    /// <summary>How the run's data are binarised.</summary>
    private Binarization Binarization => Config.Data.Binarization ?? Binarization.None;

    /// <summary>The identity of the training data as the run noted it; null where it did not.</summary>
    private string? RecordedDataSha256 =>
        File.Exists(System.IO.Path.Combine(Path, EnvironmentFile))
            && Noted(System.IO.Path.Combine(Path, EnvironmentFile), "data_sha256") is { Length: 64 } hash ? hash : null;
}
