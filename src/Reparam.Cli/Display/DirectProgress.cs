namespace Reparam.Cli.Display;

/// <summary>Reports progress in order, on the thread that makes it. <see cref="Progress{T}"/> would report it on
/// another thread.</summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
