using System.Text.Json;

namespace Reparam.Cli.Runs;

/// <summary>The numbers of a run's last epoch, from its <c>metrics.jsonl</c>: "validation/elbo" and so on.</summary>
internal sealed record LastMetrics(int Epoch, IReadOnlyDictionary<string, double> Values)
{
    public double? this[string name] => Values.TryGetValue(name, out double value) ? value : null;

    /// <summary>Null where the run has not finished an epoch.</summary>
    public static LastMetrics? Read(string path)
    {
        if (!File.Exists(path)) return null;
        int last = 0;
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(path))
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                JsonElement entry = document.RootElement;
                int epoch = entry.GetProperty("epoch").GetInt32();
                string name = $"{entry.GetProperty("split").GetString()}/{entry.GetProperty("name").GetString()}";
                double value = entry.GetProperty("value").GetDouble();
                if (epoch != last) values.Clear();
                last = epoch;
                values[name] = value;
            }
            catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                // a line torn by a kill
            }
        }

        return last == 0 ? null : new LastMetrics(last, values);
    }
}
