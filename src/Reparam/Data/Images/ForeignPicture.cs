namespace Reparam.Data;

/// <summary>Recognises picture formats that are not decoded, so that a message can name the format and how to convert
/// it.</summary>
internal static class ForeignPicture
{
    private static readonly string[] Extensions =
        [
            ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".heic", ".heif",
            ".avif", ".jxl", ".jp2",
        ];

    /// <summary>Whether the name of a file says that it is a picture.</summary>
    internal static bool IsNamed(string path) =>
        Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong with a file that no decoder recognises, and how to correct it; null if it is not a
    /// picture.</summary>
    internal static string? Problem(string path, ReadOnlySpan<byte> head)
    {
        if (FormatOf(head) is { } format)
        {
            if (format == "JPEG")
            {
                return "it is a JPEG picture; give the decoder of Reparam.Formats (FileFormats.All), or convert the " +
                    "file to PNG.";
            }

            string name = Path.GetFileName(path), png = Path.ChangeExtension(name, ".png");
            return $"it is a {format} picture, which is not decoded; convert it, for example with ImageMagick: " +
                $"magick '{name}' '{png}'";
        }

        if (!IsNamed(path)) return null;
        return head.IsEmpty ? "it is empty; fetch or copy it again."
            : "its name is the name of a picture, and its content is not; fetch or copy it again.";
    }

    private static string? FormatOf(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "JPEG",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "GIF",
        [(byte)'I', (byte)'I', 0x2A or 0x2B, 0, ..] or [(byte)'M', (byte)'M', 0, 0x2A or 0x2B, ..] => "TIFF",
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => "BMP",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] =>
            "WebP",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', (byte)'v', (byte)'i', ..] => "AVIF",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'h' or (byte)'m', (byte)'e' or (byte)'i', ..] =>
            "HEIC",
        [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', ..] or [0xFF, 0x0A, ..] => "JPEG XL",
        [0, 0, 0, 12, (byte)'j', (byte)'P', ..] => "JPEG 2000",
        _ => null,
    };
}
