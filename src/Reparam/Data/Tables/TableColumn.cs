using System.Globalization;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// One column of a table: its kind, and how its cells become numbers and back. A cell is first read as a number: the
/// number itself, the seconds since 1970 of a date, or the position of a text among <see cref="Levels"/>. The model
/// sees the encoded number (<see cref="Encode"/>). NaN is a missing cell.
/// </summary>
public sealed record TableColumn
{
    /// <summary>The largest number of levels of an ordinal column.</summary>
    internal const int MostOrdered = 33;

    // The largest number of a model. Its square, divided by the smallest variance e^-12 of a likelihood, is finite in
    // Float32.
    private const double Largest = 1e15;
    private const double Day = 86_400;

    private int[]? _codes;

    /// <summary>The name in the header.</summary>
    public required string Name { get; init; }

    /// <summary>What the cells mean.</summary>
    public required ColumnKind Kind { get; init; }

    /// <summary>Why the column has this kind, in one sentence.</summary>
    public string Reason { get; init; } = "";

    /// <summary>How numbers become inputs of a model.</summary>
    public ColumnTransform Transform { get; init; }

    /// <summary>The centre that the transform subtracts, fitted to training rows.</summary>
    public double Center { get; init; }

    /// <summary>The scale by which the transform then divides, fitted to training rows; positive.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>The texts of a category or of an ordinal column, in order.</summary>
    public IReadOnlyList<string> Levels { get; init; } = [];

    /// <summary>The positions of the levels that are too rare in the training rows and count as "other".</summary>
    public IReadOnlyList<int> Rare
    {
        get;
        init
        {
            field = value;
            _codes = null;
        }
    } = [];

    /// <summary>The number of decimals in the source.</summary>
    public int Decimals { get; init; }

    /// <summary>How the source writes the dates of a column where they are not in ISO 8601 form, as a .NET pattern such
    /// as <c>dd.MM.yyyy</c>; else empty.</summary>
    public string DatePattern { get; init; } = "";

    /// <summary>The order of the dates of a column.</summary>
    public DateOrder DateOrder => DatePattern.Length == 0 ? DateOrder.YearFirst
        : DatePattern[0] == 'd' ? DateOrder.DayFirst : DateOrder.MonthFirst;

    /// <summary>The smallest number in the source.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>The largest number in the source.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>Quantiles of a column of numbers, in equal steps from the smallest to the largest number of the
    /// training rows; empty for other columns. Synthetic rows take their numbers from them.</summary>
    public IReadOnlyList<double> Quantiles { get; init; } = [];

    /// <summary>The share of missing cells, in [0, 1].</summary>
    public double Missing { get; init; }

    /// <summary>Whether the user chose the column as a condition: a model p(x|y) takes its cells as y.</summary>
    public bool IsCondition { get; init; }

    /// <summary>Whether a model has this column, as a cell of x or as a condition.</summary>
    public bool IsUsed => Kind is not (ColumnKind.Constant or ColumnKind.Identifier or ColumnKind.Ignored);

    /// <summary>Whether the column is a cell of x, whose distribution is modelled.</summary>
    public bool IsModelled => IsUsed && !IsCondition;

    /// <summary>Whether the cells are texts, whose numbers are their positions among <see cref="Levels"/>.</summary>
    public bool HasLevels => Kind is ColumnKind.Category or ColumnKind.Ordinal;

    /// <summary>Whether the cells are numbers on a continuous scale.</summary>
    public bool IsContinuous => Kind is ColumnKind.Real or ColumnKind.Positive or ColumnKind.Date;

    /// <summary>K, the number of categories of the model: the levels that are not rare, and "other", which an ordinal
    /// column does not have.</summary>
    public int Categories => Levels.Count - Rare.Count + (Kind == ColumnKind.Category ? 1 : 0);

    /// <summary>The number of a cell; NaN if it is missing or unknown. A text that is not among the levels has the
    /// number after the last level.</summary>
    /// <param name="text">The cell.</param>
    /// <param name="format">How numbers are written.</param>
    /// <param name="levels">The positions of the levels by text.</param>
    /// <param name="isUnknown">Whether the cell is neither missing nor a value of the column: a text in a column of
    /// numbers, or a text that is not among the levels.</param>
    /// <param name="isImpossible">Whether the cell is a value that the column cannot have: a negative or broken count,
    /// a number other than 0 and 1 in a boolean column, or a text that is no level of an ordinal column.</param>
    internal double Parse(ReadOnlySpan<char> text, TableFormat format, LevelPositions levels, out bool isUnknown,
        out bool isImpossible)
    {
        isUnknown = isImpossible = false;
        if (TableFormat.IsMissing(text)) return double.NaN;
        if (HasLevels)
        {
            if (levels.Of(text, format) is >= 0 and var level) return level;
            isUnknown = true;
            isImpossible = Kind == ColumnKind.Ordinal;
            return Levels.Count;
        }

        double value;
        bool isNumber = Kind == ColumnKind.Date ? TableFormat.TryDate(text, DateOrder, out value)
            : format.TryNumber(text, out value);
        isImpossible = isNumber && ((Kind == ColumnKind.Count && (value < 0 || value != Math.Truncate(value)))
            || (Kind == ColumnKind.Boolean && value is not (0 or 1)));
        isUnknown = !isNumber || isImpossible;
        return isUnknown ? double.NaN : value;
    }

