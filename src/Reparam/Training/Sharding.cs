using System.Globalization;
using System.Numerics;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Processes;

namespace Reparam.Training;

/// <summary>What a batch that is cut into shards needs.</summary>
internal static class Sharding
{
    /// <summary>The number of data in the largest shard of a batch.</summary>
    public static int Largest(int batch, int shards) => (batch + shards - 1) / shards;

    /// <summary>Why a number of shards is refused; null if it is not.</summary>
    public static string? Problem(int shards) => shards >= 1 && BitOperations.IsPow2(shards) ? null
        : $"The number of shards (training.shards) is {shards}. The gradients of the shards are added in a fixed " +
            "binary tree, so set it to a power of two: 1, 2, 4, 8, ...";

    /// <summary>Why a number of processes cannot share the shards; null if they can.</summary>
    public static string? Problem(int shards, Ranks ranks) => shards % ranks.Count == 0 ? null
        : $"{ranks.Count} processes cannot share {shards} shard{(shards == 1 ? "" : "s")} (training.shards): start " +
            $"at most {shards}, or set training.shards to {ranks.Count} or a larger power of two.";

    /// <summary>Why a model cannot be trained with shards; null if it can.</summary>
    public static string? Problem(LatentVariableModel model, Objective objective, int shards, int batch, int count)
    {
        if (shards == 1) return null;
        if (model.Tree.FirstOrDefault(module => module.NeedsWholeBatches) is { } unfit)
        {
            return $"{Compatibility.Words(unfit)} has state that follows whole batches, so a batch cannot be cut " +
                "into shards: set training.shards to 1.";
        }

        if (batch < shards)
        {
            return $"A batch of {batch} data points (training.batch) cannot be cut into {shards} shards " +
                "(training.shards): choose a larger batch or fewer shards.";
        }

        Module? comparing = model.Tree.FirstOrDefault(module => module.ComparesData);
        if (comparing is null && !objective.ComparesData) return null;
        int last = count % batch == 0 ? batch : count % batch, smallest = last / shards;
        if (smallest >= 2) return null;
        string what = comparing is null ? $"The objective '{objective.Name}'" : Compatibility.Words(comparing);
        return string.Create(CultureInfo.InvariantCulture, $"{what} compares the data of a shard. The last of the " +
            $"batches (training.batch) has {last} data points, and one of its {shards} shards (training.shards) has " +
            $"{smallest}; at least 2 are needed. Choose another batch or fewer shards.");
    }
}
