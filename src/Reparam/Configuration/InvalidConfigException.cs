namespace Reparam.Configuration;

/// <summary>A configuration says something that cannot be; the message says what would be right.</summary>
public sealed class InvalidConfigException : Exception
{
    /// <summary>An error in one sentence.</summary>
    public InvalidConfigException(string message)
        : base(message)
    {
    }

    /// <summary>An error in one sentence, with its cause.</summary>
    public InvalidConfigException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
