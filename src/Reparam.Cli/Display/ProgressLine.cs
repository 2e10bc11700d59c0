using System.Diagnostics;

namespace Reparam.Cli.Display;

/// <summary>
/// Shows progress on standard error. On a terminal it is one line with a bar, which is rewritten a few times a second.
/// Elsewhere it is a plain line from time to time.
/// </summary>
internal sealed class ProgressLine
{
    private const int BarWidth = 16;
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(200);

    private readonly bool _quiet, _live;
    private readonly TimeSpan _interval;
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _shown;
    private int _length;

    /// <param name="quiet">Whether to show nothing.</param>
    /// <param name="plainInterval">Time between the plain lines where there is no terminal.</param>
    public ProgressLine(bool quiet, TimeSpan plainInterval)
    {
        _quiet = quiet;
        _live = Terminal.CanDraw(Console.IsErrorRedirected);
        _interval = _live ? LiveInterval : plainInterval;
    }

    /// <summary>Shows the progress, unless the interval since the last time has not passed yet.</summary>
    /// <param name="fraction">The finished part, from 0 to 1.</param>
    /// <param name="text">The words after the bar.</param>
    public void Show(double fraction, Func<string> text)
    {
        if (_quiet) return;
        long last = _shown != 0 || _live ? _shown : _started;
        if (last != 0 && Stopwatch.GetElapsedTime(last) < _interval) return;
        _shown = Stopwatch.GetTimestamp();
        if (!_live)
        {
            Console.Error.WriteLine(VisibleText.Of(text()));
            return;
        }

        int filled = (int)(BarWidth * Math.Clamp(fraction, 0, 1));
        string line = $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {VisibleText.Of(text())}";
        // A line that is longer than the terminal is wide cannot be rewritten.
        int width = Console.WindowWidth > 1 ? Console.WindowWidth - 1 : 79;
        if (line.Length > width) line = line[..width];
        Console.Error.Write("\r" + line.PadRight(_length));
        _length = line.Length;
    }

    /// <summary>Shows how many of a total are done, and the time that is left.</summary>
    public void Show(long done, long total, string what)
    {
        if (total <= 0) return;
        double fraction = (double)done / total;
        Show(fraction, () =>
        {
            TimeSpan left = Stopwatch.GetElapsedTime(_started) * ((1 - fraction) / Math.Max(fraction, 1e-9));
            return FormattableString.Invariant($"{what} {done:N0} of {total:N0}, {Left(left)} left");
        });
    }

    public void Clear()
    {
        if (_length == 0) return;
        Console.Error.Write("\r" + new string(' ', _length) + "\r");
        _length = 0;
    }

    /// <summary>Formats the time that is left, as 01:02:03.</summary>
    public static string Left(TimeSpan left) =>
        FormattableString.Invariant($"{(int)Math.Min(left.TotalHours, 9999):D2}:{left.Minutes:D2}:{left.Seconds:D2}");
}
