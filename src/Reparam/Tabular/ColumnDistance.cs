using Reparam.Data;
using Reparam.Evaluation;

namespace Reparam.Tabular;

/// <summary>
/// How far the cells of one column of a synthetic table are from those of the real one. Missing cells are left out of
/// all but their share.
/// </summary>
/// <param name="Column">The column, with the kind that was inferred from the real table.</param>
/// <param name="Distance">The Kolmogorov-Smirnov distance of numbers, of dates and of levels in order, where a level
/// that the real table does not have comes last, or the total variation distance of categories
/// (<see cref="TwoSamples"/>), from 0 to 1. It is 1 if only one of the tables has values. 1 - Distance is KSComplement
/// and TVComplement of SDMetrics.</param>
/// <param name="Chance">The same distance after the rows of both tables are dealt to the tables at random: the distance
/// that is expected if both tables come from one source.</param>
/// <param name="Outside">The share of the synthetic values that lie outside the range of the real ones, or are levels
/// that the real table does not have.</param>
/// <param name="Real">The real cells.</param>
/// <param name="Synthetic">The synthetic cells.</param>
public sealed record ColumnDistance(TableColumn Column, double Distance, double Chance, double Outside,
    ColumnSummary Real, ColumnSummary Synthetic)
{
    /// <summary>Whether <see cref="Distance"/> is the total variation distance of levels, and not the
    /// Kolmogorov-Smirnov distance of numbers or of ordered levels.</summary>
    public bool IsCategory => Column.Kind is ColumnKind.Category or ColumnKind.Boolean;

    internal static ColumnDistance Of(ComparedColumn column, int[] deal)
    {
        (double[] real, double[] synthetic) = (column.Real, column.Synthetic);
        double[] known = ComparedColumn.Known(synthetic);
        int outside = known.Count(v => column.HasLevels ? column.IsUnseen(v) : !(v >= column.Low && v <= column.High));
        return new ColumnDistance(column.Column, Between(column, real, synthetic),
            Between(column, Dealt(real, synthetic, deal.AsSpan(0, real.Length)),
                Dealt(real, synthetic, deal.AsSpan(real.Length))),
            known.Length == 0 ? 0 : (double)outside / known.Length, ColumnSummary.Of(column, real),
            ColumnSummary.Of(column, synthetic));
    }

    /// <summary>The cells at places among the cells of both tables.</summary>
    internal static T[] Dealt<T>(T[] real, T[] synthetic, ReadOnlySpan<int> places)
    {
        var dealt = new T[places.Length];
        for (int i = 0; i < dealt.Length; i++)
            dealt[i] = places[i] < real.Length ? real[places[i]] : synthetic[places[i] - real.Length];
        return dealt;
    }

    private static double Between(ComparedColumn column, double[] a, double[] b)
    {
        (double[] first, double[] second) = (ComparedColumn.Known(a), ComparedColumn.Known(b));
        if (first.Length == 0 || second.Length == 0) return first.Length == second.Length ? 0 : 1;
        return column.HasLevels && !column.IsOrdered ? TwoSamples.TotalVariation(column.Counts(a), column.Counts(b))
            : TwoSamples.KolmogorovSmirnov(first, second);
    }
}
