using System.Globalization;
using Reparam.Models;

namespace Reparam.Cli.Display;

/// <summary>Adds the parts of a KL to a result, as lines and as JSON values.</summary>
internal static class KLSplit
{
    public static void AddTo(Result result, AggregatePosterior? split)
    {
        result.Add("mutual_information", split is null ? null : Result.Number(split.MutualInformation));
        result.Add("marginal_kl", split is null ? null : Result.Number(split.MarginalKL));
        result.Add("total_correlation", split?.TotalCorrelation is { } correlation ? Result.Number(correlation) : null);
        result.Add("marginal_kl_per_dimension", Result.Numbers(split?.MarginalKLPerDimension ?? []));
        result.Add("split_count", split?.Count);
        result.Add("split_is_saturated", split?.IsSaturated);
        if (split is null) return;
        string of = FormattableString.Invariant($"nats, from {split.Count:N0} data");
        result.Line("  I(x; z)", string.Create(CultureInfo.InvariantCulture, $"{split.MutualInformation:F2} {of}; " +
            $"this estimate is at most {split.Ceiling:F2}{(split.IsSaturated ? ", so this is a lower bound" : "")}"));
        result.Line("  KL(q(z)||p)",
            FormattableString.Invariant($"{split.MarginalKL:F2} {of}{(split.IsSaturated ? "; an upper bound" : "")}"));
        if (split.TotalCorrelation is not { } total) return;
        string parts = split.MarginalKLPerDimension.Count > 0
            ? FormattableString.Invariant($" + sum over dimensions {split.MarginalKLPerDimension.Sum():F2}") : "";
        result.Line("",
            FormattableString.Invariant($"{(parts.Length > 0 ? "= " : "with ")}total correlation {total:F2}{parts}"));
    }
}
