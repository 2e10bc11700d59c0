namespace Reparam.Serialization;

/// <summary>A model or checkpoint file does not hold what its format promises. The message names the file, what is
/// wrong and the mend.</summary>
public sealed class InvalidModelException : Exception
{
    /// <summary>Describes damage in a model file.</summary>
    /// <param name="path">The file that was read.</param>
    /// <param name="offset">Where the damage was noticed, in bytes from the start of the file.</param>
    /// <param name="problem">One sentence: what is wrong and how to mend it.</param>
    /// <param name="inner">The failure underneath, where there is one.</param>
    public InvalidModelException(string path, long offset, string problem, Exception? inner = null)
        : base($"'{path}' cannot be read (byte {offset}): {problem}", inner)
    {
        Path = path;
        Offset = offset;
    }

    /// <summary>The file that was read.</summary>
    public string Path { get; }

    /// <summary>Byte offset at which the damage was noticed.</summary>
    public long Offset { get; }
}
