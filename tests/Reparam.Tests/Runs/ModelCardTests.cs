using Reparam.Configuration;
using Reparam.Data;
using Reparam.Runs;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Runs;

/// <summary>What the model card of a run says: by the kind of its data, about its licence, and of what was
/// measured.</summary>
public sealed class ModelCardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Card => File.ReadAllText(_folder.File("run/README.md"));

    [Fact]
    public void Card_of_pictures_has_the_tags_and_the_size_of_pictures()
    {
        Trained(Small());
        Assert.StartsWith("""
            ---
            library_name: reparam
            tags: [variational-autoencoder, image-generation]
            pipeline_tag: unconditional-image-generation
            datasets: ["digits"]
            ---

            # A variational autoencoder on digits

            """.ReplaceLineEndings("\n"), Card, StringComparison.Ordinal);
        Has("- digits: pictures of 28 x 28 pixels (height x width), 1 channel(s); SHA-256 in environment.json\n",
            "- training ELBO of the last epoch: -", "`reparam train --resume RUN --license TEXT` states it");
    }

    [Fact]
    public void Card_of_arrays_has_neither_tags_of_pictures_nor_columns()
    {
        Tensor x = new Rng(3).Normal([60, 4]);
        var rows = Dataset.FromValues("mine", [4], x.ToArray<float>());
        Run.Create(_folder.File("run"), Small(), new DataSplits(rows[..40], null, rows[40..])).Train();
        Assert.StartsWith(
            "---\nlibrary_name: reparam\ntags: [variational-autoencoder]\n---\n", Card, StringComparison.Ordinal);
        Has("- mine: arrays of shape [4]; ", "- standardised by columns (standardization.json)");
        Assert.DoesNotContain("| column |", Card, StringComparison.Ordinal);
    }

    [Fact]
    public void Card_of_a_table_lists_its_columns()
    {
        var columns = new TableColumn[]
        {
            new() { Name = "id", Kind = ColumnKind.Identifier, Reason = "every cell differs" },
            new() { Name = "a|b", Kind = ColumnKind.Real, Transform = ColumnTransform.Robust },
            new() { Name = "colour", Kind = ColumnKind.Category, Levels = ["red", "blue"] },
        };
        var schema = new TableSchema(columns, new TableFormat(','));
        Dataset data = schema.Read(new Rows());
        Run run = Run.Create(_folder.File("run"), RunSettings.ForTables with
        {
            Training = new TrainingSettings { Epochs = 1 },
        }, new DataSplits(data[..40], null, data[40..]));
        run.Train();
        Assert.StartsWith("---\nlibrary_name: reparam\ntags: [variational-autoencoder, tabular]\n---\n", Card,
            StringComparison.Ordinal);
        Has("a table with 3 columns, of which 2 are modelled", """
            | column | kind | likelihood | missing |
            |---|---|---|--:|
            | id | identifier | none: every cell differs | 0.0 % |
            | a\|b | real | gaussian-columns | 25.0 % |
            | colour | category | categorical:3 | 0.0 % |

            """.ReplaceLineEndings("\n"), "Synthetic rows are not private by themselves");
        Assert.DoesNotContain("image", Card, StringComparison.Ordinal);
        Assert.DoesNotContain("binarisation", Card, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_of_a_data_file_are_in_no_card_and_no_mark()
    {
        string path = _folder.File("secret/mine.npy");
        Directory.CreateDirectory(_folder.File("secret"));
        NpyFile.Write(path, NumericArray.FromFloat32([60, 4], new Rng(3).Normal([60, 4]).ToArray<float>()));
        Run run = Trained(Small().With("data.limit=0", $"data.name={path}"));
        Has("# A variational autoencoder on mine.npy\n");
        Assert.DoesNotContain("secret", Card, StringComparison.Ordinal);
        Provenance mark = run.Provenance(run.LoadModel(), seed: 7);
        Assert.Equal(("mine.npy", 7ul, null), (mark.Data, mark.Seed, mark.License));
    }

    [Fact]
    public void Hash_of_a_mark_is_that_of_the_weights_file_of_the_checkpoint()
    {
        Run run = Trained(Small());
        byte[] weights = File.ReadAllBytes(run.OpenCheckpoint().FilePath(TrainingCheckpoint.ModelFile));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(weights)),
            run.Provenance(run.LoadModel()).Run);
    }

    [Theory]
    [InlineData("MIT", "license: mit\n")]
    [InlineData("CC-BY-4.0", "license: cc-by-4.0\n")]
    [InlineData("GPL-3.0-or-later", "license: gpl-3.0\n")]
    [InlineData("ODbL-1.0", "license: odbl\n")]
    [InlineData(
        "Ours: \"ask\" us", "license: other\nlicense_name: \"Ours: \\u0022ask\\u0022 us\"\n")]
    public void Licence_is_in_the_words_of_the_hub_in_front_and_as_given_below(string license, string front)
    {
        RunSettings settings = Small() with { Card = new CardSettings { License = license, IntendedUse = "a\n# b" } };
        Trained(settings);
        Has(front, $"\n## Licence\n\n{license}\n", "\n## Intended use\n\na \\# b\n");
        Assert.Equal(settings.Card, Run.Open(_folder.File("run")).Config.Card);
    }

    [Fact]
    public void Licence_is_one_line_of_bounded_length()
    {
        foreach (string license in (string[])["a\nb", new string('a', 501)])
        {
            InvalidConfigException failure = Assert.Throws<InvalidConfigException>(() => Run.Create(
                _folder.File("run"), Small() with { Card = new CardSettings { License = license } }));
            Assert.Contains("card.license takes one line", failure.Message, StringComparison.Ordinal);
        }

        Assert.Throws<InvalidConfigException>(
            () => new CardSettings { IntendedUse = new string('a', 10_001) }.Require("card"));
    }

    [Fact]
    public void Finished_run_takes_a_licence_and_keeps_its_results()
    {
        Run run = Trained(Small());
        string before = Card;
        run.AddResult("evaluation", 2, "first");
        run.AddResult("held-out scores", 2, "some");
        run.AddResult("evaluation", 2, "second");
        Assert.Equal(before.Replace("\n\nCompare numbers", "\n- held-out scores of step 2: some\n" +
            "- evaluation of step 2: second\n\nCompare numbers", StringComparison.Ordinal), Card);
        // Nothing is written where nothing changed: the author may have edited the card.
        File.AppendAllText(_folder.File("run/README.md"), "Mine.\n");
        string edited = Card;
        Run.Open(_folder.File("run")).Train();
        Assert.Equal(edited, Card);
        Run opened = Run.Open(_folder.File("run"));
        opened.With(opened.Config with { Card = new CardSettings { License = "MIT" } }).Train();
        Assert.Equal("MIT", Run.Open(_folder.File("run")).Config.Card.License);
        Has("license: mit\n", "- evaluation of step 2: second\n", "- held-out scores of step 2: some\n");
        // After more training the results are those of other weights.
        opened = Run.Open(_folder.File("run"));
        opened.With(opened.Config with { Training = opened.Config.Training with { Epochs = 2 } }).Train();
        Has("license: mit\n", "2 epochs, 4 steps");
        Assert.DoesNotContain("of step", Card, StringComparison.Ordinal);
        File.WriteAllText(_folder.File("run/README.md"), "My own card.\n");
        opened.AddResult("evaluation", 4, "third");
        Assert.Equal("My own card.\n", Card);
        File.Delete(_folder.File("run/README.md"));
        opened.AddResult("evaluation", 4, "third");
        Assert.False(File.Exists(_folder.File("run/README.md")));
    }

    private static RunSettings Small() => Configured.With("data.limit=200", "data.validation=0", "training.batch=100",
        "training.epochs=1", "model.latent=2", "model.network.hidden=8");

    private Run Trained(RunSettings settings)
    {
        var run = Run.Create(_folder.File("run"), settings);
        run.Train();
        return run;
    }

    private void Has(params string[] texts) =>
        Assert.All(texts, text => Assert.Contains(text, Card, StringComparison.Ordinal));

    /// <summary>Sixty rows; the second cell of every fourth row is missing.</summary>
    private sealed class Rows : TableSource
    {
        public override string Name => "memory";

        public override IReadOnlyList<string> Columns => ["id", "a|b", "colour"];

        public override TableFormat Format { get; } = new(',');

        public override void Read(ITableSink sink)
        {
            for (int i = 0; i < 60; i++)
            {
                sink.Cell(0, $"r{i}");
                sink.Cell(1, i % 4 == 0 ? "" : $"{i * i % 7}.5");
                sink.Cell(2, i % 3 == 0 ? "red" : "blue");
                sink.EndRow();
            }
        }
    }
}
