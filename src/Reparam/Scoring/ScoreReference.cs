using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reparam.Serialization;

namespace Reparam.Scoring;

/// <summary>The scores of held-out data, with which new scores are compared: the content of <c>scores.json</c> in a
/// run's folder.</summary>
public sealed record ScoreReference
{
    /// <summary>The step of the checkpoint that was scored.</summary>
    public required long Step { get; init; }

    /// <summary>The number of draws for each data point.</summary>
    public required int Samples { get; init; }

    /// <summary>The held-out scores, sorted.</summary>
    public required IReadOnlyList<double> Scores { get; init; }

    /// <summary>The mean of the nats of each element (<see cref="ElementScore.Nats"/>).</summary>
    public required IReadOnlyList<double> Means { get; init; }

    /// <summary>The number n of held-out data.</summary>
    [JsonIgnore]
    public int Count => Scores.Count;

    /// <summary>(1 + number of held-out scores that are at least <paramref name="score"/>) / (1 + n).</summary>
    public double PValue(double score)
    {
        // Binary search for the first held-out score that is at least the score.
        int low = 0, high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Scores[middle] >= score) high = middle;
            else low = middle + 1;
        }

        return (1.0 + Count - low) / (1 + Count);
    }

    /// <summary>The scores in a sentence, for the model card.</summary>
    /// <param name="density">The density of the model: log p(x) or log p(x|y).</param>
    internal string Statement(string density) => string.Create(CultureInfo.InvariantCulture, $"-{density} of " +
        $"{Count:N0} held-out data is {(Scores[(Count - 1) / 2] + Scores[Count / 2]) / 2:F2} nats in the median and " +
        $"{Scores[^1]:F2} at most ({Samples:N0} draws each); a p-value of `reparam score` is a share of these data, " +
        $"so it is at least {1.0 / (1 + Count):G2}");

    /// <summary>The reference of held-out scores. The elements of one data point at a time are in memory.</summary>
    internal static ScoreReference Of(long step, int samples, IEnumerable<DatumScore> held)
    {
        double[] sums = [];
        long[] counts = [];
        List<(double Score, int[] Missing)> scores = [];
        foreach (DatumScore datum in held)
        {
            if (scores.Count == 0) (sums, counts) = (new double[datum.Elements.Count], new long[datum.Elements.Count]);
            for (int e = 0; e < sums.Length; e++)
            {
                if (!double.IsFinite(datum.Elements[e].Nats)) continue;
                sums[e] += datum.Elements[e].Nats;
                counts[e]++;
            }

            scores.Add((datum.Score, Missing(datum.Elements)));
        }

        double[] means = [.. sums.Zip(counts, (sum, count) => count == 0 ? 0 : sum / count)];
        return new ScoreReference
        {
            Step = step, Samples = samples, Means = means,
            Scores = [.. scores.Select(s => s.Score + s.Missing.Sum(e => means[e])).Order()],
        };
    }

    /// <summary>The nats that missing cells would have on average: those of held-out data.</summary>
    internal double OfMissing(IReadOnlyList<ElementScore> elements) => Missing(elements).Sum(e => Means[e]);

    private static int[] Missing(IReadOnlyList<ElementScore> elements) =>
        [.. Enumerable.Range(0, elements.Count).Where(e => double.IsNaN(elements[e].Nats))];

    /// <summary>Writes the reference as JSON. The file is written completely or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    internal void Save(string path) => AtomicFile.WriteAllText(
        path, JsonSerializer.Serialize(this, ScoreReferenceContext.Default.ScoreReference) + "\n");

    /// <summary>Reads a file of <see cref="Save"/>.</summary>
    /// <exception cref="InvalidModelException">The file is damaged.</exception>
    internal static ScoreReference Load(string path)
    {
        try
        {
            ScoreReference read = JsonSerializer.Deserialize(
                File.ReadAllText(path), ScoreReferenceContext.Default.ScoreReference)
                ?? throw new JsonException("it is empty");
            return read.Scores.Count > 0 && read.Samples > 0 && read.Means.All(double.IsFinite)
                && read.Scores.Zip(read.Scores.Skip(1)).All(p => p.First <= p.Second)
                ? read : throw new JsonException("its numbers are not held-out scores in order");
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException)
        {
            throw new InvalidModelException(path, 0, $"it does not hold the scores of held-out data " +
                $"({failure.Message}); delete it, so that it is computed again.", failure);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ScoreReference))]
internal sealed partial class ScoreReferenceContext : JsonSerializerContext;
