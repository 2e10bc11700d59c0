namespace Reparam.Data;

/// <summary>What the cells of one column are: counts, range, decimals and distinct texts, from one pass over a
/// table.</summary>
internal sealed class ColumnProfile
{
    /// <summary>The largest number of distinct texts that are counted.</summary>
    public const int MostLevels = 10_000;

    // Numbers that are kept to judge the shape of a column: the first ones.
    private const int SampleSize = 20_000;

    // The distinct texts with their numbers, NaN for no number, and counts; no more than MostLevels + 1.
    private readonly Dictionary<string, (double Number, long Count)> _levels = new(StringComparer.Ordinal);
    private readonly List<double> _sample = [];
    private double _last = double.NegativeInfinity;

    // The first and the last date, and the number of dates, in each order; one in ISO 8601 form counts in all.
    private readonly double[] _first = [double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity];
    private readonly double[] _latest = [double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity];
    private readonly long[] _dates = new long[3];
    private LocalDate? _local;
    private bool _isPadded = true;
    private string _time = "";

    public long Count { get; private set; }

    public long Missing { get; private set; }

    public long Numbers { get; private set; }

    /// <summary>The order of day and month in which all cells are dates; null if they are dates in both orders, or in
    /// none.</summary>
    public DateOrder? Order
    {
        get
        {
            bool byDay = AreDates(DateOrder.DayFirst), byMonth = AreDates(DateOrder.MonthFirst);
            return AreDates(DateOrder.YearFirst) ? DateOrder.YearFirst : byDay == byMonth ? null
                : byDay ? DateOrder.DayFirst : DateOrder.MonthFirst;
        }
    }

    /// <summary>Whether all cells are dates, and it is open which of two numbers is the day.</summary>
    public bool HasOpenOrder => Order is null && AreDates(DateOrder.DayFirst);

    /// <summary>Cells that are neither missing nor numbers.</summary>
    public long Texts => Count - Missing - Numbers;

    public string? FirstText { get; private set; }

    public long FirstTextRow { get; private set; }

    public bool HasGroups { get; private set; }

    public bool AreWhole { get; private set; } = true;

    public bool IsIncreasing { get; private set; } = true;

    public bool HasTimes { get; private set; }

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    public int Decimals { get; private set; }

    /// <summary>
    /// The distinct values in order, no more than <see cref="MostLevels"/> + 1. Where all cells are numbers, a value is
    /// a number, with its most frequent text or, of equally frequent ones, the shortest. Otherwise a value is a text.
    /// </summary>
    public string[] Levels => field ??= Texts > 0 ? [.. _levels.Keys.Order(StringComparer.Ordinal)]
        : [.. _levels.GroupBy(l => l.Value.Number).OrderBy(g => g.Key).Select(same => same.OrderByDescending(
            l => l.Value.Count).ThenBy(l => l.Key.Length).ThenBy(l => l.Key, StringComparer.Ordinal).First().Key)];

    /// <summary>Whether there are more distinct texts than are counted.</summary>
    public bool HasMoreLevels => _levels.Count > MostLevels;

    public void Add(ReadOnlySpan<char> text, TableFormat format)
    {
        Count++;
        if (TableFormat.IsMissing(text))
        {
            Missing++;
            return;
        }

        text = text.Trim();
        bool isNumber = format.TryNumber(text, out double value);
        if (_levels.Count <= MostLevels)
        {
            var levels = _levels.GetAlternateLookup<ReadOnlySpan<char>>();
            levels.TryGetValue(text, out (double Number, long Count) level);
            levels[text] = (value, level.Count + 1);
        }

        if (isNumber) Number(text, value, format);
        else
        {
            if (FirstText is null) (FirstText, FirstTextRow) = (text.ToString(), Count);
            Date(text);
        }
    }

    /// <summary>The smallest number or the first date.</summary>
    public double LowOf(ColumnKind kind, DateOrder order) => kind == ColumnKind.Date ? _first[(int)order] : Minimum;

    /// <summary>The largest number or the last date.</summary>
    public double HighOf(ColumnKind kind, DateOrder order) => kind == ColumnKind.Date ? _latest[(int)order] : Maximum;

    /// <summary>The pattern of dates in an order, as the cells write them; empty for ISO 8601.</summary>
    public string PatternOf(DateOrder order) => _local is not { } first || order == DateOrder.YearFirst ? ""
        : LocalDate.Pattern(order, first.Separator, _isPadded, _time);

    /// <summary>The quantiles of the kept numbers at the given levels.</summary>
    public double[] Quantiles(params ReadOnlySpan<double> levels)
    {
        double[] sorted = [.. _sample.Order()];
        double[] quantiles = new double[levels.Length];
        for (int i = 0; i < quantiles.Length; i++)
            quantiles[i] = sorted[(int)Math.Round(levels[i] * (sorted.Length - 1))];
        return quantiles;
    }

    /// <summary>Whether a few values far out, at most one in a hundred, make most of the standard deviation of the kept
    /// numbers: it is more than three times that of the middle 99 %.</summary>
    public bool HasOutliers()
    {
        double[] sorted = [.. _sample.Order()];
        int cut = sorted.Length / 200;
        return Deviation(sorted) > 3 * Deviation(sorted.AsSpan(cut, sorted.Length - 2 * cut));
    }

    private static double Deviation(ReadOnlySpan<double> values)
    {
        double mean = 0, square = 0;
        foreach (double value in values) mean += value / values.Length;
        foreach (double value in values) square += (value - mean) * (value - mean) / values.Length;
        return Math.Sqrt(square);
    }

    private bool AreDates(DateOrder order) => _dates[(int)order] is > 0 and var dates && dates == Count - Missing;

    private void Date(ReadOnlySpan<char> text)
    {
        if (TableFormat.TryDate(text, out double iso))
        {
            HasTimes |= text.Length > 10;
            Add(DateOrder.YearFirst, iso);
            Add(DateOrder.DayFirst, iso);
            Add(DateOrder.MonthFirst, iso);
        }
        else if (LocalDate.TryParse(text, out LocalDate date))
        {
            _local ??= date;
            _isPadded &= date.IsPadded;
            if (date.TimePattern.Length > _time.Length) _time = date.TimePattern;
            HasTimes |= _time.Length > 0;
            if (date.Seconds(DateOrder.DayFirst) is { } byDay) Add(DateOrder.DayFirst, byDay);
            if (date.Seconds(DateOrder.MonthFirst) is { } byMonth) Add(DateOrder.MonthFirst, byMonth);
        }

        void Add(DateOrder order, double seconds)
        {
            int o = (int)order;
            _dates[o]++;
            (_first[o], _latest[o]) = (Math.Min(_first[o], seconds), Math.Max(_latest[o], seconds));
        }
    }

    private void Number(ReadOnlySpan<char> text, double value, TableFormat format)
    {
        Numbers++;
        (Minimum, Maximum) = (Math.Min(Minimum, value), Math.Max(Maximum, value));
        AreWhole &= value == Math.Truncate(value);
        IsIncreasing &= value > _last;
        _last = value;
        HasGroups |= text.Contains(format.Decimal == '.' ? ',' : '.');
        int mark = text.LastIndexOf(format.Decimal);
        if (text.IndexOfAny('e', 'E') >= 0) Decimals = 15;
        else if (mark >= 0) Decimals = Math.Max(Decimals, Math.Min(15, text.Length - mark - 1));
        if (_sample.Count < SampleSize) _sample.Add(value);
    }
}
