using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Configuration;
using Reparam.Testing;
using Reparam.Runs;

namespace Reparam.Cli.Tests.Configuration;

/// <summary>Numbers are read in one way everywhere: with a point, nothing around them, and none too large.</summary>
[Collection(AloneInTheProcess.Name)]
public sealed class NumberTests : IDisposable
{
    private static readonly string[] s_noNumbers = ["", " ", "x", "1 ", " 1", "1_000", "0x10", "NaN", "Infinity",
        "-Infinity", "∞", "\u22121", "٣", "1e", "e5", "1,000.5", "1.000,5", "1\0"];

    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Environment.CurrentDirectory;
    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;

    public NumberTests() => Environment.CurrentDirectory = _folder.Path;

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        CultureInfo.CurrentCulture = _culture;
        _folder.Dispose();
    }

    public static TheoryData<string> RealKeys =>
        [.. Flags.Where(f => f.Owners[0].Setting.Placeholder == "X" && IsInDefaults(f.Path)).Select(f => f.Name)];

    private static IReadOnlyList<Flag> Flags => Flag.Of(RunSettings.Definition, Catalog.BuiltIn);

    /// <summary>Whether a key is one of the kinds that are chosen where nothing is said.</summary>
    private static bool IsInDefaults(string path) =>
        path.Split('.').Aggregate(
            (JsonNode?)new RunSettings().ToJson(named: false), (node, key) => (node as JsonObject)?[key]) is not null;

    public static TheoryData<string> TypedOptions => [.. All(InProcess.Root, "").Where(o => o.Option.ValueType
        != typeof(bool) && (Nullable.GetUnderlyingType(o.Option.ValueType) ?? o.Option.ValueType).IsPrimitive).Select(
        o => $"{o.Path}{o.Option.Name}")];

    [Fact]
    public void There_are_options_of_numbers_to_try()
    {
        Assert.True(RealKeys.Count >= 12, $"{RealKeys.Count}");
        Assert.True(TypedOptions.Count >= 30, $"{TypedOptions.Count}");
    }

    [Theory]
    [MemberData(nameof(RealKeys))]
    public void Decimal_comma_of_a_key_is_refused_wherever_the_key_is_set(string flag)
    {
        string path = Flags.First(f => f.Name == flag).Path;
        InProcess.Run(["train", flag, "0,001"]).Exits(2).Says(
            $"reparam: {flag}: {path} '0,001': numbers are written with a point: 0.001");
        InProcess.Run(["train", $"{flag}=-1,5"]).Exits(2).Says(
            $"reparam: {flag}: {path} '-1,5': numbers are written with a point: -1.5");
        InProcess.Run(["train", "--set", $"{path}=0,1"]).Exits(2).Says(
            $"reparam: --set: {path} '0,1': numbers are written with a point: 0.1");
        JsonNode file = path.Split('.').Reverse().Aggregate(
            (JsonNode)"0,5", (inner, key) => new JsonObject { [key] = inner });
        File.WriteAllText("c.json", file.ToJsonString());
        InProcess.Run(["train", "-c", "c.json"]).Exits(2).Says(
            "c.json", $"'{path}' takes a number, not \"0,5\"", "with a point and without quotes: 0.5");
        foreach (string wrong in s_noNumbers.Where(w => w.Trim() is not "1"))
            InProcess.Run(["train", $"--set={path}={wrong}", "--print-config"]).Exits(2).Says(path);
    }

    [Theory]
    [MemberData(nameof(TypedOptions))]
    public void Option_takes_numbers_and_nothing_else(string command)
    {
        string[] words = command.Split(' ');
        Option option = All(InProcess.Root, "").First(o => $"{o.Path}{o.Option.Name}" == command).Option;
        bool real = (Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType) == typeof(double);
        foreach (string wrong in (string[])[.. s_noNumbers, "99999999999999999999999", "1e999", "0,001", .. real
            ? (string[])[] : ["0.5", "1e2"]])
        {
            // Large counts fit a double.
            if (real && wrong.Length > 20) continue;
            CommandLine.Outcome outcome = InProcess.Run([.. words[..^1], $"{words[^1]}={wrong}"]).Exits(2);
            Assert.Contains(words[^1], outcome.Error, StringComparison.Ordinal);
            if (real && wrong == "0,001") outcome.Says($"{words[^1]} 0,001: numbers are written with a point: 0.001");
        }
    }

    [Theory]
    [InlineData("gaussian:0,1", "numbers are written with a point: gaussian:0.1")]
    [InlineData("gaussian:1,000", "numbers are written with a point: gaussian:1.000")]
    [InlineData("gaussian:", "standard deviation is a finite number above 0, as in gaussian:1")]
    [InlineData("gaussian: 1", "standard deviation is a finite number above 0, as in gaussian:1")]
    [InlineData("gaussian:1e999", "standard deviation is a finite number above 0, as in gaussian:1")]
    [InlineData("gaussian:NaN", "standard deviation is a finite number above 0, as in gaussian:1")]
    [InlineData("gaussian:0", "standard deviation is a finite number above 0, as in gaussian:1")]
    public void Number_after_a_colon_is_read_as_strictly(string likelihood, string words)
    {
        InProcess.Run(["train", "--likelihood", likelihood]).Exits(2).Says(words);
        InProcess.Run(["train", "--likelihood", likelihood, "--print-config"]).Exits(2).Says(words);
        File.WriteAllText(
            "c.json", new JsonObject { ["model"] = new JsonObject { ["likelihood"] = likelihood } }.ToJsonString());
        InProcess.Run(["train", "-c", "c.json"]).Exits(2).Says(words);
    }

    [Theory]
    [InlineData("--posterior", "planar:1,5")]
    [InlineData("--posterior", "planar: 1")]
    [InlineData("--posterior", "planar:1.0")]
    [InlineData("--posterior", "planar:99999999999")]
    [InlineData("--prior", "vamp:1,000")]
    [InlineData("--prior", "vamp:")]
    public void Count_after_a_colon_is_whole(string option, string value) =>
        InProcess.Run(["train", option, value]).Exits(2).Says(value, "lies between");

    [Fact]
    public void List_stays_a_list()
    {
        string config = InProcess.Run(
            ["train", "--hidden", "500,300", "--network", "conv", "--channels", "8,16", "--print-config"])
            .Exits(0).Output;
        JsonNode model = JsonNode.Parse(config)!["model"]!;
        Assert.Equal("[500,300]", model["network"]!["hidden"]!.ToJsonString());
        Assert.Equal("[8,16]", model["network"]!["channels"]!.ToJsonString());
        InProcess.Run(["train", "--hidden", "0,1"]).Exits(2).Says("model.network.hidden");
        InProcess.Run(["train", "--hidden", "5,99999999999"]).Exits(2).Says(
            "'model.network.hidden' takes whole numbers");
        InProcess.Run(["estimators", "quadratic", "--dimensions", "1,0.5"]).Exits(2).Says(
            "--dimensions takes whole numbers");
        InProcess.Run(["train", "--epochs", "0,001"]).Exits(2).Says(
            "'training.epochs' takes a whole number, not \"0,001\"");
    }

    [Theory]
    [InlineData("train", "--lr", "1e999")]
    [InlineData("train", "--set", "objective.beta=-1e999")]
    [InlineData("train", "--input-noise=1e999", "--print-config")]
    [InlineData("train", "-c", "c.json")]
    public void Number_too_large_for_a_double_is_refused(params string[] line)
    {
        File.WriteAllText("c.json", """{ "optimizer": { "learning_rate": 1e999 } }""");
        InProcess.Run(line).Exits(2).Says("takes a finite number, not ", "1e999");
    }

    [Theory]
    [InlineData("0.001", 0.001)]
    [InlineData(".5", 0.5)]
    [InlineData("1e-3", 0.001)]
    [InlineData("+2", 2)]
    public void Number_with_a_point_is_read(string text, double value) =>
        Assert.Equal(value, JsonNode.Parse(InProcess.Run(["train", "--lr", text, "--print-config"]).Exits(
            0).Output)!["optimizer"]!["learning_rate"]!.GetValue<double>());

    [Fact]
    public void Language_of_the_system_changes_nothing()
    {
        // German conventions; the languages themselves are not part of the program.
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = german;
        Assert.Equal("0,5", $"{0.5}");
        InProcess.Run(["train", "--lr", "0,001"]).Exits(2).Says("numbers are written with a point: 0.001");
        CultureInfo.CurrentCulture = german;
        InProcess.Run(["train", "--lr", "-0.5"]).Exits(2).Says("not -0.5");
        CultureInfo.CurrentCulture = german;
        CommandLine.Outcome trained = InProcess.Run(["train", "--limit", "50", "--epochs", "1", "--hidden", "8",
            "--latent", "2", "--lr", "0.0025", "--likelihood", "gaussian:0.5", "--out", "run"]).Exits(0);
        Assert.DoesNotMatch(@"\d,\d{1,2}\b", trained.Output + trained.Error);
        Assert.Contains("\"learning_rate\": 0.0025", File.ReadAllText(Path.Combine("run", "config.json")),
            StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\d,\d{1,2}\b", File.ReadAllText(Path.Combine("run", "metrics.jsonl")));
        CultureInfo.CurrentCulture = german;
        string evaluated = InProcess.Run(["evaluate", "run", "--samples", "2"]).Exits(0).Output;
        Assert.Matches(@"-?\d+\.\d+ \+/- \d+\.\d+", evaluated);
    }

    private static IEnumerable<(string Path, Option Option)> All(Command command, string path) =>
        command.Options.Select(o => (path, o)).Concat(command.Subcommands.SelectMany(c => All(c, $"{path}{c.Name} ")));
}
