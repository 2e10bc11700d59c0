using Reparam.Configuration;
using Reparam.Data;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Models;
using Reparam.Runs;

namespace Reparam.Tests.Runs;

/// <summary>What a run takes by the kind of its data where nothing is said.</summary>
public sealed class DataDefaultsTests
{
    private static readonly Dataset Digits = Dataset.FromBytes("digits", [8, 8], new byte[128], DataKind.Binary);
    private static readonly Dataset Grey = Dataset.FromBytes(
        "grey", [8, 8], [.. Enumerable.Range(0, 128).Select(i => (byte)i)], DataKind.Grey);
    private static readonly Dataset Colour = Dataset.FromBytes(
        "colour", [3, 8, 8], [.. Enumerable.Range(0, 192).Select(i => (byte)i)], DataKind.Grey);
    private static readonly RunSettings Own = Configured.With("data.name=own.npy");
    private static readonly Dataset Reals = Values([4], -3, 812.5f), Fractions = Values([4], 0, 1),
        Images = Values([8, 8], 0, 1), Field = Values([8, 8], -40, 30);

    public static TheoryData<string, string, string, string> Cases => new()
    {
        { "digits", "bernoulli", "none", "zeros and ones" },
        { "grey", "bernoulli", "none", "grey levels" },
        { "colour", "gaussian-learned", "none", "colour images" },
        { "reals", "gaussian-learned", "columns", "real numbers from -3 to 812.5" },
        { "fractions", "gaussian-learned", "columns", "real numbers from 0 to 1" },
        { "images", "bernoulli", "none", "grey levels" },
        { "field", "gaussian-learned", "channels", "real numbers from -40 to 30" },
        { "counts", "gaussian-learned", "columns", "whole numbers (counts, treated here as real numbers) from 0 to 3" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Likelihood_and_standardisation_go_with_the_data(
        string name, string likelihood, string standardize, string why)
    {
        List<string> reasons = [];
        RunSettings config = DataDefaults.Complete(Own, Of(name), reasons.Add);
        Assert.Equal((likelihood, standardize), (config.Model.Likelihood.Word, config.Data.TextOf("standardize")));
        Assert.Contains(why, Assert.Single(reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Binarization.Dynamic, "bernoulli", "data.name=digits")]
    [InlineData(Binarization.Dynamic, "bernoulli", "data.name=Digits", "data.binarization=auto")]
    [InlineData(Binarization.None, "bernoulli", "data.name=digits", "data.binarization=none")]
    [InlineData(Binarization.Static, "bernoulli", "data.name=digits", "data.binarization=static")]
    [InlineData(Binarization.None, "bernoulli", "data.name=digits", "model.likelihood=bernoulli")]
    [InlineData(Binarization.None, "gaussian-optimal", "data.name=digits", "model.likelihood=gaussian-optimal")]
    [InlineData(Binarization.None, "bernoulli", "data.name=mnist")]
    [InlineData(Binarization.None, "bernoulli", "data.name=digits.npy")]
    public void Built_in_digits_become_zeros_and_ones_where_nothing_is_said(
        Binarization binarization, string likelihood, params string[] settings)
    {
        List<string> reasons = [];
        RunSettings config = DataDefaults.Complete(Configured.With(settings), Grey, reasons.Add);
        Assert.Equal((binarization, likelihood), (config.Data.Binarization, config.Model.Likelihood.Word));
        Assert.Equal(binarization == Binarization.Dynamic,
            reasons.Any(r => r.StartsWith("binarization dynamic, because", StringComparison.Ordinal)));
    }

    [Fact]
    public void Run_of_schema_1_that_says_no_binarization_had_none()
    {
        const string text = """{ "schema": 1, "data": { "name": "digits" } }""";
        Assert.Equal(Binarization.None, RunSettingsJson.ReadSaved(text, "config.json").Data.Binarization);
        Assert.Equal(Binarization.None, RunSettingsJson.Read(text, "c.json").Data.Binarization);
        Assert.Contains(
            "\"binarization\": \"auto\"", RunSettingsJson.Write(new RunSettings()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_said_is_kept()
    {
        RunSettings config = Configured.With(
            "model.likelihood=gaussian:0.5", "data.standardize=none", "data.binarization=none");
        Assert.Equal(config, DataDefaults.Complete(config, Reals, _ => Assert.Fail("Nothing was chosen.")));
        Assert.Null(DataDefaults.Standardize(config, Reals));
        // A mean through a sigmoid, and chances of a coin, lie in [0, 1].
        foreach (string bounded in (string[])["bernoulli", "gaussian-sigmoid"])
        {
            RunSettings free = Configured.With($"model.likelihood={bounded}");
            Assert.Equal(StandardizeBy.None, DataDefaults.Complete(free, Fractions).Data.Standardize);
            Assert.Throws<InvalidConfigException>(
                () => DataDefaults.Complete(free.With("data.standardize=columns"), Fractions));
        }

        Assert.IsType<BernoulliLikelihoodSettings>(
            DataDefaults.Complete(Configured.With("data.binarization=dynamic"), Colour).Model.Likelihood);
        Assert.IsType<GaussianLikelihoodSettings>(
            DataDefaults.Complete(Configured.With("objective=vae-gan"), Reals).Model.Likelihood);
        Assert.Contains("Did you mean 'columns'?", Assert.Throws<InvalidConfigException>(
            () => Configured.With("data.standardize=colums")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidConfigException>(
            () => DataDefaults.Complete(Configured.With("data.standardize=channels"), Reals));
    }

    [Fact]
    public void Standardisation_says_what_it_comes_to()
    {
        List<string> reasons = [];
        Dataset train = Dataset.FromValues("t", [2], [0, 1000, 2, 1000]);
        RunSettings config = DataDefaults.Complete(new RunSettings(), train);
        Assert.Equal([1, 1000], DataDefaults.Standardize(config, train, reasons.Add)!.Mean);
        Assert.Contains("log p of the original data is log p of the standardised data + 0.0000", reasons[0],
            StringComparison.Ordinal);
        Assert.Equal("1 columns are constant in the training data and keep a scale of 1", reasons[1]);
    }

    [Fact]
    public void Data_that_never_change_are_said_to_teach_nothing()
    {
        List<string> reasons = [];
        Dataset train = Dataset.FromValues("t", [2], [0, 1000, 0, 1000]);
        DataDefaults.Standardize(DataDefaults.Complete(new RunSettings(), train), train, reasons.Add);
        Assert.Equal("all columns are constant in the training data: there is nothing to learn", reasons[1]);
    }

    [Fact]
    public void Run_of_an_earlier_version_reads_and_scores_data_as_it_did()
    {
        RunSettings old = RunSettingsJson.ReadSaved(
            """{ "schema": 1, "data": { "name": "x.npy" }, "model": { "event_shape": [8, 8] } }""", "config.json");
        Assert.Equal((StandardizeBy.None, "stored", "channels-first", "bernoulli"),
            (old.Data.Standardize, old.Data.Levels, old.Data.Layout, old.Model.Likelihood.Word));
    }

    [Fact]
    public void Run_of_a_version_that_knew_no_parts_cuts_its_training_data_as_it_did()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("parts.npz");
        NpzFile.Write(path, ("x", Pixels(40)), ("x_test", Pixels(10)));
        string name = System.Text.Json.JsonSerializer.Serialize(path);
        string start = $$"""{ "schema": 1, "data": { "name": {{name}}, "validation": 0""";
        DataSplits before = RunData.Load(RunSettingsJson.ReadSaved(start + " } }", "config.json"));
        DataSplits since = RunData.Load(
            RunSettingsJson.ReadSaved(start + """, "layout": "channels-first" } }""", "config.json"));
        Assert.Equal((36, 4), (before.Train.Count, before.Test.Count));
        Assert.Equal((40, 10), (since.Train.Count, since.Test.Count));

        static NumericArray Pixels(int count) => NumericArray.FromBytes([count, 4], new byte[4 * count]);
    }

    private static Dataset Of(string name) => name switch
    {
        "digits" => Digits,
        "grey" => Grey,
        "colour" => Colour,
        "reals" => Reals,
        "fractions" => Fractions,
        "images" => Images,
        "field" => Field,
        _ => Dataset.FromValues("counts", [4], [0, 1, 2, 3]),
    };

    /// <summary>Two data, their values evenly from one bound to the other.</summary>
    private static Dataset Values(Shape shape, float from, float to) =>
        Dataset.FromValues("values", shape,
            [.. Enumerable.Range(0, 2 * shape.Size).Select(i => from + (to - from) * i / (2 * shape.Size - 1))]);
}
