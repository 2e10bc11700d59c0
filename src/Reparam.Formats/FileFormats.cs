using Reparam.Data;

namespace Reparam.Formats;

/// <summary>Registers the readers of this package with the library.</summary>
public static class FileFormats
{
    /// <summary>Registers all readers. Call it once at the start of a program.</summary>
    public static void Register() => TableFiles.Register((path, format) => new SeparatedTable(path, format));
}
