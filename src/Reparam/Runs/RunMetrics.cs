using System.Text.Json;

namespace Reparam.Runs;

/// <summary>
/// The numbers of all epochs of a run, from <c>metrics.jsonl</c>: "validation/elbo", "train/kl" and so on. Bounds and
/// KL terms are in nats per data point.
/// </summary>
public sealed class RunMetrics
{
    private readonly SortedDictionary<int, SortedDictionary<string, double>> _epochs = [];

    /// <summary>The last finished epoch; 0 for none.</summary>
    public int Epochs => _epochs.Count == 0 ? 0 : _epochs.Keys.Last();

    /// <summary>The number of training steps until the end of the last finished epoch.</summary>
    public long Steps { get; private set; }

    /// <summary>The part with the most informative numbers: "validation", or "train" if no data were held out for
    /// validation.</summary>
    public string Probe => _epochs.Values.Any(values => values.ContainsKey("validation/elbo")) ? "validation" : "train";

    /// <summary>The numbers of the last finished epoch by name; empty before the first epoch is finished.</summary>
    public IReadOnlyDictionary<string, double> Last => _epochs.Count == 0 ? new SortedDictionary<string, double>()
        : _epochs.Values.Last();

    /// <summary>A number of the last finished epoch; null if there is no number of that name.</summary>
    public double? this[string name] => Last.TryGetValue(name, out double value) ? value : null;

    /// <summary>The values of a quantity in the order of epochs. Epochs without the quantity are omitted.</summary>
    public IReadOnlyList<(int Epoch, double Value)> Of(string name) =>
        [.. _epochs.Where(e => e.Value.ContainsKey(name)).Select(e => (e.Key, e.Value[name]))];

    /// <summary>Reads a file. Incomplete lines, which a killed process leaves, are skipped.</summary>
    /// <param name="path">The path of the file. A missing file gives metrics without epochs.</param>
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
                // an incomplete line of a killed process
            }
        }

        return metrics;
    }

    /// <summary>Adds a number and returns these metrics.</summary>
    public RunMetrics Add(int epoch, long step, string name, double value)
    {
        if (!_epochs.TryGetValue(epoch, out SortedDictionary<string, double>? values))
            _epochs[epoch] = values = new SortedDictionary<string, double>(StringComparer.Ordinal);
        values[name] = value;
        Steps = Math.Max(Steps, step);
        return this;
    }
}
