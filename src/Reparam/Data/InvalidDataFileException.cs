namespace Reparam.Data;

/// <summary>
/// The content of a data file does not follow its format, or does not fit its use. The message names the file, what is
/// wrong and how to correct it.
/// </summary>
public sealed class InvalidDataFileException : Exception
{
    /// <summary>An error about damage in a data file.</summary>
    /// <param name="path">The file that was read.</param>
    /// <param name="offset">The byte offset in the (unpacked) content at which the damage was noticed.</param>
    /// <param name="problem">One sentence: what is wrong and how to correct it.</param>
    /// <param name="inner">The cause, or null.</param>
    public InvalidDataFileException(string path, long offset, string problem, Exception? inner = null)
        : base($"'{path}' cannot be read (byte {offset}): {problem}", inner)
    {
        Path = path;
        Offset = offset;
    }

    /// <summary>An error about content that was read but does not fit its use.</summary>
    /// <param name="path">The file that was read.</param>
    /// <param name="problem">One sentence: what is wrong and how to correct it.</param>
    /// <param name="inner">The cause, or null.</param>
    public InvalidDataFileException(string path, string problem, Exception? inner = null)
        : base($"'{path}': {problem}", inner) => Path = path;

    /// <summary>The file that was read.</summary>
    public string Path { get; }

    /// <summary>The byte offset in the unpacked content at which damage was noticed; null if nothing is
    /// damaged.</summary>
    public long? Offset { get; }
}
