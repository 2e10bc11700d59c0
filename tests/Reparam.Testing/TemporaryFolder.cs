namespace Reparam.Testing;

/// <summary>A folder of a test's own, removed with everything in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private const string Memory = "/dev/shm";

    /// <summary>Makes an empty folder.</summary>
    public TemporaryFolder()
        : this(Directory.CreateTempSubdirectory("reparam-test-").FullName)
    {
    }

    private TemporaryFolder(string path) => Path = path;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>A folder in memory where the system has such, elsewhere on the disk.</summary>
    public static TemporaryFolder InMemory()
    {
        try
        {
            string name = System.IO.Path.Combine(Memory, $"reparam-test-{Guid.NewGuid():N}");
            return Directory.Exists(Memory) ? new(Directory.CreateDirectory(name).FullName) : new();
        }
        catch (UnauthorizedAccessException)
        {
            return new();
        }
    }

    /// <summary>The path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file into it and returns its path.</summary>
    public string Holding(string name, ReadOnlySpan<byte> content)
    {
        string path = File(name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
