using System.Diagnostics;

namespace Reparam.Cli.Display;

/// <summary>One line at the bottom of a terminal, rewritten a few times a second; nothing where standard error is not a terminal.</summary>
internal sealed class ProgressLine
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly bool _enabled;
    private long _shown;
    private int _length;

    public ProgressLine(bool quiet) => _enabled = !quiet && !Console.IsErrorRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public void Show(Func<string> text)
    {
        if (!_enabled || (_shown != 0 && Stopwatch.GetElapsedTime(_shown) < Interval)) return;
        _shown = Stopwatch.GetTimestamp();
        string line = text();
        Console.Error.Write("\r" + line.PadRight(_length));
        _length = line.Length;
    }

    public void Clear()
    {
        if (_length == 0) return;
        Console.Error.Write("\r" + new string(' ', _length) + "\r");
        _length = 0;
    }
}
