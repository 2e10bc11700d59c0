using System.Text.Json;
using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>What people get wrong, and what they are told.</summary>
public sealed class MisuseTests(SharedRun shared) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Did you mean '--latent'?", "train", "--latnet", "3")]
    [InlineData("Did you mean '--samples'?", "evaluate", "--sampels", "3", "run")]
    [InlineData("Did you mean '--samples'?", "evaluate", "run", "--sampels=3")]
    [InlineData("Unknown option '--scale'. Set it with --set model.likelihood.scale=VALUE", "train", "--scale", "2")]
    [InlineData("'bernoulli' takes no number; write 'bernoulli'.", "train", "--likelihood", "bernoulli:2")]
    [InlineData("Did you mean 'evaluate'?", "evalute", "run")]
    [InlineData("Did you mean 'verify'?", "data", "verfy", "mnist")]
    [InlineData("Did you mean 'latent'?", "train", "--set", "model.latnt=3")]
    [InlineData("Did you mean 'mnist'?", "train", "--data", "mnits")]
    [InlineData("Did you mean 'bernoulli'?", "train", "--likelihood", "bernouli")]
    [InlineData(
        "data.validation (--validation) is a whole number of at least -1, not -5", "train", "--validation", "-5")]
    [InlineData("training.patience (--patience) stops early by the " +
        "validation bound", "train", "--patience", "2", "--validation", "0")]
    [InlineData(
        "--seed takes a whole number from 0 to 18446744073709551615, not '-1'", "sample", "run", "--seed", "-1")]
    [InlineData("--steps takes a whole number, not 'few'", "traverse", "run", "--steps", "few")]
    [InlineData("--out takes the path of a folder", "train", "--out", "")]
    [InlineData("--resume takes the path of a folder", "train", "--resume", "")]
    [InlineData("no path was given", "sample", "")]
    [InlineData("--threads must be from 1 to 1024; got 0.", "train", "--threads", "0")]
    [InlineData("'training.epochs' takes a whole number, not \"many\"", "train", "--epochs", "many")]
    [InlineData("'training.epochs' takes a whole number, not 1.5", "train", "--epochs", "1.5")]
    [InlineData("'training.seed' takes a whole number from 0 to 18446744073709551615, not -1", "train", "--seed", "-1")]
    [InlineData("'model.network.hidden' takes whole numbers, such as 500,500", "train", "--hidden", "5,x")]
    [InlineData("'optimizer.learning_rate' takes a number, not \"fast\"", "train", "--lr", "fast")]
    [InlineData("model.likelihood (--likelihood) '3' is unknown", "train", "--likelihood", "3")]
    [InlineData("'model.network.channels' takes whole numbers, " +
        "such as 500,500", "train", "--network", "conv", "--channels", "5,x")]
    [InlineData("model.network.activation (--activation) '3' is unknown", "train", "--activation", "3")]
    [InlineData("'model.network.attention' takes true or " +
        "false, not \"3\"", "train", "--network", "resnet", "--set", "model.network.attention=3")]
    [InlineData("Did you mean 'conv'?", "train", "--network", "cnv")]
    [InlineData("give at most 2 channel counts", "train", "--network", "conv", "--channels", "8,8,8")]
    [InlineData("model.network.channels belongs to 'conv', 'unet' and 'resnet'", "train", "--channels", "8,8")]
    [InlineData("elements, but a tensor holds at most", "train", "--latent", "65536", "--hidden", "65536")]
    [InlineData("There is no run folder", "evaluate", "nowhere")]
    [InlineData("Required argument missing", "sample")]
    public void Bad_usage_exits_with_2_and_a_hint(string hint, params string[] arguments) =>
        Assert.Empty(CommandLine.Run(_folder.Path, arguments).Exits(2).Says(hint).Output);

    [Fact]
    public void Unknown_key_of_a_configuration_file_gets_a_suggestion()
    {
        File.WriteAllText(_folder.File("c.json"), """{ "training": { "epohcs": 3 } }""");
        CommandLine.Run(_folder.Path, "train", "-c", "c.json").Exits(2).Says(
            "c.json", "training.epohcs", "Did you mean 'epochs'?");
    }

    [Fact]
    public void Value_of_the_wrong_sort_is_blamed_on_its_file()
    {
        File.WriteAllText(_folder.File("c.json"), """{ "training": { "epochs": "3" } }""");
        CommandLine.Run(_folder.Path, "train", "-c", "c.json").Exits(2).Says(
            "c.json: 'training.epochs' takes a whole number, not \"3\"");
    }

    [Fact]
    public void Last_step_that_ruins_the_model_is_a_divergence()
    {
        CommandLine.Run(_folder.Path, "train", "--limit", "100", "--optimizer",
            "sgd", "--lr", "1e30", "--epochs", "1", "--hidden", "8", "--latent", "2", "--out", "d").Exits(4).Says(
            "validation data after the epoch", "nan-report.json");
        Assert.False(File.Exists(_folder.File("d/checkpoints/latest")));
    }

    [Fact]
    public void Misspelt_verb_is_said_once() =>
        Assert.Equal(2, CommandLine.Run(_folder.Path, "trian").Exits(2).Says("Did you mean 'train'?").Error.TrimEnd(
            '\n').Split('\n').Length);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"data_sha256":5}""")]
    public void Run_with_damaged_notes_goes_on(string notes)
    {
        string run = shared.CopyTo(_folder.File("run"));
        File.WriteAllText(Path.Combine(run, "environment.json"), notes);
        CommandLine.Run(_folder.Path, "train", "--resume", "run").Exits(0).Says("already finished");
    }

    [Fact]
    public void Unknown_environment_key_gets_a_suggestion() =>
        CommandLine.Run(_folder.Path, new Dictionary<string, string> { ["REPARAM_TRAINING__EPOCH"] = "3" }, "train",
            "--print-config").Exits(2).Says("REPARAM_TRAINING__EPOCH", "'epochs'");

    [Fact]
    public void Missing_real_data_names_the_file_and_the_way_to_get_it() =>
        CommandLine.Run(_folder.Path, "train", "--data", "mnist").Exits(3).Says(
            "train-images-idx3-ubyte.gz", "reparam data fetch mnist");

    [Fact]
    public void Damaged_and_unfit_files_exit_with_3()
    {
        NpyFile.Write(_folder.File("whole.npy"), NumericArray.FromBytes([20, 784], new byte[20 * 784]));
        File.WriteAllBytes(_folder.File("cut.npy"), File.ReadAllBytes(_folder.File("whole.npy"))[..5000]);
        float[] values = new float[20 * 8];
        values[27] = float.NaN;
        NpyFile.Write(_folder.File("nan.npy"), NumericArray.FromFloat32([20, 8], values));
        NpyFile.Write(_folder.File("empty.npy"), NumericArray.FromFloat32([0, 8], []));
        CommandLine.Run(_folder.Path, "train", "--data", "cut.npy").Exits(3).Says("cut.npy", "fetch or copy it again");
        CommandLine.Run(_folder.Path, "train", "--data", "nan.npy").Exits(3).Says(
            "nan.npy", "element 3 of data point 3");
        CommandLine.Run(_folder.Path, "train", "--data", "empty.npy").Exits(3).Says("empty.npy", "empty");
        CommandLine.Run(_folder.Path, "encode", shared.Run, "--data", "nan.npy").Exits(3).Says(
            "the model takes [28, 28]");
    }

    [Fact]
    public void Environment_variable_of_a_section_names_its_kind()
    {
        var environment = new Dictionary<string, string>
        {
            ["REPARAM_OBJECTIVE"] = "renyi", ["REPARAM_OBJECTIVE__ORDER"] = "0.25", ["REPARAM_ELSEWHERE"] = "x",
        };
        string printed = CommandLine.Run(_folder.Path, environment, "train", "--print-config").Exits(0).Output;
        JsonElement objective = JsonDocument.Parse(printed).RootElement.GetProperty("objective");
        Assert.Equal("renyi", objective.GetProperty("kind").GetString());
        Assert.Equal(0.25, objective.GetProperty("order").GetDouble());
        CommandLine.Run(_folder.Path, new Dictionary<string, string> { ["REPARAM_OBJECTIVE"] = "reny" }, "train",
            "--print-config").Exits(2).Says("'reny' is unknown", "'renyi'");
        CommandLine.Run(_folder.Path, new Dictionary<string, string> { ["REPARAM_TRAINING_EPOCHS"] = "3" }, "train",
            "--print-config").Exits(2).Says("two underscores", "REPARAM_TRAINING__EPOCHS");
    }

    [Fact]
    public void Latents_are_checked_before_they_are_decoded()
    {
        void Refused(string hint, int rows, int columns, float last)
        {
            float[] values = new float[rows * columns];
            values[^1] = last;
            NpyFile.Write(_folder.File("z.npy"), NumericArray.FromFloat32([rows, columns], values));
            CommandLine.Run(_folder.Path, "decode", shared.Run, "--latents", "z.npy", "--out", "x.npy").Exits(
                3).Says(hint);
        }

        Refused("latent vectors [N, 4]", 2, 5, 0);
        Refused("component 3 of vector 1", 2, 4, float.PositiveInfinity);
        Refused("at most 1000", 2, 4, 1001);
        CommandLine.Run(_folder.Path, "decode", shared.Run, "--latents", "none.npy").Exits(3).Says("none.npy");
        Assert.False(File.Exists(_folder.File("x.npy")));
    }

    [Fact]
    public void Folder_that_is_no_run_and_run_without_a_checkpoint_are_told_apart()
    {
        CommandLine.Run(_folder.Path, "evaluate", ".").Exits(2).Says("not a run folder");
        string run = shared.CopyTo(_folder.File("run"));
        Directory.Delete(Path.Combine(run, "checkpoints"), recursive: true);
        CommandLine.Run(_folder.Path, "sample", "run").Exits(3).Says("no checkpoint yet");
        CommandLine.Run(_folder.Path, "inspect", "run").Exits(0);
    }

    [Fact]
    public void Indices_and_outputs_are_checked()
    {
        CommandLine.Run(_folder.Path, "interpolate", shared.Run, "--from", "0", "--to", "2000", "--out", "i.png").Exits(
            2).Says("--to lies between 0 and 1999");
        CommandLine.Run(_folder.Path, "sample", shared.Run, "--out", "s.jpg").Exits(2).Says(".png", ".npy");
        CommandLine.Run(_folder.Path, "sample", shared.Run, "--out", "missing/s.png").Exits(2).Says(
            "missing", "Check that the folder exists");
        CommandLine.Run(_folder.Path, "sample", shared.Run, "-n", "1000000", "--out", "s.png").Exits(2).Says(
            "--count 1000000", ".npy");
        CommandLine.Run(_folder.Path, "evaluate", shared.Run, "--split", "tset").Exits(2).Says("Did you mean 'test'?");
    }

    [Fact]
    public void Data_that_are_no_images_are_written_as_numbers_and_not_drawn()
    {
        float[] values = [.. Enumerable.Range(0, 60 * 5).Select(i => (i * 37 % 101 - 50) / 25f)];
        NpyFile.Write(_folder.File("table.npy"), NumericArray.FromFloat32([60, 5], values));
        CommandLine.Run(_folder.Path, "train", "--data", "table.npy", "--likelihood", "bernoulli", "--epochs", "1")
            .Exits(2).Says("outside [0, 1]", "gaussian-learned");
        CommandLine.Run(_folder.Path, "train", "--data", "table.npy", "--likelihood", "gaussian-learned", "--epochs",
            "1", "--hidden", "8", "--latent", "2", "--out", "t").Exits(0);
        CommandLine.Run(_folder.Path, "traverse", "t").Exits(2).Says("not images", ".npy");
        CommandLine.Run(_folder.Path, "sample", "t", "-n", "7").Exits(0);
        Assert.Equal([7, 5], NpyFile.Read(_folder.File("t/samples/sample.npy")).Shape);
        CommandLine.Run(_folder.Path, "reconstruct", "t", "-n", "4", "--out", "r.npy").Exits(0);
        Assert.Equal([4, 2, 5], NpyFile.Read(_folder.File("r.npy")).Shape);
    }
}
