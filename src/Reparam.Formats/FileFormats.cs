using Reparam.Data;

namespace Reparam.Formats;

/// <summary>The formats of a person's own data that this assembly adds to the library.</summary>
public static class FileFormats
{
    /// <summary>The formats of the library and of this assembly: PNG and JPEG pictures. A program gives them to
    /// <c>RunContext.Formats</c> and to <c>Run.Open</c>.</summary>
    public static DataFormats All { get; } = DataFormats.BuiltIn with
    {
        Pictures = [.. DataFormats.BuiltIn.Pictures, JpegDecoder.Instance],
    };

    /// <summary>Registers all readers of tables. Call it once at the start of a program.</summary>
    public static void Register() => TableFiles.Register((path, format) => new SeparatedTable(path, format));
}
