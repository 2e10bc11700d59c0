using Reparam.Data;
using Reparam.Serialization;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>The folder for the Embedding Projector of TensorBoard: codes, labels, names and thumbnails belong to the
/// same data points, within the projector's limits.</summary>
public sealed class ProjectorTests(SharedRun shared) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Digits_have_codes_labels_and_thumbnails_in_one_order()
    {
        CommandLine.Run(_folder.Path, "encode", shared.Run, "--limit", "7", "--out", "z.npy", "--projector", "a/p")
            .Exits(0);
        float[] codes = NpyFile.Read(_folder.File("z.npy")).ToFloat32();
        string[] lines = Lines("a/p/tensors.tsv");
        Assert.Equal(codes, lines.SelectMany(l => l.Split('\t')).Select(
            t => float.Parse(t, System.Globalization.CultureInfo.InvariantCulture)));
        Dataset data = DatasetCatalog.Load("digits").Test![..7];
        Assert.Equal(["label\trow", .. data.Labels!.Value.ToArray().Select((label, i) => $"{label}\t{i + 1}")],
            Lines("a/p/metadata.tsv"));
        Assert.Equal(
            """
            embeddings {
              tensor_name: "codes"
              tensor_path: "tensors.tsv"
              metadata_path: "metadata.tsv"
              sprite {
                image_path: "sprite.png"
                single_image_dim: 28
                single_image_dim: 28
              }
            }

            """, File.ReadAllText(_folder.File("a/p/projector_config.pbtxt")));
        Picture sprite = Sprite("a/p");
        Assert.Equal((84, 84, 1), (sprite.Width, sprite.Height, sprite.Channels));
        for (int i = 0; i < 9; i++)
        {
            for (int p = 0; p < 784; p++)
            {
                int at = (i / 3 * 28 + p / 28) * 84 + i % 3 * 28 + p % 28;
                Assert.Equal(i < 7 ? data.Bytes(i, 1)[p] : 0, sprite.Samples[at]);
            }
        }
    }

    [Fact]
    public void Pictures_have_names_and_smaller_thumbnails_and_a_file_of_one_column_has_no_headings()
    {
        byte[][] colours = [[200, 30, 0], [10, 120, 90], [0, 0, 255], [255, 250, 1]];
        for (int i = 0; i < 60; i++)
        {
            string folder = i % 2 == 0 ? "photos/odd names" : "photos/b";
            Directory.CreateDirectory(_folder.File(folder));
            new PngImage(100, 100, 3, [.. Enumerable.Repeat(colours[i % 4], 10_000).SelectMany(c => c)]).Save(
                _folder.File($"{folder}/{i:00}{(i == 0 ? "\t" : "")}.png"));
        }

        Run("train", "--data", "photos", "--epochs", "1", "--hidden", "8", "--latent", "2", "--out", "run");
        CommandLine.Run(_folder.Path, "encode", "run", "--data", "photos", "--projector", "p").Exits(0).Says(
            "the thumbnails have 50 x 50 pixels in place of 100 x 100");
        Assert.False(File.Exists(_folder.File("run/latents.npy")));
        string[] lines = Lines("p/metadata.tsv");
        Assert.Equal(61, lines.Length);
        Assert.Equal(("label\tname", "b\tb/01.png", "odd names\todd names/00 .png"), (lines[0], lines[1], lines[31]));
        Picture sprite = Sprite("p");
        Assert.Equal((400, 400, 3), (sprite.Width, sprite.Height, sprite.Channels));
        // The second picture is b/03.png.
        Assert.Equal(colours[3], sprite.Samples.Slice((10 * 400 + 70) * 3, 3).ToArray());
        Run("encode", "run", "--data", "photos/b", "--projector", "p");
        Assert.Equal("01.png", Lines("p/metadata.tsv")[0]);
        Run("encode", "run", "--data", "photos/b", "--out", "codes.csv");
        string[] codes = Lines("codes.csv");
        Assert.Equal("row,name,z0,z1", codes[0]);
        Assert.StartsWith("2,03.png,", codes[2], StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("codes-names.txt")));
    }

    [Fact]
    public void More_points_than_the_projector_shows_are_left_out_with_a_note()
    {
        byte[] bits = new byte[100_001 * 16];
        for (int i = 0; i < bits.Length; i++) bits[i] = (byte)((i / 16 + i) % 3 == 0 ? 1 : 0);
        NpyFile.Write(_folder.File("tiny.npy"), NumericArray.FromBytes([100_001, 4, 4], bits));
        Run("train", "--data", "tiny.npy", "--limit", "200", "--epochs", "1", "--hidden", "4", "--latent", "2", "--out",
            "run");
        CommandLine.Run(_folder.Path, "encode", "run", "--data", "tiny.npy", "--projector", "p").Exits(0).Says(
            "'p' has the first 100,000 of 100,001 codes");
        Assert.Equal(100_000, Lines("p/tensors.tsv").Length);
        Assert.Equal(100_000, Lines("p/metadata.tsv").Length);
        Assert.Equal("100000", Lines("p/metadata.tsv")[^1]);
        Assert.Equal(317 * 4, Sprite("p").Width);
    }

    [Fact]
    public void Rows_of_a_table_have_their_place_in_the_file_and_one_component_is_refused()
    {
        File.WriteAllText(_folder.File("rows.csv"), "a,b,kind\n" + string.Concat(Enumerable.Range(0, 80).Select(
            i => $"{i},{i * i % 7},{(i % 2 == 0 ? "even" : "odd")}\n")));
        Run("train", "--data", "rows.csv", "--label", "kind", "--epochs", "1", "--out", "run");
        Run("encode", "run", "--projector", "p", "--out", "codes.csv");
        string[] metadata = Lines("p/metadata.tsv"), codes = Lines("codes.csv");
        Assert.Equal("label\trow", metadata[0]);
        Assert.Equal(9, metadata.Length);
        for (int i = 1; i < metadata.Length; i++)
        {
            int row = int.Parse(metadata[i].Split('\t')[1], System.Globalization.CultureInfo.InvariantCulture);
            // Row 1 of the file is number 0, which is even.
            Assert.Equal(row % 2 == 1 ? "even" : "odd", metadata[i].Split('\t')[0]);
            Assert.Equal(row.ToString(System.Globalization.CultureInfo.InvariantCulture), codes[i].Split(',')[0]);
        }

        Assert.False(File.Exists(_folder.File("p/sprite.png")));
        Assert.DoesNotContain("sprite", File.ReadAllText(_folder.File("p/projector_config.pbtxt")),
            StringComparison.Ordinal);
        CommandLine.Run(_folder.Path, "encode", "run", "--projector", "rows.csv").Exits(2).Says("is a file");
        Run("train", "--data", "rows.csv", "--latent", "1", "--epochs", "1", "--out", "one");
        CommandLine.Run(_folder.Path, "encode", "one", "--projector", "q").Exits(2).Says("at least two components");
        Assert.False(Directory.Exists(_folder.File("q")));
    }

    private Picture Sprite(string folder)
    {
        string path = _folder.File($"{folder}/sprite.png");
        return PngDecoder.Instance.Decode(path, File.ReadAllBytes(path));
    }

    private string[] Lines(string name) => File.ReadAllLines(_folder.File(name));

    private void Run(params string[] arguments) => CommandLine.Run(_folder.Path, arguments).Exits(0);
}
