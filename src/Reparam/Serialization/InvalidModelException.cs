namespace Reparam.Serialization;

/// <summary>The content of a model or checkpoint file does not follow its format or does not fit the model. The message
/// names the file, what is wrong and how to correct it.</summary>
public sealed class InvalidModelException : Exception
{
    /// <summary>An error about the content of a model file.</summary>
    /// <param name="path">The file that was read.</param>
    /// <param name="offset">The byte offset in the file at which the damage was noticed.</param>
    /// <param name="problem">One sentence: what is wrong and how to correct it.</param>
    /// <param name="inner">The cause, or null.</param>
    public InvalidModelException(string path, long offset, string problem, Exception? inner = null)
        : base($"'{path}' cannot be read (byte {offset}): {problem}", inner)
    {
        Path = path;
        Offset = offset;
    }

    /// <summary>The file that was read.</summary>
    public string Path { get; }

    /// <summary>The byte offset in the file at which the damage was noticed.</summary>
    public long Offset { get; }
}
