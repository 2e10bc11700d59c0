using System.Text.Json;
using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>What can be done with codes: classified, searched, moved along attributes, and trained on again.</summary>
public sealed class LatentSpaceCommandTests(SharedRun shared) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Codes_with_their_labels_are_data_to_train_on_and_to_decode()
    {
        string codes = _folder.File("codes.npz");
        JsonElement json = Run("encode", "--split", "train", "--out", codes, "--json").Json;
        Assert.Equal(codes, json.GetProperty("labels").GetString());
        LabelledArray read = DataFile.ReadLabelled(codes);
        Assert.Equal([450, 4], read.Data.Shape);
        Assert.Equal([450], read.Labels!.Shape);
        Here("train", "--data", codes, "--likelihood", "gaussian-learned", "--condition", "labels", "--latent", "2",
            "--hidden", "8", "--epochs", "1", "--out", "second");
        Assert.Equal(10, Here("inspect", "second", "--json").Json.GetProperty("config").GetProperty(
            "model").GetProperty("context").GetInt32());
        Here("evaluate", "second", "--samples", "0", "--data", codes);
        Run("decode", "--latents", codes, "--out", _folder.File("x.npy"));
        Assert.Equal([450, 28, 28], NpyFile.Read(_folder.File("x.npy")).Shape);
        NpzFile.Write(
            codes, ("x", read.Data), ("y", NumericArray.FromFloat32([450], [.. Enumerable.Repeat(0.5f, 450)])));
        CommandLine.Run(_folder.Path, "train", "--data", codes, "--condition", "labels").Exits(2).Says(
            "'y' contains 0.5 (data point 0), and labels must be classes", "has none");
    }

    [Fact]
    public void Codes_of_data_without_labels_have_none()
    {
        NpyFile.Write(_folder.File("own.npy"), NumericArray.FromBytes([12, 28, 28], new byte[12 * 784]));
        Run("encode", "--data", _folder.File("own.npy"), "--out", _folder.File("z.npz"));
        Assert.Equal(["x"], NpzFile.Read(_folder.File("z.npz")).Keys);
        CommandLine.Run(_folder.Path, "encode", shared.Run, "--out", "z.txt").Exits(2).Says(".npz");
    }

    [Fact]
    public void Known_data_sets_are_other_data_by_their_name()
    {
        JsonElement own = Run("evaluate", "--samples", "0", "--limit", "50", "--json").Json,
            named = Run("evaluate", "--samples", "0", "--limit", "50", "--data", "digits", "--json").Json;
        Assert.Equal("digits test", named.GetProperty("data").GetString());
        Assert.Equal(own.GetProperty("elbo").GetProperty("mean").GetDouble(),
            named.GetProperty("elbo").GetProperty("mean").GetDouble());
        CommandLine.Run(_folder.Path, "evaluate", shared.Run, "--data", "digits", "--split", "validation").Exits(
            2).Says("'digits' has no validation data");
    }

    [Fact]
    public void Classify_reports_accuracies_with_standard_errors()
    {
        JsonElement json = Run("classify", "--limit", "300", "--k", "3", "--clusters", "12", "--json").Json;
        Assert.Equal(300, json.GetProperty("train_count").GetInt32());
        foreach (string name in (string[])["nearest_neighbours", "linear", "k_means"])
        {
            Assert.InRange(json.GetProperty(name).GetProperty("mean").GetDouble(), 0.2, 1);
            Assert.InRange(json.GetProperty(name).GetProperty("se").GetDouble(), 1e-4, 0.02);
            Assert.Equal(2000, json.GetProperty(name).GetProperty("count").GetInt32());
        }

        Assert.InRange(json.GetProperty("nmi").GetDouble(), 0.05, 1);
        CommandLine.Run(_folder.Path, "classify", shared.Run, "--k", "451").Exits(2).Says("--k lies between 1 and 450");
        CommandLine.Run(_folder.Path, "classify", shared.Run, "--decay", "0").Exits(2).Says("--decay must be above 0");
    }

    [Fact]
    public void Neighbours_are_shown_with_distances_and_labels_after_the_datum_itself()
    {
        JsonElement json = Run(
            "neighbours", "--index", "7", "-n", "5", "--limit", "100", "--out", _folder.File("n.npy"), "--json").Json;
        Assert.Equal("euclidean", json.GetProperty("distance").GetString());
        JsonElement[] neighbours = [.. json.GetProperty("neighbours").EnumerateArray()];
        double[] distances = [.. neighbours.Select(n => n.GetProperty("distance").GetDouble())];
        Assert.Equal(distances.Order(), distances);
        Assert.DoesNotContain(neighbours, n => n.GetProperty("index").GetInt32() is 7 or > 99);
        Assert.All(neighbours, n => Assert.InRange(n.GetProperty("label").GetInt32(), 0, 9));
        Assert.Equal([6, 28, 28], NpyFile.Read(_folder.File("n.npy")).Shape);
        Run("neighbours", "--index", "7", "--out", _folder.File("n.png"));
        Pictures.RequireGrid(_folder.File("n.png"), 10, 1);
    }

    [Fact]
    public void Neighbours_on_a_sphere_are_told_by_the_cosine()
    {
        Here("train", "--limit", "200", "--hidden", "8", "--latent", "3", "--posterior", "power-spherical", "--epochs",
            "1", "--out", "sphere");
        JsonElement json = Here("neighbours", "sphere", "--index", "0", "--limit", "50", "--json").Json;
        Assert.Equal("cosine", json.GetProperty("distance").GetString());
        Assert.All(json.GetProperty("neighbours").EnumerateArray(),
            n => Assert.InRange(n.GetProperty("distance").GetDouble(), 0, 2));
    }

    [Fact]
    public void Attributes_are_differences_of_mean_codes()
    {
        JsonElement json = Run("arithmetic", "--a", "label:7", "--c", "2", "--steps", "5", "--strength", "1.5", "--out",
            _folder.File("a.png"), "--json").Json;
        Pictures.RequireGrid(_folder.File("a.png"), 8, 1);
        Assert.True(json.GetProperty("direction_norm").GetDouble() > 0);
        Assert.Equal(("label:7", JsonValueKind.Null, 2),
            (json.GetProperty("a").GetString(), json.GetProperty("b").ValueKind, json.GetProperty("c").GetInt32()));
        JsonElement there = Run("arithmetic", "--a", "label:3", "--b", "label:5", "--c", "label:5", "--out",
            _folder.File("b.npy"), "--json").Json;
        NumericArray shown = NpyFile.Read(_folder.File("b.npy"));
        Assert.Equal([4, 28, 28], shown.Shape);
        float[] pixels = shown.ToFloat32();
        // mean(3) - mean(5) + mean(5) decodes as mean(3) does.
        for (int i = 0; i < 784; i++) Assert.Equal(pixels[i], pixels[3 * 784 + i], 1e-4);
        Assert.Equal(4, there.GetProperty("latent").GetArrayLength());
    }

    [Fact]
    public void Terms_that_mean_nothing_are_refused()
    {
        CommandLine.Run(_folder.Path, "arithmetic", shared.Run, "--a", "label:12", "--c", "0").Exits(2).Says(
            "names no class", "0, 1, 2");
        CommandLine.Run(_folder.Path, "arithmetic", shared.Run, "--a", "1", "--c", "0").Exits(2).Says(
            "--b is missing");
        CommandLine.Run(_folder.Path, "arithmetic", shared.Run, "--a", "seven", "--b", "1", "--c", "0").Exits(2).Says(
            "not 'seven'");
        CommandLine.Run(_folder.Path, "arithmetic", shared.Run, "--a", "1", "--b", "1", "--c", "2000").Exits(2).Says(
            "--c lies between 0 and 1999");
        CommandLine.Run(_folder.Path, "arithmetic", shared.Run, "--a", "1", "--b", "1", "--c", "0", "--strength", "1e9")
            .Exits(2).Says("--strength must lie between");
    }

    [Fact]
    public void Agreement_is_of_a_conditional_run_and_reported_by_class()
    {
        CommandLine.Run(_folder.Path, "agreement", shared.Run).Exits(2).Says("Train a run with --condition labels");
        Here("train", "--limit", "300", "--hidden", "32", "--latent", "2", "--condition", "labels", "--epochs", "3",
            "--seed", "3", "--out", "run");
        JsonElement json = Here("agreement", "run", "--count", "50", "--json").Json;
        Assert.InRange(json.GetProperty("classifier").GetProperty("mean").GetDouble(), 0.5, 1);
        Assert.Equal(50, json.GetProperty("agreement").GetProperty("count").GetInt32());
        JsonElement[] classes = [.. json.GetProperty("classes").EnumerateArray()];
        Assert.Equal(10, classes.Length);
        Assert.Equal(json.GetProperty("agreement").GetProperty("mean").GetDouble(),
            classes.Average(c => c.GetProperty("mean").GetDouble()), 1e-12);
        Here("classify", "run", "--limit", "100").Says("gets the class as an input");
    }

    [Fact]
    public void Agreement_asks_for_no_class_that_training_has_not_seen()
    {
        int[] labels = [.. Enumerable.Range(0, 200).Select(i => i % 2 * 2)]; // 0 and 2
        float[] rows = [.. labels.SelectMany(
            label => Enumerable.Range(0, 6).Select(j => (float)(0.4 * label * (j % 2) + 0.03 * j)))];
        NpzFile.Write(_folder.File("gap.npz"), ("x", NumericArray.FromFloat32([200, 6], rows)),
            ("labels", NumericArray.FromInt32([200], labels)));
        Here("train", "--data", "gap.npz", "--hidden", "8", "--latent", "2", "--condition", "labels", "--epochs", "1",
            "--seed", "3", "--out", "gap");
        JsonElement json = Here("agreement", "gap", "--count", "10", "--json").Json;
        Assert.Equal(
            [0, 2], json.GetProperty("classes").EnumerateArray().Select(c => c.GetProperty("class").GetInt32()));
        Assert.Equal([1], json.GetProperty("not_asked").EnumerateArray().Select(c => c.GetInt32()));
        Assert.Contains("class 1: no training data have this label", Here("agreement", "gap", "--count", "10").Output,
            StringComparison.Ordinal);
    }

    private CommandLine.Outcome Run(params string[] arguments) => Here([arguments[0], shared.Run, .. arguments[1..]]);

    private CommandLine.Outcome Here(params string[] arguments) => CommandLine.Run(_folder.Path, arguments).Exits(0);
}
