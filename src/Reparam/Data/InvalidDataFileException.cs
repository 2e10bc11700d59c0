namespace Reparam.Data;

/// <summary>
/// A data file does not hold what its format promises, or not what is asked of it. The message names the file, what is
/// wrong and the mend.
/// </summary>
public sealed class InvalidDataFileException : Exception
{
    /// <summary>Describes damage in a data file.</summary>
    /// <param name="path">The file that was read.</param>
    /// <param name="offset">Where in the (unpacked) content the damage was noticed, in bytes from its start.</param>
    /// <param name="problem">One sentence: what is wrong and how to mend it.</param>
    /// <param name="inner">The failure underneath, where there is one.</param>
    public InvalidDataFileException(string path, long offset, string problem, Exception? inner = null)
        : base($"'{path}' cannot be read (byte {offset}): {problem}", inner)
    {
        Path = path;
        Offset = offset;
    }

    /// <summary>Says why the content of a file that was read does not serve.</summary>
    /// <param name="path">The file that was read.</param>
    /// <param name="problem">One sentence: what is wrong and how to mend it.</param>
    /// <param name="inner">The failure underneath, where there is one.</param>
    public InvalidDataFileException(string path, string problem, Exception? inner = null)
        : base($"'{path}': {problem}", inner) => Path = path;

    /// <summary>The file that was read.</summary>
    public string Path { get; }

    /// <summary>Byte offset in the unpacked content at which damage was noticed; null where nothing is
    /// damaged.</summary>
    public long? Offset { get; }
}
