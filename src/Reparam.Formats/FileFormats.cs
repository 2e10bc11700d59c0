using Reparam.Data;

namespace Reparam.Formats;

/// <summary>The formats of a person's own data that this assembly adds to the library.</summary>
public static class FileFormats
{
    /// <summary>The formats of the library and of this assembly: PNG and JPEG pictures, and tables in
    /// separated text and in Parquet files. A program gives them to
    /// <c>RunContext.Formats</c> and to <c>Run.Open</c>.</summary>
    public static DataFormats All { get; } = DataFormats.BuiltIn with
    {
        Pictures = [.. DataFormats.BuiltIn.Pictures, JpegDecoder.Instance],
        Tables = (path, format) => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)
            ? new ParquetTable(path) : new SeparatedTable(path, format),
    };
}
