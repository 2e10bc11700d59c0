using System.Text.Json.Serialization;
using Reparam.Training;

namespace Reparam.Runs;

/// <summary>The content of <c>state.json</c>: the scalars of a <see cref="TrainingState"/>. Doubles round-trip exactly.
/// A sum is infinite if the sampled KL of one data point was infinite.</summary>
internal sealed record SavedState
{
    /// <summary>The schema that this version reads and writes.</summary>
    public const int CurrentSchema = 1;

    public required int Schema { get; init; }

    public required long Step { get; init; }

    public required int Epoch { get; init; }

    public required int BatchInEpoch { get; init; }

    public required BoundTotals Running { get; init; }

    /// <summary>Null before the first validation (JSON has no -infinity).</summary>
    public required double? BestBound { get; init; }

    public required int BestEpoch { get; init; }

    public required bool StoppedEarly { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(SavedState))]
internal sealed partial class SavedStateContext : JsonSerializerContext;
