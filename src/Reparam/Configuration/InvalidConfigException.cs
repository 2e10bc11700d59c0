namespace Reparam.Configuration;

/// <summary>The exception for an invalid configuration. The message says what is wrong and how to correct it.</summary>
public sealed class InvalidConfigException : Exception
{
    /// <summary>An error with a message of one sentence.</summary>
    public InvalidConfigException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a message of one sentence, and its cause.</summary>
    public InvalidConfigException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
