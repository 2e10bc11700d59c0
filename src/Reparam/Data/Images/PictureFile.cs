namespace Reparam.Data;

/// <summary>A file that may be a picture.</summary>
/// <param name="Name">The path relative to the folder that is read, with <c>/</c> between folders.</param>
/// <param name="Path">The path.</param>
internal sealed record PictureFile(string Name, string Path)
{
    private const int HeadBytes = 64 << 10;
    private const long MostBytes = 1L << 28;

    /// <summary>The size of the picture; null if the file is not a picture.</summary>
    /// <exception cref="InvalidDataFileException">The file is damaged or has a format that is not decoded.</exception>
    internal (int Width, int Height)? Measure(DataFormats formats)
    {
        if (IsEmpty(formats)) return null;
        using FileStream file = Open();
        byte[] head = Read(file, (int)Math.Min(HeadBytes, file.Length));
        if (DecoderOf(head, formats) is not { } decoder) return null;
        try
        {
            return decoder.Measure(Path, head);
        }
        catch (InvalidDataFileException) when (file.Length > head.Length)
        {
            // The header may be longer than the part of the file that was read.
            return decoder.Measure(Path, Whole(file, head));
        }
    }

    /// <summary>The content of the file and its decoder; null if the file is not a picture.</summary>
    /// <exception cref="InvalidDataFileException">The file is too large or has a format that is not
    /// decoded.</exception>
    internal (PictureDecoder Decoder, byte[] Content)? Content(DataFormats formats)
    {
        if (IsEmpty(formats)) return null;
        using FileStream file = Open();
        byte[] head = Read(file, (int)Math.Min(HeadBytes, file.Length));
        return DecoderOf(head, formats) is { } decoder ? (decoder, Whole(file, head)) : null;
    }

    /// <summary>Whether a decoder recognises the file.</summary>
    internal bool IsPicture(DataFormats formats)
    {
        if (!UnpackedFile.HasContent(Path)) return ForeignPicture.Problem(Name, []) is not null;
        using FileStream file = Open();
        byte[] head = Read(file, (int)Math.Min(64, file.Length));
        return formats.Pictures.Any(d => d.Recognises(head)) || ForeignPicture.Problem(Name, head) is not null;
    }

    /// <summary>Whether the file has no bytes, and is not opened: to open a pipe may wait for ever.</summary>
    private bool IsEmpty(DataFormats formats) => !UnpackedFile.HasContent(Path) && DecoderOf([], formats) is null;

    private PictureDecoder? DecoderOf(byte[] head, DataFormats formats)
    {
        PictureDecoder? decoder = formats.Pictures.FirstOrDefault(d => d.Recognises(head));
        if (decoder is null && ForeignPicture.Problem(Name, head) is { } problem)
            throw new InvalidDataFileException(Path, 0, problem);
        return decoder;
    }

    private FileStream Open() => new(Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

    private byte[] Whole(FileStream file, byte[] head)
    {
        long length = file.Length;
        if (length <= head.Length) return head;
        if (length > MostBytes)
        {
            throw new InvalidDataFileException(Path, 0, $"it has {length} bytes, and pictures of at most " +
                $"{MostBytes} bytes are read; save it with a smaller size.");
        }

        file.Position = 0;
        return Read(file, (int)length);
    }

    private byte[] Read(FileStream file, int count)
    {
        byte[] content = new byte[count];
        return file.ReadAtLeast(content, count, throwOnEndOfStream: false) == count
            ? content
            : throw new InvalidDataFileException(
                Path, 0, "it became shorter while it was read; wait until the program that writes it is done.");
    }
}
