using System.Text.Json;
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

    public static TheoryData<string> Names => [.. s_index.EnumerateArray().Select(run => run.GetProperty("name").GetString()!)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Command_trains_to_the_weights_it_had(string name)
    {
        JsonElement run = Recorded(name);
        File.Copy(Path.Combine(s_runs, "data.npz"), _folder.File("data.npz"));
        string[] arguments = [.. run.GetProperty("arguments").EnumerateArray().Select(word => word.GetString()!)];
        JsonElement trained = CommandLine.Run(_folder.Path, [.. arguments, "--quiet", "--json", "--out", "run"]).Exits(0).Json;
        Assert.Equal(run.GetProperty("weights_sha256").GetString(), ResumeTests.Hash(trained));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Saved_run_opens_and_evaluates_to_the_numbers_it_had(string name)
    {
        string data = Path.Combine(s_runs, "data.npz"), copy = _folder.File("run");
        foreach (string file in Directory.GetFiles(Path.Combine(s_runs, name), "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(Path.Combine(s_runs, name), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        JsonElement evaluated = CommandLine.Run(_folder.Path, "evaluate", copy, "--data", data, "--samples", "3", "--json").Exits(0).Json;
        foreach (JsonProperty number in Recorded(name).GetProperty("evaluation").EnumerateObject())
            Assert.Equal(number.Value.GetDouble(), evaluated.GetProperty(number.Name).GetProperty("mean").GetDouble());
    }

    private static JsonElement Recorded(string name) =>
        s_index.EnumerateArray().Single(run => run.GetProperty("name").GetString() == name);
}
