using System.Globalization;
using System.Text.RegularExpressions;
using Reparam.Configuration;

namespace Reparam.Data;

/// <summary>Decides the kind of a column from its profile, and says why.</summary>
internal static partial class ColumnInference
{
    // A column of whole numbers with at most this many different values is a category.
    private const int FewNumbers = 12;

    // In fewer rows than this, distinct values say nothing about identifiers, and a few numbers nothing about tails.
    private const int FewRows = 50;

    public static TableColumn Infer(string name, ColumnProfile profile)
    {
        TableColumn column = Kind(name, profile);
        return InRange(column, profile) with
        {
            Missing = profile.Count == 0 ? 0 : (double)profile.Missing / profile.Count,
        };
    }

    /// <summary>The column with another kind, which the user chose.</summary>
    /// <param name="column">The column.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="profile">The cells.</param>
    /// <param name="order">The order of dates, if the user chose it; else that of the cells.</param>
    public static TableColumn As(
        TableColumn column, ColumnKind kind, ColumnProfile profile, DateOrder? order = null) => InRange(column with
    {
        Kind = kind,
        Reason = "chosen by the user",
        Decimals = kind == ColumnKind.Date ? profile.HasTimes ? 1 : 0 : profile.Decimals,
        DatePattern = profile.PatternOf(order ?? profile.Order ?? DateOrder.YearFirst),
        Levels = kind is ColumnKind.Category or ColumnKind.Ordinal ? profile.Levels : [],
        Transform = kind switch
        {
            ColumnKind.Real => column.Transform == ColumnTransform.Robust ? ColumnTransform.Robust
                : ColumnTransform.Standardize,
            ColumnKind.Positive => ColumnTransform.Log,
            ColumnKind.Date => ColumnTransform.Standardize,
            _ => ColumnTransform.None,
        },
    }, profile);

    /// <summary>How a user chooses the order of the dates of a column.</summary>
    public static string ChoiceOfOrder(string name)
    {
        string quoted = QuotedText.Join([name]);
        return $"choose {quoted}=date:day-first or {quoted}=date:month-first with data.columns";
    }

    private static TableColumn InRange(TableColumn column, ColumnProfile profile)
    {
        double low = profile.LowOf(column.Kind, column.DateOrder), high = profile.HighOf(column.Kind, column.DateOrder);
        return column with
        {
            Minimum = double.IsFinite(low) ? low : column.Minimum,
            Maximum = double.IsFinite(high) ? high : column.Maximum,
        };
    }

    private static TableColumn Kind(string name, ColumnProfile p)
    {
        long present = p.Count - p.Missing;
        if (present == 0) return Of(ColumnKind.Ignored, "no row has a value");
        if (p.Levels.Length == 1)
        {
            string only = p.Levels[0];
            return Of(ColumnKind.Constant, $"all rows have the value '{only}'") with { Levels = [only] };
        }

        // Some texts among many different numbers are mistakes or marks of missing values.
        bool isMarked = p.Levels.Length > 3 * FewNumbers ? p.Texts <= present / 5 : p.Texts <= present / 100;
        if (p.Texts == 0 || (isMarked && p.Numbers > FewNumbers)) return Number(name, p, present);
        if (p.Order is { } order)
        {
            string written = order switch
            {
                DateOrder.DayFirst => ", the day first", DateOrder.MonthFirst => ", the month first", _ => "",
            };
            return Of(ColumnKind.Date, $"all cells are dates{written}", ColumnTransform.Standardize) with
            {
                Decimals = p.HasTimes ? 1 : 0, DatePattern = p.PatternOf(order),
            };
        }

        string open = !p.HasOpenOrder ? ""
            : $"; dates in which no number tells the day from the month: {ChoiceOfOrder(name)}";

        if (p.HasMoreLevels || (present >= FewRows && p.Levels.Length > 0.9 * present))
        {
            string many = p.HasMoreLevels ? FormattableString.Invariant($"more than {ColumnProfile.MostLevels:N0}")
                : FormattableString.Invariant($"{p.Levels.Length:N0}");
            return Of(ColumnKind.Identifier, FormattableString.Invariant(
                $"{many} different texts in {present:N0} rows: they name rows") + open);
        }

        string mixed = p.Numbers > 0 ? $", {Share(p.Numbers, present)} of them numbers" : "";
        return Of(ColumnKind.Category, FormattableString.Invariant(
            $"{p.Levels.Length:N0} different texts{mixed}") + open) with { Levels = p.Levels };

        TableColumn Of(ColumnKind kind, string reason, ColumnTransform transform = ColumnTransform.None) =>
            Column(name, kind, reason, transform);
    }

    private static TableColumn Number(string name, ColumnProfile p, long present)
    {
        string texts = p.Texts == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
            $"; {p.Texts:N0} cells are no numbers and count as missing, such as '{p.FirstText}' in row " +
            $"{p.FirstTextRow:N0}");
        string groups = p.HasGroups ? " with thousands separators" : "";
        if (p.AreWhole && p is { Minimum: 0, Maximum: 1 }) return Of(ColumnKind.Boolean, "only 0 and 1");
        bool isDistinct = p.Levels.Length == present || p.HasMoreLevels;
        if (p.AreWhole && isDistinct && present >= FewRows && (p.IsIncreasing || IdentifierName().IsMatch(name)))
            return Of(ColumnKind.Identifier, "a different whole number in each row: it numbers rows");
        if (p.AreWhole && p.Levels.Length <= FewNumbers && present >= FewRows && p.Texts == 0)
        {
            return Of(ColumnKind.Category, $"only {p.Levels.Length} different whole numbers{groups}") with
            {
                Levels = p.Levels,
            };
        }

        double[] q = p.Quantiles(0.01, 0.5, 0.99);
        bool isSkewed = p.Minimum > 0 && q[2] - q[1] > 4 * (q[1] - q[0]);
        bool isEnough = present >= FewRows && p.Levels.Length > FewNumbers;
        if (p.AreWhole && p.Minimum == 0) return Of(ColumnKind.Count, $"whole numbers from 0{groups}");
        if (isSkewed && isEnough)
            return Of(ColumnKind.Positive, $"positive numbers{groups} with a long upper tail", ColumnTransform.Log);
        if (isSkewed)
        {
            string seen = FormattableString.Invariant($"{p.Levels.Length:N0} different ones in {present:N0} cells");
            return Of(ColumnKind.Real, $"numbers{groups} with a long upper tail, but only {seen}: a logarithm needs " +
                $"more than {FewNumbers} in at least {FewRows}", ColumnTransform.Standardize);
        }

        return p.HasOutliers()
            ? Of(ColumnKind.Real, $"numbers{groups}, a few of them far out", ColumnTransform.Robust)
            : Of(ColumnKind.Real, $"numbers{groups}", ColumnTransform.Standardize);

        TableColumn Of(ColumnKind kind, string reason, ColumnTransform transform = ColumnTransform.None) =>
            Column(name, kind, reason + texts, transform) with { Decimals = p.Decimals };
    }

    private static TableColumn Column(string name, ColumnKind kind, string reason, ColumnTransform transform) => new()
    {
        Name = name, Kind = kind, Reason = reason, Transform = transform,
    };

    private static string Share(long part, long whole) =>
        string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:F0} %");

    [GeneratedRegex("(^|[_ .-])(id|uuid|guid|key|index|idx|nr|no|number)$", RegexOptions.IgnoreCase)]
    private static partial Regex IdentifierName();
}
