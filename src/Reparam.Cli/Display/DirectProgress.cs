namespace Reparam.Cli.Display;

/// <summary>Progress told on the thread that makes it, in order; <see cref="Progress{T}"/> would post it to
/// another.</summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
