namespace Reparam.Tabular;

/// <summary>Rows with Gower's distance (see <see cref="RowPrivacy"/>), searched exhaustively. Rows of several tables
/// have the same scales, those of the real table.</summary>
internal sealed class GowerRows
{
    // A text that the real table does not have: far from all cells, also from another such text, which may differ.
    private const int Unseen = -2;
    private const double UnseenNumber = double.PositiveInfinity;

    private readonly double[][] _numbers; // by row; divided by the range of the real numbers
    private readonly int[][] _levels; // by row; -1 is a missing cell

    private GowerRows(double[][] numbers, int[][] levels) => (_numbers, _levels) = (numbers, levels);

    public int Count => _numbers.Length;

    public static GowerRows Of(IReadOnlyList<ComparedColumn> columns, Func<ComparedColumn, double[]> cells)
    {
        (double[] Cells, double Scale)[] numbers = [.. columns.Where(c => !c.HasLevels || c.IsOrdered).Select(
            c => (Array.ConvertAll(cells(c), v => c.IsUnseen(v) ? UnseenNumber : v),
                c.High > c.Low ? c.High - c.Low : 1))];
        double[][] categories = [.. columns.Where(c => c.HasLevels && !c.IsOrdered).Select(
            c => Array.ConvertAll(cells(c), v => c.IsUnseen(v) ? Unseen : v))];
        int[] rows = [.. Enumerable.Range(0, cells(columns[0]).Length)];
        return new GowerRows(
            Array.ConvertAll(rows, r => Array.ConvertAll(numbers, n => n.Cells[r] / n.Scale)),
            Array.ConvertAll(rows, r => Array.ConvertAll(
                categories, c => double.IsNaN(c[r]) ? -1 : (int)c[r])));
    }

    public GowerRows Subset(int[] rows) =>
        new(Array.ConvertAll(rows, r => _numbers[r]), Array.ConvertAll(rows, r => _levels[r]));

    /// <summary>The distance of some rows of a table from the nearest row here. A row of this table is not its own
    /// neighbour.</summary>
    public double[] Nearest(GowerRows queries, int[] rows, CancellationToken cancellation)
    {
        double[] distances = new double[rows.Length];
        Parallel.For(0, rows.Length, TwoSampleTest.Options(cancellation), q => distances[q] = Nearest(
            queries._numbers[rows[q]], queries._levels[rows[q]], queries == this ? rows[q] : -1));
        return distances;
    }

    /// <summary>1 for each row of a table that equals a row here, else 0. A row of this table equals another
    /// one.</summary>
    public double[] Holds(GowerRows queries)
    {
        Dictionary<Row, int> known = [];
        for (int r = 0; r < Count; r++)
        {
            var row = new Row(_numbers[r], _levels[r]);
            known[row] = known.GetValueOrDefault(row) + 1;
        }

        int least = queries == this ? 2 : 1;
        return [.. queries._numbers.Zip(queries._levels, (numbers, levels) =>
            known.GetValueOrDefault(new Row(numbers, levels)) >= least ? 1.0 : 0)];
    }

    private double Nearest(double[] numbers, int[] levels, int without)
    {
        double least = double.PositiveInfinity;
        for (int row = 0; row < _numbers.Length; row++)
        {
            if (row == without) continue;
            double sum = 0;
            int[] otherLevels = _levels[row];
            for (int c = 0; c < levels.Length; c++) sum += levels[c] == otherLevels[c] && levels[c] != Unseen ? 0 : 1;
            if (sum >= least) continue;
            double[] others = _numbers[row];
            for (int c = 0; c < numbers.Length && sum < least; c++)
            {
                double difference = Math.Abs(numbers[c] - others[c]);
                sum += difference <= 1 ? difference : double.IsNaN(numbers[c]) && double.IsNaN(others[c]) ? 0 : 1;
            }

            least = Math.Min(least, sum);
        }

        return least / (numbers.Length + levels.Length);
    }

    /// <summary>A row as a key: two missing cells are equal, and a row with an unseen text equals none.</summary>
    private readonly record struct Row(double[] Numbers, int[] Levels)
    {
        public bool Equals(Row other) => Levels.AsSpan().SequenceEqual(other.Levels)
            && Numbers.AsSpan().SequenceEqual(other.Numbers)
            && !Levels.Contains(Unseen) && !Numbers.Contains(UnseenNumber);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (double number in Numbers) hash.Add(number);
            foreach (int level in Levels) hash.Add(level);
            return hash.ToHashCode();
        }
    }
}
