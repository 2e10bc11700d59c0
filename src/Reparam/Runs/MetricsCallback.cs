using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Reparam.Training;

namespace Reparam.Runs;

/// <summary>
/// Appends the numbers of each epoch to <c>metrics.jsonl</c>, one JSON object per line: {step, epoch, wall, split,
/// name, value}. Bounds and KL terms are in nats per data point.
/// </summary>
/// <remarks>A run may resume from a checkpoint that is older than the last line of the file. The run then repeats
/// epochs, so the constructor removes the lines of epochs that are not finished in the checkpoint.</remarks>
public sealed class MetricsCallback : TrainingCallback
{
    private readonly string _path;

    /// <summary>Removes the lines of epochs after <paramref name="finishedEpochs"/> and an incomplete last line from
    /// the file. Epochs are then appended to the file.</summary>
    public MetricsCallback(string path, int finishedEpochs)
    {
        _path = path;
        if (!File.Exists(path)) return;
        string[] kept = [.. File.ReadLines(path).Where(line => EpochOf(line) is { } epoch && epoch <= finishedEpochs)];
        Serialization.AtomicFile.WriteAllText(path, string.Concat(kept.Select(line => line + "\n")));
    }

    /// <inheritdoc/>
    public override void OnEpoch(TrainingState state, EpochReport report)
    {
        var text = new StringBuilder();
        string wall = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        void Line(string split, string name, double value)
        {
            if (!double.IsFinite(value)) return;
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteNumber("step", report.Step);
                json.WriteNumber("epoch", report.Epoch);
                json.WriteString("wall", wall);
                json.WriteString("split", split);
                json.WriteString("name", name);
                json.WriteNumber("value", value);
                json.WriteEndObject();
            }

            text.Append(Encoding.UTF8.GetString(buffer.WrittenSpan)).Append('\n');
        }

        void Means(string split, BoundMeans means)
        {
            Line(split, "loss", means.Loss);
            Line(split, "elbo", means.Bound);
            Line(split, "reconstruction", means.Reconstruction);
            Line(split, "kl", means.KL);
        }

        Means("train", report.Train);
        if (report.WeightsKL is { } weights) Line("train", "weights_kl", weights);
        Line("train", "images_per_second", report.ImagesPerSecond);
        string probe = report.Validation is null ? "train" : "validation";
        if (report.Validation is { } validation) Means("validation", validation);
        if (state.Model.Units > 0) Line(probe, "active_units", report.ActiveUnits);
        for (int j = 0; j < report.KLPerDimension.Count; j++)
            Line(probe, FormattableString.Invariant($"kl/{j}"), report.KLPerDimension[j]);
        if (report.KLByLatent.Count > 1)
        {
            foreach ((string name, double kl) in report.KLByLatent) Line(probe, "kl_by_latent/" + name, kl);
        }

        if (report.Aggregate is { } split)
        {
            Line(probe, "mutual_information", split.MutualInformation);
            Line(probe, "marginal_kl", split.MarginalKL);
            if (split.TotalCorrelation is { } correlation) Line(probe, "total_correlation", correlation);
            for (int j = 0; j < split.MarginalKLPerDimension.Count; j++)
                Line(probe, FormattableString.Invariant($"marginal_kl/{j}"), split.MarginalKLPerDimension[j]);
        }

        File.AppendAllText(_path, text.ToString());
    }

    private static int? EpochOf(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("epoch").GetInt32();
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            return null; // an incomplete line of a killed process
        }
    }
}
