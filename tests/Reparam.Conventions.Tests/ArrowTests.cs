using System.Text.RegularExpressions;

namespace Reparam.Conventions.Tests;

/// <summary>The rooms of the library and the arrows allowed between them (ARCHITECTURE.md).</summary>
public sealed partial class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Distributions"] = ["Tensors"],
        ["Networks"] = ["Tensors", "Serialization"],
        ["Data"] = ["Tensors", "Serialization", "Configuration"],
        ["Serialization"] = ["Tensors"],
        ["Rendering"] = ["Tensors", "Serialization"],
        ["Configuration"] = [],
        ["Processes"] = [],
        ["Models"] = ["Tensors", "Distributions", "Networks", "Configuration"],
        ["Objectives"] = ["Tensors", "Distributions", "Models", "Configuration"],
        ["Evaluation"] = ["Tensors", "Networks", "Distributions", "Models", "Data"],
        ["Training"] = ["Tensors", "Networks", "Models", "Objectives", "Data", "Configuration", "Processes"],
        ["Runs"] = ["Tensors", "Networks", "Models", "Objectives", "Data", "Serialization", "Training",
            "Evaluation", "Configuration", "Processes"],
        ["Scoring"] = ["Tensors", "Models", "Data", "Serialization", "Evaluation", "Runs",
            "Configuration"],
        ["Tabular"] = ["Tensors", "Distributions", "Models", "Data", "Configuration", "Evaluation", "Rendering",
            "Serialization"],
    };

    [Fact]
    public void Rooms_use_only_the_rooms_below_them()
    {
        List<string> broken = [];
        foreach (string path in Sources.CSharp("src/Reparam"))
        {
            string room = Sources.Relative(path).Split('/')[2];
            if (!Allowed.TryGetValue(room, out string[]? allowed))
            {
                broken.Add($"{Sources.Relative(path)}: room '{room}' is not on the plan");
                continue;
            }

            foreach (Match match in Namespace().Matches(File.ReadAllText(path)))
            {
                string used = match.Groups[1].Value;
                if (used != room && !allowed.Contains(used)) broken.Add($"{Sources.Relative(path)}: {room} -> {used}");
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Tensors_know_nothing_above_them() =>
        Assert.Empty(Sources.CSharp("src/Reparam.Tensors").Where(path => Namespace().Matches(
            File.ReadAllText(path)).Any(m => m.Groups[1].Value != "Tensors")).Select(Sources.Relative));

    [Fact]
    public void Formats_know_the_data_alone() =>
        Assert.Empty(Sources.CSharp("src/Reparam.Formats").Where(path => Namespace().Matches(
            File.ReadAllText(path)).Any(m => m.Groups[1].Value is not ("Data" or "Tensors"))).Select(Sources.Relative));

    [Fact]
    public void Mpi_knows_the_processes_alone() =>
        Assert.Empty(Sources.CSharp("src/Reparam.Mpi").Where(path => Namespace().Matches(
            File.ReadAllText(path)).Any(m => m.Groups[1].Value != "Processes")).Select(Sources.Relative));

    [Theory]
    [InlineData("src/Reparam.Tensors/Reparam.Tensors.csproj")]
    [InlineData("src/Reparam/Reparam.csproj")]
    [InlineData("src/Reparam.Mpi/Reparam.Mpi.csproj")]
    public void Libraries_have_no_package(string project) => Assert.DoesNotContain(
        "PackageReference", File.ReadAllText(Path.Combine(Sources.Root, project)), StringComparison.Ordinal);

    [Fact]
    public void Only_the_backend_and_the_memory_room_touch_memory() =>
        Assert.Empty(Sources.CSharp("src")
            .Where(path => !Sources.Relative(path).StartsWith("src/Reparam.Tensors/Backends/", StringComparison.Ordinal)
                && !Sources.Relative(path).StartsWith("src/Reparam.Tensors/Memory/", StringComparison.Ordinal))
            .Where(path => Unsafe().IsMatch(File.ReadAllText(path)))
            .Select(Sources.Relative)
            .Except(["src/Reparam.Tensors/PortableMath.cs"]));

    // The platform's functions differ in their last bits from machine to machine. A picture's axes may.
    [Fact]
    public void Numbers_come_from_portable_functions() =>
        Assert.Empty(Sources.CSharp("src/Reparam").Concat(Sources.CSharp("src/Reparam.Tensors"))
            .Concat(Sources.CSharp("src/Reparam.Formats"))
            .Where(path => !Sources.Relative(path).StartsWith("src/Reparam/Rendering/", StringComparison.Ordinal)
                && PlatformFunction().IsMatch(File.ReadAllText(path)))
            .Select(Sources.Relative));

    [Fact]
    public void Libraries_do_not_write_to_the_console() =>
        Assert.Empty(Sources.CSharp("src/Reparam").Concat(Sources.CSharp("src/Reparam.Tensors"))
            .Concat(Sources.CSharp("src/Reparam.Formats")).Concat(Sources.CSharp("src/Reparam.Mpi"))
            .Where(path => File.ReadAllText(path).Contains("Console.", StringComparison.Ordinal)).Select(
                Sources.Relative));

    [Fact]
    public void System_random_is_not_used() =>
        Assert.Empty(Sources.CSharp("src").Where(path => SystemRandom().IsMatch(File.ReadAllText(path))).Select(
            Sources.Relative));

    [GeneratedRegex(@"^using (?:static )?Reparam\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\b(MathF?|Vector\d*)\.(Log|Exp|Pow|Sin|Cos|Tan|Asin|Acos|Atan|Cbrt|Hypot)\w*\(")]
    private static partial Regex PlatformFunction();

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"new (System\.)?Random\(|Random\.Shared")]
    private static partial Regex SystemRandom();
}
