namespace Reparam.Data;

public sealed partial class TableSchema
{
    // In more rows than this, a level that occurs once in the training rows is rare.
    private const int ManyRows = 100;

    private const int MostQuantiles = 257;

    /// <summary>
    /// Fits the transforms to training rows: centres and scales of numbers, and the levels of categories that are too
    /// rare (absent or, in more than 100 rows, present once).
    /// </summary>
    /// <exception cref="ArgumentException">The data are not rows of this schema's table.</exception>
    public TableSchema Fit(Dataset train)
    {
        TableRows rows = RowsOf(train);
        int[] covered = rows.CoveredRows(train.Count);
        TableColumn[] columns = [.. Columns];
        for (int c = 0; c < _used.Length; c++)
        {
            int column = c;
            columns[_used[c]] = Fitted(Used[c], row => rows.Columns[column][covered[row]], covered.Length);
        }

        return new TableSchema(columns, Format, Label, Labels, Window) { Given = GivenIn(rows, train.Count) };
    }

    /// <summary>The rows as a model takes them: encoded by this schema, in columns of their own width.</summary>
    /// <exception cref="ArgumentException">The data are not rows of this schema's table.</exception>
    public Dataset Apply(Dataset data) => Dataset.OfTable(data.Name, RowsOf(data) with { Encoder = this }, data.Count,
        data.Labels);

    private TableRows RowsOf(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Rows is { } rows && rows.Columns.Length == _used.Length
            ? rows
            : throw new ArgumentException(
                $"Data set '{data.Name}' does not hold rows of a table with {_used.Length} columns.", nameof(data));
    }

    private static TableColumn Fitted(TableColumn column, Func<int, double> cell, int count)
    {
        if (column.Kind == ColumnKind.Category)
        {
            long[] counts = new long[column.Levels.Count + 1];
            for (int row = 0; row < count; row++)
            {
                if (cell(row) is var level && !double.IsNaN(level)) counts[(int)level]++;
            }

            int least = count > ManyRows ? 2 : 1;
            // The most frequent level is never rare, so that a category has at least one level besides "other".
            long most = counts.AsSpan(0, column.Levels.Count).ToArray().Max();
            return column with
            {
                Rare = [.. Enumerable.Range(0, column.Levels.Count).Where(
                    level => counts[level] < least && counts[level] < most)],
                Missing = 1 - (double)counts.Sum() / count,
            };
        }

        int observed = Enumerable.Range(0, count).Count(row => !double.IsNaN(column.Encode(cell(row))));
        column = column with { Missing = 1 - (double)observed / count };

        if (column.IsContinuous || column.Kind == ColumnKind.Count)
            column = column with { Quantiles = Spread(cell, count) };
        if (column.Transform == ColumnTransform.None) return column;
        List<double> values = [];
        for (int row = 0; row < count; row++)
        {
            if (column.Transformed(cell(row)) is var value && !double.IsNaN(value)) values.Add(value);
        }

        if (values.Count == 0) return column;
        (double centre, double scale) = column.Transform == ColumnTransform.Robust
            ? Quartiles(values) : Moments(values);
        // A column that is constant in the training rows keeps a scale of 1.
        bool isConstant = !(scale > 1e-12 * Math.Abs(centre)) || !double.IsNormal(scale);
        return column with { Center = centre, Scale = isConstant ? 1 : scale };
    }

    /// <summary>The numbers of the rows in order; of many rows, evenly spaced ones.</summary>
    private static double[] Spread(Func<int, double> cell, int count)
    {
        double[] sorted = [.. Enumerable.Range(0, count).Select(cell).Where(v => !double.IsNaN(v)).Order()];
        return sorted.Length <= MostQuantiles ? sorted : [.. Enumerable.Range(0, MostQuantiles).Select(
            i => sorted[(int)((long)i * (sorted.Length - 1) / (MostQuantiles - 1))])];
    }

    private static (double Center, double Scale) Moments(List<double> values)
    {
        double mean = values.Average(), square = 0;
        foreach (double value in values) square += (value - mean) * (value - mean);
        return (mean, Math.Sqrt(square / values.Count));
    }

    private static (double Center, double Scale) Quartiles(List<double> values)
    {
        values.Sort();
        double At(double share) => values[(int)Math.Round(share * (values.Count - 1))];
        // The distance of the quartiles of a normal is 1.349 standard deviations.
        double scale = 0.7413 * (At(0.75) - At(0.25));
        return (At(0.5), scale > 0 ? scale : Moments(values).Scale);
    }
}
