using System.CommandLine;
using Reparam.Cli.Commands;
using Reparam.Data;
using Reparam.Rendering;
using Reparam.Tensors;
using Reparam.Training.Runs;

namespace Reparam.Cli.Runs;

/// <summary>Where decoded data go: a picture (.png) or the numbers (.npy). Checked before any work is done.</summary>
internal sealed class OutputFile
{
    private const long LargestPicture = 100_000_000, LargestNumbers = 500_000_000; // elements

    // Of standardised data a picture shows so many standard deviations either way, from black to white.
    private const double Shown = 3;

    private readonly bool _isPicture;
    private readonly Standardization? _standardization;

    private OutputFile(string path, bool isPicture, Standardization? standardization)
    {
        Path = path;
        _isPicture = isPicture;
        _standardization = standardization;
    }

    public string Path { get; }

    /// <summary>The file that was asked for, or one in the run's samples folder.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="run">The run.</param>
    /// <param name="name">The default's name, without ending.</param>
    /// <param name="numbersByDefault">Whether data that are no images become numbers unasked, rather than an error.</param>
    public static OutputFile For(ParseResult parsed, TrainedRun run, string name, bool numbersByDefault = false)
    {
        string? path = parsed.GetValue(RunOptions.Out);
        bool canShow = ImageGrid.CanShow(run.EventShape);
        if (path is null)
        {
            // Columns of a table may be as many as a square has places.
            bool picture = (canShow && run.Config.Data.Standardize != "columns") || !numbersByDefault;
            path = run.Folder.SamplePath(name + (picture ? ".png" : ".npy"));
        }

        bool isPicture = System.IO.Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => true,
            ".npy" => false,
            _ => throw new InvalidConfigException($"--out '{path}' ends neither in .png (a picture) nor in .npy (the numbers)."),
        };
        if (isPicture && !canShow)
            throw new InvalidConfigException($"Data of shape {run.EventShape} are not images, so there is no picture to draw; --out FILE.npy writes the numbers instead.");
        return new OutputFile(path, isPicture, run.Standardization);
    }

    /// <summary>Refuses more data than one file of this kind can hold, before they are made.</summary>
    /// <param name="count">Number of data.</param>
    /// <param name="eventShape">Shape of each.</param>
    /// <param name="option">The option that said how many.</param>
    public void RequireRoom(int count, Shape eventShape, string option)
    {
        // A picture shows each pixel four times; an array has at most so many bytes.
        long most = (_isPicture ? LargestPicture : LargestNumbers) / eventShape.Size;
        if (count > most)
            throw new InvalidConfigException(FormattableString.Invariant($"{option} {count} is more than one {(_isPicture ? "picture" : "file")} holds: at most {most} of shape {eventShape}{(_isPicture ? "; --out FILE.npy holds more" : "")}."));
    }

    /// <summary>What of values that the model gives a picture shows: themselves, in [0, 1], or of standardised ones three standard deviations either way.</summary>
    public static Tensor AsPicture(Tensor values, Standardization? standardization) => standardization is null ? values : values * (0.5 / Shown) + 0.5;

    /// <summary>Writes data [N] + event, as the model takes and gives them; numbers are written in the units of the data.</summary>
    public void Write(Tensor images, int columns = 0)
    {
        if (_isPicture) ImageGrid.Of(AsPicture(images, _standardization), columns).Save(Path);
        else WriteNumbers(images);
    }

    /// <summary>Writes data and their reconstructions, as the model takes and gives them; as numbers, [N, 2] + event in the units of the data.</summary>
    public void WritePairs(Tensor data, Tensor reconstructions)
    {
        if (_isPicture)
        {
            ImageGrid.Pairs(AsPicture(data, _standardization), AsPicture(reconstructions, _standardization)).Save(Path);
            return;
        }

        Shape single = [data.Shape[0], 1, .. data.Shape[1..]];
        WriteNumbers(Tensor.Concat(1, data.Reshape(single), reconstructions.Reshape(single)));
    }

    private void WriteNumbers(Tensor values)
    {
        Tensor numbers = _standardization?.Undo(values) ?? values;
        NpyFile.Write(Path, NumericArray.FromFloat32(numbers.Shape, numbers.AsSpan<float>()));
    }
}
