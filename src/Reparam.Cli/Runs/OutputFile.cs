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

    private readonly bool _isPicture;

    private OutputFile(string path, bool isPicture)
    {
        Path = path;
        _isPicture = isPicture;
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
            bool picture = canShow || !numbersByDefault;
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
        return new OutputFile(path, isPicture);
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

    /// <summary>Writes images [N] + event.</summary>
    public void Write(Tensor images, int columns = 0)
    {
        if (_isPicture) ImageGrid.Of(images, columns).Save(Path);
        else WriteNumbers(Path, images);
    }

    /// <summary>Writes data and their reconstructions; as numbers, [N, 2] + event.</summary>
    public void WritePairs(Tensor data, Tensor reconstructions)
    {
        if (_isPicture)
        {
            ImageGrid.Pairs(data, reconstructions).Save(Path);
            return;
        }

        Shape single = [data.Shape[0], 1, .. data.Shape[1..]];
        WriteNumbers(Path, Tensor.Concat(1, data.Reshape(single), reconstructions.Reshape(single)));
    }

    public static void WriteNumbers(string path, Tensor values) => NpyFile.Write(path, NumericArray.FromFloat32(values.Shape, values.AsSpan<float>()));
}
