using System.CommandLine;
using System.Globalization;
using System.Text;
using Reparam.Cli.Display;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>
/// A folder for the Embedding Projector of TensorBoard: <c>tensors.tsv</c> (a code in each line), <c>metadata.tsv</c>
/// (its label and name), <c>sprite.png</c> (thumbnails of images in reading order), and <c>projector_config.pbtxt</c>,
/// which names them (tensorboard/plugins/projector/projector_config.proto).
/// </summary>
internal sealed class ProjectorFolder
{
    public static Option<string> Option { get; } = new("--projector")
    {
        Description = "A folder to write for the Embedding Projector of TensorBoard: the codes, their labels and " +
            "names, and thumbnails of images.", HelpName = "FOLDER",
    };

    // The projector shows at most so many points, and no larger sheet of thumbnails, in pixels.
    private const int MostPoints = 100_000, LargestSheet = 8192;

    private const int LargestThumbnail = 64;
    private const int PicturesAtOnce = 250;

    private readonly string _path;
    private readonly TrainedRun _run;

    private ProjectorFolder(string path, TrainedRun run) => (_path, _run) = (path, run);

    /// <summary>The folder that the command line names; null for none.</summary>
    /// <exception cref="InvalidConfigException">The folder cannot be created, or codes have one component.</exception>
    public static ProjectorFolder? For(ParseResult parsed, TrainedRun run)
    {
        if (parsed.GetValue(Option) is not { } path) return null;
        OutputFile.RequireFolder(Option.Name, path);
        return run.Latent > 1 ? new ProjectorFolder(path, run) : throw new InvalidConfigException(
            "--projector shows codes of at least two components, and the codes of this run have one; leave it out.");
    }

    /// <summary>Writes the folder, and says so in a result.</summary>
    /// <param name="z">Codes [N, Z].</param>
    /// <param name="data">Their data.</param>
    /// <param name="result">Receives the path.</param>
    public void Write(Tensor z, Dataset data, Result result)
    {
        if (data.Count > MostPoints)
        {
            Message.Note(string.Create(CultureInfo.InvariantCulture,
                $"'{_path}' has the first {MostPoints:N0} of {data.Count:N0} codes; the projector shows no more"));
            data = data[..MostPoints];
        }

        Directory.CreateDirectory(_path);
        WriteLines("tensors.tsv", data.Count, i => string.Join('\t', Enumerable.Range(0, z.Shape[1]).Select(
            j => ((float)z.At(i * z.Shape[1] + j)).ToString("R", CultureInfo.InvariantCulture))));
        WriteMetadata(data);
        string sprite = ImageExtents.Of(_run) is { } image ? WriteSprite(data, image) : "";
        AtomicFile.WriteAllText(Path.Combine(_path, "projector_config.pbtxt"), $$"""
            embeddings {
              tensor_name: "codes"
              tensor_path: "tensors.tsv"
              metadata_path: "metadata.tsv"
            {{sprite}}}

            """);
        result.Add("projector", Path.GetFullPath(_path), "projector", string.Create(CultureInfo.InvariantCulture,
            $"{Terminal.Relative(_path)}: {data.Count:N0} points{(sprite.Length > 0 ? " with thumbnails" : "")}"));
        result.Command("", $"tensorboard --logdir {Terminal.Quoted(_path)}");
    }

    /// <summary>Writes the label, if there are labels, and the name or the number of the row. A file of one column has
    /// no line of headings, as the projector demands.</summary>
    private void WriteMetadata(Dataset data)
    {
        bool isLabelled = data.Labels is not null;
        string head = isLabelled ? $"label\t{(data.Names is null ? "row" : "name")}" : "";
        int first = isLabelled ? 1 : 0;
        WriteLines("metadata.tsv", data.Count + first, line =>
        {
            int i = line - first;
            if (i < 0) return head;
            string name = data.Names is { } names ? Cell(names.Span[i])
                : (data.FirstRow(i) + 1).ToString(CultureInfo.InvariantCulture);
            return isLabelled ? $"{Cell(LabelText.Of(data, _run.Folder.Table, i))}\t{name}" : name;
        });
    }

    /// <summary>Writes the thumbnails, smaller by a whole factor than the images if they would not fit, and returns the
    /// lines of the configuration.</summary>
    private string WriteSprite(Dataset data, ImageExtents image)
    {
        int columns = (int)Math.Ceiling(Math.Sqrt(data.Count)), side = Math.Max(image.Height, image.Width);
        int largest = Math.Min(LargestThumbnail, LargestSheet / columns), factor = (side + largest - 1) / largest;
        var window = new Extent2d(Math.Min(factor, image.Height), Math.Min(factor, image.Width));
        int height = image.Height / window.Height, width = image.Width / window.Width;
        if (factor > 1)
        {
            Message.Note(string.Create(CultureInfo.InvariantCulture, $"the thumbnails have {width} x {height} pixels " +
                $"in place of {image.Width} x {image.Height}, so that the sheet stays small"));
        }

        int stride = columns * width;
        byte[] samples = new byte[columns * height * stride * image.Channels];
        for (int start = 0; start < data.Count; start += PicturesAtOnce)
        {
            using var scope = new TensorScope();
            int count = Math.Min(PicturesAtOnce, data.Count - start);
            Tensor small = Tensor.AvgPool2d(OutputFile.AsPicture(Latents.Data(data[start..(start + count)]),
                _run.Standardization).Reshape([count, image.Channels, image.Height, image.Width]), window);
            for (int e = 0; e < small.Shape.Size; e++)
            {
                int x = e % width, y = e / width % height, c = e / (width * height) % image.Channels;
                int i = start + e / (width * height * image.Channels);
                int at = (i / columns * height + y) * stride + i % columns * width + x;
                samples[at * image.Channels + c] = (byte)Math.Clamp(Math.Round(255 * small.At(e)), 0, 255);
            }
        }

        new PngImage(stride, columns * height, image.Channels, samples).Save(Path.Combine(_path, "sprite.png"));
        return string.Create(CultureInfo.InvariantCulture, $$"""
              sprite {
                image_path: "sprite.png"
                single_image_dim: {{width}}
                single_image_dim: {{height}}
              }

            """);
    }

    private void WriteLines(string name, int count, Func<int, string> line) =>
        AtomicFile.Write(Path.Combine(_path, name), stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            for (int i = 0; i < count; i++) writer.WriteLine(line(i));
        });

    /// <summary>A text without the characters that end a cell or a line, which the format cannot quote.</summary>
    private static string Cell(string text) => text.Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' ');
}
