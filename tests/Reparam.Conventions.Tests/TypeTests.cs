using System.Reflection;
using System.Text.RegularExpressions;

namespace Reparam.Conventions.Tests;

/// <summary>Habits that hold for every type of the libraries.</summary>
public sealed partial class TypeTests
{
    private static readonly Assembly[] Libraries = [
        typeof(Tensors.Tensor).Assembly, typeof(Models.Vae).Assembly, typeof(Formats.FileFormats).Assembly,
        typeof(Mpi.MpiRanks).Assembly,
    ];

    private static IEnumerable<Type> Types => Libraries.SelectMany(a => a.GetTypes()).Where(
        t => !Attribute.IsDefined(t, typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute))
        && !t.Name.Contains('<', StringComparison.Ordinal));

    [Fact]
    public void Classes_are_sealed_or_abstract() =>
        Assert.Empty(
            Types.Where(t => t.IsClass && !t.IsSealed && !t.IsAbstract && !t.IsNested).Select(t => t.FullName));

    [Fact]
    public void Names_say_what_a_type_is_for() => Assert.DoesNotContain(Types, t => Forbidden().IsMatch(t.Name));

    [Fact]
    public void Public_types_have_a_file_of_their_own_name_and_settings_stand_with_what_they_make()
    {
        HashSet<string> files = [.. Sources.CSharp("src").Select(path => Path.GetFileName(path).Split('.')[0])];
        Assert.All(
            Types.Where(t => t.IsPublic && !t.IsNested && !t.IsSubclassOf(typeof(Reparam.Configuration.Settings))),
            t => Assert.Contains(t.Name.Split('`')[0], files));
    }

    [Fact]
    public void Doc_comments_say_something()
    {
        List<string> empty = [];
        foreach (string path in Sources.CSharp("src"))
        {
            string text = File.ReadAllText(path);
            foreach (Match match in Summary().Matches(text))
            {
                string words = match.Groups[1].Value.Replace("///", "", StringComparison.Ordinal).Trim();
                if (words.Length < 4 || words.Contains("TBD", StringComparison.Ordinal))
                    empty.Add($"{Sources.Relative(path)}: '{words}'");
            }
        }

        Assert.Empty(empty);
    }

    [Fact]
    public void Test_names_are_sentences()
    {
        List<string> wrong = [];
        foreach (string path in Sources.CSharp("tests"))
        {
            foreach (Match match in TestMethod().Matches(File.ReadAllText(path)))
            {
                if (!match.Groups[1].Value.Contains('_', StringComparison.Ordinal))
                    wrong.Add($"{Sources.Relative(path)}: {match.Groups[1].Value}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Files_carry_no_marks_of_unfinished_work()
    {
        string[] marks = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "NotImplemented" + "Exception"];
        Assert.Empty(Sources.CSharp("src").Concat(Sources.CSharp("tests")).Where(path => marks.Any(
            m => File.ReadAllText(path).Contains(m, StringComparison.Ordinal))).Select(Sources.Relative));
    }

    [GeneratedRegex("(Base|Helper|Helpers|Manager|Utils|Util|Common|Impl)$")]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"<summary>(.*?)</summary>", RegexOptions.Singleline)]
    private static partial Regex Summary();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\]]*\]\s*(?:\[[^\n]*\]\s*)*public (?:async )?\w+ (\w+)\(")]
    private static partial Regex TestMethod();
}
