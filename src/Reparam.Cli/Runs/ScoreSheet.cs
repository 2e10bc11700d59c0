using System.CommandLine;
using System.Globalization;
using Reparam.Cli.Commands;
using Reparam.Cli.Display;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Rendering;
using Reparam.Scoring;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>
/// A contact sheet of the strangest pictures, each beside a map of what makes it strange: for each pixel
/// E_q[-log p(x_i|z)] less its mean over held-out data, in nats, summed over colour channels. It holds the maps of the
/// strangest pictures so far and of no others.
/// </summary>
internal sealed class ScoreSheet
{
    public static Option<string> Option { get; } = new Option<string>("--sheet")
    {
        Description = "A picture to write, .png: the strangest pictures, each beside a map of the pixels that make " +
            "it strange.", HelpName = "FILE",
    }.OnlyForImages();

    private const int Edge = 128; // pixels: smaller pictures are enlarged, by whole factors

    private const long LargestSheet = 100_000_000; // samples

    // A few extreme pixels would leave all others dark.
    private const double ShareBelow = 0.999;

    private readonly string _path;
    private readonly Standardization? _standardization;
    private readonly ImageExtents _image;
    private readonly int _top;

    // The strangest pictures, the least strange of them first. Of equal scores, the first datum is the strangest.
    private readonly PriorityQueue<(int Index, float[] Map), (double Score, int Later)> _strangest = new();

    private ScoreSheet(string path, TrainedRun run, ImageExtents image, int top)
    {
        (_path, _standardization, _image, _top) = (path, run.Standardization, image, top);
        // A picture and its map have three channels each.
        long most = LargestSheet / (6L * image.Pixels * Zoom * Zoom);
        if (top > most)
        {
            throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture,
                $"--top {top} is more than one --sheet can hold, which is {most} pictures of shape {run.EventShape}."));
        }
    }

    private int Zoom => Math.Max(1, Edge / Math.Max(_image.Height, _image.Width));

    /// <summary>The sheet that the command line names; null for none.</summary>
    /// <exception cref="InvalidConfigException">The path cannot be written, or no picture is asked for.</exception>
    public static ScoreSheet? For(ParseResult parsed, TrainedRun run, int top)
    {
        if (parsed.GetValue(Option) is not { } path) return null;
        OutputFile.RequirePlace(Option.Name, path);
        if (!path.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            throw new InvalidConfigException($"--sheet '{path}' must end in .png.");
        if (top == 0)
            throw new InvalidConfigException("--sheet shows the strangest pictures, and --top 0 asks for none.");
        return new ScoreSheet(path, run, ImageExtents.Of(run)!.Value, top);
    }

    /// <summary>Refuses a model that does not tell what each pixel adds.</summary>
    public static void Require(ScoreReference reference)
    {
        if (reference.Means.Count > 0) return;
        throw new InvalidConfigException("--sheet shows what each pixel adds to the score, and the model of this run " +
            "does not tell the log-densities of single pixels; leave it out.");
    }

    /// <summary>Takes a data point onto the sheet if it is one of the strangest so far.</summary>
    public void Offer(int index, DatumScore score)
    {
        (double, int) rank = (score.Score, -index);
        if (_strangest.Count == _top)
        {
            _strangest.TryPeek(out _, out (double, int) least);
            if (rank.CompareTo(least) <= 0) return;
            _strangest.Dequeue();
        }

        float[] map = new float[_image.Pixels];
        for (int e = 0; e < _image.Channels * map.Length; e++) map[e % map.Length] += (float)score.Elements[e].Excess;
        _strangest.Enqueue((index, map), rank);
    }

    /// <summary>Writes the sheet, the strangest picture first, and says so in a result.</summary>
    public void Write(Dataset data, Result result)
    {
        List<(int Index, float[] Map)> pictures = [];
        while (_strangest.TryDequeue(out (int, float[]) least, out _)) pictures.Insert(0, least);
        float[] values = [.. pictures.SelectMany(p => p.Map)];
        float[] sorted = [.. values.Order()];
        double most = Math.Max(sorted[(int)(ShareBelow * (sorted.Length - 1))], 1e-3);
        Tensor images = OutputFile.AsPicture(
            Latents.Data(data.Subset([.. pictures.Select(p => p.Index)])), _standardization);
        ImageGrid.WithMaps(images, Tensor.From(values, [pictures.Count, _image.Height, _image.Width]), most,
            zoom: Zoom).Save(_path);
        result.Add("sheet", Path.GetFullPath(_path), "sheet", string.Create(CultureInfo.InvariantCulture,
            $"{Terminal.Relative(_path)}: the strangest pictures, row by row, each beside a map of the nats above " +
            $"the mean of held-out data, from violet (0 or less) to yellow ({most:G3} or more)"));
        result.Add("sheet_most_nats", most);
    }
}
