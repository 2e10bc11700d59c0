using System.Text.Json;
using System.Text.Json.Nodes;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Reliability;

/// <summary>
/// Small runs of every kind that a configuration can name, made once and kept (tests/data/make_runs.py): this version
/// trains to the same weights, and opens the runs of that one to the same numbers.
/// </summary>
public sealed class SavedRunsTests : IDisposable
{
    private static readonly JsonElement s_index = ReferenceTable.Load("runs/index.json").Root;
    private static readonly string s_runs = ReferenceTable.PathOf("runs");

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names =>
        [.. s_index.EnumerateArray().Select(run => run.GetProperty("name").GetString()!)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Command_trains_to_the_weights_it_had(string name)
    {
        JsonElement run = Recorded(name);
        File.Copy(Path.Combine(s_runs, "data.npz"), _folder.File("data.npz"));
        string[] arguments = [.. run.GetProperty("arguments").EnumerateArray().Select(word => word.GetString()!)];
        JsonElement trained = CommandLine.Run(_folder.Path, [.. arguments, "--quiet", "--json", "--out", "run"])
            .Exits(0).Json;
        Assert.Equal(run.GetProperty("weights_sha256").GetString(), ResumeTests.Hash(trained));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Saved_run_opens_and_evaluates_to_the_numbers_it_had(string name) => RequireNumbers(name, Copy(name));

    [Fact]
    public void Run_of_a_version_that_knew_less_goes_on_as_it_was()
    {
        string run = Copy("gaussian"), path = Path.Combine(run, "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config["data"]!["name"] = _folder.File("data.npz");
        foreach (string key in (string[])["layout", "levels", "parts", "standardize"])
            Assert.True(config["data"]!.AsObject().Remove(key));
        foreach (string key in (string[])["channels", "blocks", "attention"])
            Assert.True(config["model"]!.AsObject().Remove(key));
        File.WriteAllText(path, config.ToJsonString());
        RequireNumbers("gaussian", run);
        CommandLine.Run(_folder.Path, "train", "--resume", run, "--epochs", "3").Exits(0).Says("epoch 3/3");
    }

    /// <summary>A copy of a saved run, beside a copy of its data.</summary>
    private string Copy(string name)
    {
        string copy = _folder.File("run");
        File.Copy(Path.Combine(s_runs, "data.npz"), _folder.File("data.npz"));
        foreach (string file in Directory.GetFiles(Path.Combine(s_runs, name), "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(Path.Combine(s_runs, name), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    private void RequireNumbers(string name, string run)
    {
        JsonElement evaluated = CommandLine.Run(_folder.Path, "evaluate", run, "--data", _folder.File("data.npz"),
            "--samples", "3", "--json").Exits(0).Json;
        foreach (JsonProperty number in Recorded(name).GetProperty("evaluation").EnumerateObject())
            Assert.Equal(number.Value.GetDouble(), evaluated.GetProperty(number.Name).GetProperty("mean").GetDouble());
    }

    private static JsonElement Recorded(string name) =>
        s_index.EnumerateArray().Single(run => run.GetProperty("name").GetString() == name);
}