    /// <summary>
    /// The model's number for a number of the source. It lies in [-10^15, 10^15], so that the square of a mark such as
    /// 1e300 cannot overflow.
    /// </summary>
    public double Encode(double value)
    {
        if (double.IsNaN(value)) return value;
        switch (Kind)
        {
            case ColumnKind.Ordinal when value >= Levels.Count:
                return double.NaN; // an ordinal column has no "other"
            case ColumnKind.Category or ColumnKind.Ordinal:
                return Codes[(int)value];
            case ColumnKind.Count:
                return Math.Clamp(Math.Round(value), 0, Largest);
            case ColumnKind.Boolean:
                return Math.Clamp(value, 0, 1);
            default:
                double encoded = Transform == ColumnTransform.None ? value
                    : (Transformed(value) - Center) / Scale;
                return Math.Clamp(encoded, -Largest, Largest);
        }
    }

    /// <summary>The number, or its logarithm for <see cref="ColumnTransform.Log"/>. A number that is not positive has
    /// no logarithm; it is put far below the smallest number of the source.</summary>
    internal double Transformed(double value) => Transform != ColumnTransform.Log ? value
        : PortableMath.Log(Math.Max(value, Minimum * 1e-3));

    /// <summary>The number of the source for a model's number: the inverse of <see cref="Encode"/>, within the range of
    /// the source for whole numbers.</summary>
    public double Decode(double value)
    {
        if (double.IsNaN(value)) return value;
        switch (Kind)
        {
            case ColumnKind.Category or ColumnKind.Ordinal:
                int code = (int)Math.Clamp(Math.Round(value), 0, Categories - 1);
                int level = Array.IndexOf(Codes, code);
                return level;
            case ColumnKind.Count:
                return Math.Max(0, Math.Round(value));
            case ColumnKind.Boolean:
                return value >= 0.5 ? 1 : 0;
            default:
                if (Transform == ColumnTransform.None) return value;
                double x = value * Scale + Center;
                return Transform == ColumnTransform.Log ? PortableMath.Exp(x) : x;
        }
    }

    /// <summary>A number of the source with all its digits, a level, or a date as <see cref="Text"/> writes it; empty
    /// for NaN.</summary>
    public string Exact(double value) => double.IsNaN(value) ? ""
        : HasLevels ? value < Levels.Count ? Levels[(int)value] : "other"
        : Kind == ColumnKind.Date ? Text(value) : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A model's number within the range of the source. What a model decodes is written within this range,
    /// because numbers far outside may be none at all, such as the exponential of a large logarithm.</summary>
    internal double Bounded(double value) => HasLevels || Kind == ColumnKind.Boolean ? value
        : Math.Clamp(value, Encode(Minimum), Encode(Maximum));

    /// <summary>A number of the source for a message: as <see cref="Text"/>, with at most six significant
    /// digits.</summary>
    public string Brief(double value) => HasLevels || Kind == ColumnKind.Date || double.IsNaN(value)
        ? Text(value) : Math.Round(value, Math.Min(Decimals, 15)).ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>A number of the source as it is written: rounded to whole days, whole seconds or the source's
    /// decimals.</summary>
    internal double Written(double value) => Kind switch
    {
        ColumnKind.Category or ColumnKind.Ordinal => value,
        ColumnKind.Date => Decimals == 0 ? Day * Math.Round(value / Day) : Math.Round(value),
        _ => Math.Round(value, Math.Min(Decimals, 15), MidpointRounding.ToEven) + 0.0,
    };

    /// <summary>A number of the source as the text of a cell, with the source's decimals; empty for NaN.</summary>
    public string Text(double value, char decimalMark = '.')
    {
        if (double.IsNaN(value)) return "";
        switch (Kind)
        {
            case ColumnKind.Category or ColumnKind.Ordinal:
                int level = (int)value;
                return level >= 0 && level < Levels.Count && !Rare.Contains(level) ? Levels[level] : "other";
            case ColumnKind.Date:
                DateTimeOffset time = DateTimeOffset.UnixEpoch.AddSeconds(
                    Math.Clamp(Written(value), -62_135_596_800, 253_402_300_799));
                string iso = Decimals == 0 ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss";
                return time.ToString(DatePattern.Length > 0 ? DatePattern : iso, CultureInfo.InvariantCulture);
            default:
                string text = Written(value).ToString(
                    "F" + Math.Min(Decimals, 15).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
                return decimalMark == '.' ? text : text.Replace('.', decimalMark);
        }
    }

    /// <summary>The model's category of each level, and of a text that is no level.</summary>
    private int[] Codes
    {
        get
        {
            if (_codes is not null) return _codes;
            int[] codes = new int[Levels.Count + 1];
            int next = 0;
            HashSet<int> rare = [.. Rare];
            for (int level = 0; level < Levels.Count; level++)
                codes[level] = rare.Contains(level) ? Categories - 1 : next++;
            codes[Levels.Count] = Categories - 1;
            return _codes = codes;
        }
    }
}
