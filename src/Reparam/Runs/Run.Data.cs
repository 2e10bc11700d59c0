using Reparam.Configuration;
using Reparam.Data;
using Reparam.Tensors;

namespace Reparam.Runs;

public sealed partial class Run
{
    /// <summary>
    /// A part of the run's data as the model takes them: standardised, or binarised. The draws of the binarisation
    /// depend only on the seed of the run and on the part. They are the draws that <c>reparam evaluate</c> uses and,
    /// for static binarisation, the draws that training uses.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <param name="dataDirectory">The folder of known data sets; null for the default folders.</param>
    /// <param name="warnings">Receives a warning if the training data have changed since the run was trained.</param>
    /// <exception cref="InvalidConfigException">The run has no validation data.</exception>
    /// <exception cref="InvalidDataFileException">The shape of the data differs from the shape that the run's model
    /// takes, or a file is damaged.</exception>
    /// <exception cref="FileNotFoundException">A file of a known data set is missing.</exception>
    public Dataset Data(Part part, string? dataDirectory = null, Action<string>? warnings = null) =>
        Prepare(ReadData(part, dataDirectory, warnings: warnings), part.ToString().ToLowerInvariant());

    /// <summary>A part of the run's data, or of another known data set, before binarisation and
    /// standardisation.</summary>
    /// <param name="part">The part.</param>
    /// <param name="dataDirectory">The folder of known data sets; null for the default folders.</param>
    /// <param name="other">The name of the other data set; null for the run's own data.</param>
    /// <param name="warnings">Receives a warning if the training data have changed since the run was trained.</param>
    /// <inheritdoc cref="Data" path="/exception"/>
    public Dataset ReadData(
        Part part, string? dataDirectory = null, string? other = null, Action<string>? warnings = null)
    {
        RunSettings settings = other is null ? Config : Config with
        {
            Data = new DataSettings { Name = other, Validation = 0 },
        };
        // A run that is trained in this process has its data in memory.
        DataSplits splits = (other is null ? _inMemory ?? _preparation?.Read : null) ?? RunData.Load(
            settings, dataDirectory, schema: Table, formats: _formats);
        Shape wanted = Config.Model.Shape;
        if (splits.Train.EventShape != wanted)
        {
            throw new InvalidDataFileException(settings.Data.Name,
                $"its data have shape {splits.Train.EventShape}, and the run was trained on {wanted}; " +
                $"{(other is null ? "put the old data back" : "choose data of that shape")}.");
        }

        if (other is null && RecordedDataSha256 is { } trained && trained != splits.Train.Sha256)
        {
            warnings?.Invoke("the training data have changed since the run was trained (SHA-256 " +
                $"{splits.Train.Sha256[..12]}... now, {trained[..12]}... then); results may not be comparable.");
        }

        // Labels that were hidden from training are visible to evaluation.
        if (other is null && Config.Data.Labels >= 0 && _inMemory is null)
        {
            splits = RunData.Load(
                Config with { Data = Config.Data with { Labels = -1 } }, dataDirectory, schema: Table,
                formats: _formats);
        }
        else if (DataFit.Problem(splits.Train, Config.Model.Likelihood.Make(), Binarization) is { } problem)
            throw new InvalidConfigException($"{problem} These data do not fit the run.");
        return part switch
        {
            Part.Train => splits.Train,
            Part.Validation => splits.Validation ?? throw new InvalidConfigException(
                $"{(other is null ? "The run has no" : $"Data set '{other}' has no")} validation data; use the " +
                "test or the training data (--split test or --split train)."),
            _ => splits.Test,
        };
    }

    /// <summary>
    /// Reads another file with data for the run's model, in the order of the file, before binarisation and
    /// standardisation. The columns of a table are matched by name.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="part">The part of a file with parts: <c>train</c>, <c>validation</c> or <c>test</c>. Null reads the
    /// test part or, if there is none, all data.</param>
    /// <param name="notes">Receives sentences about arrays or cells that were ignored or converted.</param>
    /// <exception cref="InvalidDataFileException">The file is damaged, does not fit the model, or does not have the
    /// requested part.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public Dataset ReadFile(string path, string? part = null, Action<string>? notes = null)
    {
        if (Table is not { } schema)
            return RunData.ReadFile(path, Config.Model.Shape, Config.Data, part, notes, _formats);
        if (part is not null)
            throw new InvalidDataFileException(path, "a table has no parts; omit --split to use all its rows.");
        // Another file may have another separator, and a header or none; numbers are written as in the run's table.
        return schema.Read(TableFiles.Open(path, _formats, new TableFormat(null, schema.Format.Decimal)), notes);
    }

    /// <summary>Prepares data for the run's model: standardised as in training, or binarised.</summary>
    /// <param name="data">The data before binarisation and standardisation.</param>
    /// <param name="name">The name of the data, such as <c>test</c>. The draws of the binarisation depend on
    /// it.</param>
    public Dataset Prepare(Dataset data, string name)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Table?.Apply(data) ?? LoadStandardization()?.Apply(data)
            ?? data.Binarize(Binarization, RunFactory.RngOf(Config).Split("binarize-" + name));
    }

    /// <summary>How the run's data are binarised.</summary>
    private Binarization Binarization => Config.Data.Binarization ?? Binarization.None;

    /// <summary>The SHA-256 of the training data in <c>environment.json</c>; null if it is missing.</summary>
    private string? RecordedDataSha256 =>
        File.Exists(System.IO.Path.Combine(Path, EnvironmentFile))
            && Noted(System.IO.Path.Combine(Path, EnvironmentFile), "data_sha256") is { Length: 64 } hash ? hash : null;
}
