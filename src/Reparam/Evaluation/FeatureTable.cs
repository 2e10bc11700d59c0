namespace Reparam.Evaluation;

/// <summary>Features of data for <see cref="BoostedTrees"/>, by column. A feature is a number, or a category as its
/// number from 0. NaN is a missing value.</summary>
public sealed class FeatureTable
{
    private readonly double[][] _columns;
    private readonly int[] _levels;

    /// <summary>A table of features. The columns are not copied.</summary>
    /// <param name="columns">The values of each feature.</param>
    /// <param name="levels">The number of categories of each feature; 0 for a feature of numbers.</param>
    /// <exception cref="ArgumentException">The columns have different lengths, there is not one number of categories
    /// for each, or a category is not from 0 to the number of categories minus 1.</exception>
    public FeatureTable(IReadOnlyList<double[]> columns, IReadOnlyList<int> levels)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(levels);
        (_columns, _levels) = ([.. columns], [.. levels]);
        if (_columns.Length == 0 || _columns.Length != _levels.Length)
        {
            throw new ArgumentException(
                $"Got {_columns.Length} columns and {_levels.Length} numbers of categories; give one each.");
        }

        for (int c = 0; c < _columns.Length; c++)
        {
            int count = _levels[c];
            bool IsLevel(double value) =>
                double.IsNaN(value) || (value >= 0 && value < count && value == Math.Truncate(value));
            if (_columns[c].Length != _columns[0].Length || (count > 0 && !_columns[c].All(IsLevel)))
            {
                throw new ArgumentException($"Feature {c} needs a value for each row, and categories from 0 to " +
                    $"{count - 1}.", nameof(columns));
            }
        }
    }

    /// <summary>The number of rows.</summary>
    public int Count => _columns[0].Length;

    /// <summary>The values of each feature.</summary>
    public IReadOnlyList<double[]> Columns => _columns;

    /// <summary>The number of categories of each feature; 0 for a feature of numbers.</summary>
    public IReadOnlyList<int> Levels => _levels;

    /// <summary>The rows at the indices.</summary>
    public FeatureTable Subset(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new FeatureTable([.. _columns.Select(c => Array.ConvertAll([.. rows], r => c[r]))], _levels);
    }

    /// <summary>The rows of this table, then those of another table with the same features.</summary>
    /// <exception cref="ArgumentException">The features differ.</exception>
    public FeatureTable Concat(FeatureTable other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!_levels.SequenceEqual(other._levels))
            throw new ArgumentException("The tables have different features.", nameof(other));
        return new FeatureTable([.. _columns.Zip(other._columns, (a, b) => (double[])[.. a, .. b])], _levels);
    }

    /// <summary>The table without one feature.</summary>
    public FeatureTable Without(int feature) => new(
        [.. _columns.Where((_, c) => c != feature)], [.. _levels.Where((_, c) => c != feature)]);
}
