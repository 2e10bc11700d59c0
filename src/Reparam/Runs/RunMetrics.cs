using System.Text.Json;

namespace Reparam.Runs;

/// <summary>
/// The numbers of all of a run's epochs, from its <c>metrics.jsonl</c>: "validation/elbo", "train/kl" and so on, in
/// nats per datum.
/// </summary>
public sealed class RunMetrics
{
    private readonly SortedDictionary<int, SortedDictionary<string, double>> _epochs = [];

    /// <summary>The last finished epoch; 0 for none.</summary>
    public int Epochs => _epochs.Count == 0 ? 0 : _epochs.Keys.Last();

    /// <summary>Steps taken until the end of that epoch.</summary>
    public long Steps { get; private set; }

    /// <summary>The part whose numbers tell most: "validation", or "train" where none was held out.</summary>
    public string Probe => _epochs.Values.Any(values => values.ContainsKey("validation/elbo")) ? "validation" : "train";

    /// <summary>The numbers of the last finished epoch by their names; none before one is finished.</summary>
    public IReadOnlyDictionary<string, double> Last => _epochs.Count == 0 ? new SortedDictionary<string, double>()
        : _epochs.Values.Last();

    /// <summary>A number of the last finished epoch; null where it has none of that name.</summary>
    public double? this[string name] => Last.TryGetValue(name, out double value) ? value : null;

    /// <summary>A quantity by epoch, in order; epochs without it are left out.</summary>
    public IReadOnlyList<(int Epoch, double Value)> Of(string name) =>
        [.. _epochs.Where(e => e.Value.ContainsKey(name)).Select(e => (e.Key, e.Value[name]))];

    /// <summary>Reads a file; lines that a killed process left torn are passed over.</summary>
    /// <param name="path">The file; one that is not there holds no epoch.</param>
    public static RunMetrics Read(string path)
    {
        var metrics = new RunMetrics();
        if (!File.Exists(path)) return metrics;
        foreach (string line in File.ReadLines(path))
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                JsonElement entry = document.RootElement;
                string name = $"{entry.GetProperty("split").GetString()}/{entry.GetProperty("name").GetString()}";
                metrics.Add(entry.GetProperty("epoch").GetInt32(), entry.GetProperty("step").GetInt64(), name,
                    entry.GetProperty("value").GetDouble());
            }
            catch (Exception failure) when (failure is JsonException or KeyNotFoundException
                or InvalidOperationException or FormatException)
            {
                // a line torn by a kill
            }
        }

        return metrics;
    }

    /// <summary>Adds a number, and returns the metrics.</summary>
    public RunMetrics Add(int epoch, long step, string name, double value)
    {
        if (!_epochs.TryGetValue(epoch, out SortedDictionary<string, double>? values))
            _epochs[epoch] = values = new SortedDictionary<string, double>(StringComparer.Ordinal);
        values[name] = value;
        Steps = Math.Max(Steps, step);
        return this;
    }
}
