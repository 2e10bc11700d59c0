namespace Reparam.Cli.Runs;

/// <summary>Names of columns that several sources give to one file.</summary>
internal static class ColumnNames
{
    /// <summary>The names, where a name that is taken or comes again gets underscores at its end, because a file
    /// names a column once.</summary>
    public static string[] Distinct(IEnumerable<string> names, IEnumerable<string> taken)
    {
        HashSet<string> used = [.. taken];
        return [.. names.Select(name =>
        {
            while (!used.Add(name)) name += "_";
            return name;
        })];
    }
}
