using System.Globalization;
using System.Reflection;
using System.Text;

namespace Reparam.Conventions.Tests;

/// <summary>
/// The public surface of the libraries, committed as <c>PublicApi.txt</c>: a change to it is seen in review. Where the
/// change is meant, copy the file that the failing test names over the committed one.
/// </summary>
public sealed class PublicApiTests
{
    [Fact]
    public void Public_surface_is_the_committed_one()
    {
        string committed = Path.Combine(Sources.Root, "tests/Reparam.Conventions.Tests/PublicApi.txt");
        string actual = Surface();
        if (File.Exists(committed) && File.ReadAllText(committed) == actual) return;
        string received = Path.Combine(AppContext.BaseDirectory, "PublicApi.received.txt");
        File.WriteAllText(received, actual);
        HashSet<string> before = File.Exists(committed) ? [.. File.ReadAllLines(committed)] : [];
        string[] after = actual.Split('\n');
        Assert.Fail($"The public surface changed. Added: {string.Join("; ", after.Except(before).Take(5))}. Gone: " +
            $"{string.Join("; ", before.Except(after).Take(5))}. If meant: cp {received} {committed}");
    }

    private static string Surface()
    {
        var text = new StringBuilder();
        foreach (Assembly assembly in (Assembly[])[
            typeof(Tensors.Tensor).Assembly, typeof(Models.Vae).Assembly, typeof(Formats.FileFormats).Assembly,
            typeof(Mpi.MpiRanks).Assembly])
        {
            foreach (Type type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"{Kind(type)} {type.FullName}\n");
                IEnumerable<string> members = type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic
                    | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                    .Where(IsVisible).Select(m => $"    {m}").Order(StringComparer.Ordinal);
                foreach (string member in members) text.Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Kind(Type type) => type.IsEnum ? "enum" : type.IsValueType ? "struct"
        : type.IsInterface ? "interface" : type is { IsAbstract: true, IsSealed: true } ? "static" : type.IsAbstract
        ? "abstract" : "sealed";

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase { IsSpecialName: true, IsConstructor: false } method => method.Name.StartsWith(
            "op_", StringComparison.Ordinal),
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field is { IsPublic: true, IsSpecialName: false },
        PropertyInfo property => property.GetMethod is { } get && (get.IsPublic || get.IsFamily),
        Type nested => nested.IsNestedPublic,
        _ => false,
    };
}
