using System.CommandLine;
using System.Globalization;
using Reparam.Cli.Commands;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Rendering;
using Reparam.Tensors;
using Reparam.Runs;

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
    /// <param name="numbersByDefault">Whether data that are no images become numbers unasked, rather than an
    /// error.</param>
    public static OutputFile For(ParseResult parsed, TrainedRun run, string name, bool numbersByDefault = false)
    {
        string? path = parsed.GetValue(RunOptions.Out);
        if (path is not null) RequirePlace(RunOptions.Out.Name, path);
        bool canShow = ImageGrid.CanShow(run.EventShape);
        if (path is null)
        {
            // Columns of a table may be as many as a square has places.
            bool picture = (canShow && run.Config.Data.Standardize != StandardizeBy.Columns) || !numbersByDefault;
            path = run.Folder.SamplePath(name + (picture ? ".png" : ".npy"));
        }

        bool isPicture = System.IO.Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => true,
            ".npy" => false,
            _ => throw new InvalidConfigException(
                $"--out '{path}' ends neither in .png (a picture) nor in .npy (the numbers)."),
        };
        if (isPicture && !canShow)
        {
            throw new InvalidConfigException($"Data of shape {run.EventShape} are not images, so there is no picture " +
                "to draw; --out FILE.npy writes the numbers instead.");
        }

        return new OutputFile(path, isPicture, run.Standardization);
    }

    /// <summary>Refuses a path at which no file can be, before any work is done for it.</summary>
    /// <param name="option">The option that gave it.</param>
    /// <param name="path">The path.</param>
    /// <exception cref="InvalidConfigException">It is a folder, too long, or in a folder that does not
    /// exist.</exception>
    public static void RequirePlace(string option, string path)
    {
        if (Directory.Exists(path))
            throw new InvalidConfigException($"{option} '{path}' is a folder; give the path of a file in it.");
        RequireName(option, path);
        string? folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path));
        if (!Directory.Exists(folder))
        {
            throw new InvalidConfigException(
                $"{option} '{path}' lies in '{folder}', which is no folder. Check that the folder exists.");
        }
    }

    /// <summary>Refuses a path at which no folder can be.</summary>
    /// <exception cref="InvalidConfigException">It is too long, or leads through a file.</exception>
    public static void RequireFolder(string option, string path)
    {
        RequireName(option, path);
        for (string? part = System.IO.Path.GetFullPath(
            path); part is not null; part = System.IO.Path.GetDirectoryName(part))
        {
            if (File.Exists(part))
                throw new InvalidConfigException($"{option} '{path}' is no folder: '{part}' is a file.");
        }
    }

    /// <summary>Refuses a path with a name longer than file systems hold.</summary>
    private static void RequireName(string option, string path)
    {
        const int longestName = 255, longestPath = 4095; // bytes
        if (System.Text.Encoding.UTF8.GetByteCount(path) > longestPath
            || path.Split('/').Any(name => System.Text.Encoding.UTF8.GetByteCount(name) > longestName))
        {
            throw new InvalidConfigException($"{option} '{path[..40]}...' is longer than a path can be: a name has " +
                $"at most {longestName} bytes, a path {longestPath}.");
        }
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
        {
            throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture, $"{option} {count} " +
                $"is more than one {(_isPicture ? "picture" : "file")} holds: at most {most} of shape " +
                $"{eventShape}{(_isPicture ? "; --out FILE.npy holds more" : "")}."));
        }
    }

    /// <summary>What of values that the model gives a picture shows: themselves, in [0, 1], or of standardised ones
    /// three standard deviations either way.</summary>
    public static Tensor AsPicture(Tensor values, Standardization? standardization) => standardization is null ? values
        : values * (0.5 / Shown) + 0.5;

    /// <summary>Writes data [N] + event, as the model takes and gives them; numbers are written in the units of the
    /// data.</summary>
    public void Write(Tensor images, int columns = 0)
    {
        if (_isPicture) ImageGrid.Of(AsPicture(images, _standardization), columns).Save(Path);
        else WriteNumbers(images);
    }

    /// <summary>Writes data and their reconstructions, as the model takes and gives them; as numbers, [N, 2] + event in
    /// the units of the data.</summary>
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
