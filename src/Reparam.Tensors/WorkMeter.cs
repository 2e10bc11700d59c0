using System.Diagnostics;
using System.Runtime.InteropServices;
using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

/// <summary>
/// Measures how much time each kind of work takes. From construction to Dispose, every kernel call of the process is
/// timed and counted by kind and name. It is meant for a process in which one thread computes. The measurement itself
/// costs some tens of nanoseconds per call.
/// </summary>
public sealed class WorkMeter : IDisposable
{
    private readonly Backend _measured = Backend.Installed;
    private readonly Dictionary<(string Kind, string Name), Entry> _entries = [];
    private readonly Lock _lock = new();
    private bool _disposed;

    /// <summary>Starts measuring.</summary>
    /// <exception cref="InvalidOperationException">Another meter is running.</exception>
    public WorkMeter()
    {
        if (_measured is MeteredBackend)
            throw new InvalidOperationException("Another WorkMeter is running. Dispose it first.");
        Backend.Installed = new MeteredBackend(_measured, this);
    }

    /// <summary>Whether the denormal numbers among the results are counted
    /// (<see cref="WorkShare.Denormals"/>). Counting reads each result once more, outside the measured time.</summary>
    public bool CountsDenormals { get; init; }

    /// <summary>The measurements so far, the most expensive first.</summary>
    public IReadOnlyList<WorkShare> Shares
    {
        get
        {
            lock (_lock)
            {
                return
                [
                    .. _entries.Select(e => new WorkShare(
                            e.Key.Kind, e.Key.Name, e.Value.Calls, Stopwatch.GetElapsedTime(0, e.Value.Ticks),
                            Stopwatch.GetElapsedTime(0, e.Value.Fastest), e.Value.Flops, e.Value.Bytes,
                            e.Value.Denormals))
                        .OrderByDescending(s => s.Time),
                ];
            }
        }
    }

    /// <summary>Stops measuring.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Backend.Installed = _measured;
    }

    internal void Add(string kind, string name, long ticks, double flops, double bytes, long denormals)
    {
        lock (_lock)
        {
            ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, (kind, name), out _);
            entry.Fastest = entry.Calls == 0 ? ticks : Math.Min(entry.Fastest, ticks);
            entry.Calls++;
            entry.Ticks += ticks;
            entry.Flops += flops;
            entry.Bytes += bytes;
            entry.Denormals += denormals;
        }
    }

    private struct Entry
    {
        public long Calls, Ticks, Fastest, Denormals;
        public double Flops, Bytes;
    }
}
