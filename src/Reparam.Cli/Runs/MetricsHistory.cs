using System.Text.Json;

namespace Reparam.Cli.Runs;

/// <summary>The numbers of all of a run's epochs, from its <c>metrics.jsonl</c>: "validation/elbo" and so on.</summary>
internal sealed class MetricsHistory
{
    private readonly SortedDictionary<int, Dictionary<string, double>> _epochs = [];

    /// <summary>That of a run without a finished epoch.</summary>
    public static MetricsHistory None { get; } = new();

    /// <summary>The last finished epoch; 0 for none.</summary>
    public int Epochs => _epochs.Count == 0 ? 0 : _epochs.Keys.Last();

    /// <summary>Steps taken until its end.</summary>
    public long Steps { get; private set; }

    /// <summary>The part whose numbers tell most: "validation", or "train" where none was held out.</summary>
    public string Probe => _epochs.Values.Any(values => values.ContainsKey("validation/elbo")) ? "validation" : "train";

    /// <summary>A quantity by epoch, in order; epochs without it are left out.</summary>
    public IReadOnlyList<(int Epoch, double Value)> Of(string name) =>
        [.. _epochs.Where(e => e.Value.ContainsKey(name)).Select(e => (e.Key, e.Value[name]))];

    /// <summary>Adds a number.</summary>
    public MetricsHistory Add(int epoch, long step, string name, double value)
    {
        if (!_epochs.TryGetValue(epoch, out Dictionary<string, double>? values)) _epochs[epoch] = values = new Dictionary<string, double>(StringComparer.Ordinal);
        values[name] = value;
        Steps = Math.Max(Steps, step);
        return this;
    }

    /// <summary>Reads a file; lines torn by a kill are passed over.</summary>
    public static MetricsHistory Read(string path)
    {
        var history = new MetricsHistory();
        if (!File.Exists(path)) return history;
        foreach (string line in File.ReadLines(path))
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                JsonElement entry = document.RootElement;
                string name = $"{entry.GetProperty("split").GetString()}/{entry.GetProperty("name").GetString()}";
                history.Add(entry.GetProperty("epoch").GetInt32(), entry.GetProperty("step").GetInt64(), name, entry.GetProperty("value").GetDouble());
            }
            catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                // a line torn by a kill
            }
        }

        return history;
    }
}
