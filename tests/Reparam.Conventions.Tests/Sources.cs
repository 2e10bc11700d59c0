using Reparam.Testing;

namespace Reparam.Conventions.Tests;

/// <summary>The repository's files, found from where this one was compiled.</summary>
internal static class Sources
{
    public static string Root => Repository.Root;

    /// <summary>C# files below a folder of the repository, build output left out.</summary>
    public static IEnumerable<string> CSharp(string folder) => Files("*.cs", folder);

    /// <summary>Files whose name matches, below a folder of the repository, build output and runs left out.</summary>
    public static IEnumerable<string> Files(string pattern, string folder = "") =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(path => !Relative(path).Split('/').Any(part => part is "bin" or "obj" or "runs" or ".git"))
            .Order(StringComparer.Ordinal);

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');
}
