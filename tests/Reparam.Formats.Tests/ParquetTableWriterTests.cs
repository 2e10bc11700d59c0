using System.Globalization;
using Parquet;
using Parquet.Schema;
using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Formats.Tests;

/// <summary>Tables that are written as Parquet files, read back by the package itself and by our reader.</summary>
public sealed class ParquetTableWriterTests
{
    private static readonly WrittenColumn[] s_columns =
    [
        new("name, of. all", CellType.Text), new("count", CellType.Whole), new("size", CellType.Number),
        new("time", CellType.Time),
    ];

    [Fact]
    public async Task Cells_have_their_types_and_missing_ones_are_null()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("t.parquet");
        using (var writer = TableWriter.Create(path, s_columns, ','))
        {
            writer.Row(["Zürich \"x\"", "-3", "1.234,5", "2026-03-01"]);
            writer.Row(["", "NA", "", "?"]);
            writer.Row(["NA", "9007199254740993", "1e-300", "1969-12-31T23:59:58"]);
            writer.Complete();
            Assert.False(File.Exists(path));
        }

        Assert.Equal(["t.parquet"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using FileStream file = File.OpenRead(path);
        await using ParquetReader reader = await ParquetReader.CreateAsync(file, cancellationToken: stop);
        DataField[] fields = reader.Schema.GetDataFields();
        Assert.Equal(s_columns.Select(c => c.Name), fields.Select(f => f.Name));
        Assert.Equal([typeof(long), typeof(double), typeof(DateTime)], fields[1..].Select(f => f.ClrType));
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
        string?[] names = new string?[3];
        await group.ReadAsync(fields[0], names.AsMemory(), cancellationToken: stop);
        Assert.Equal((string?[])["Zürich \"x\"", null, "NA"], names.AsEnumerable());
        var counts = new long?[3];
        await group.ReadAsync<long>(fields[1], counts.AsMemory(), cancellationToken: stop);
        Assert.Equal([-3, null, 9007199254740993], counts);
        var sizes = new double?[3];
        await group.ReadAsync<double>(fields[2], sizes.AsMemory(), cancellationToken: stop);
        Assert.Equal([1234.5, null, 1e-300], sizes);
        var times = new DateTime?[3];
        await group.ReadAsync<DateTime>(fields[3], times.AsMemory(), cancellationToken: stop);
        Assert.Equal([new DateTime(2026, 3, 1), null, new DateTime(1969, 12, 31, 23, 59, 58)], times);
    }

    [Fact]
    public void Our_reader_reads_several_row_groups_and_a_file_without_rows()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("t.parquet");
        using (var writer = new ParquetTableWriter(path, s_columns))
        {
            for (int i = 0; i < 200_001; i++)
                writer.Row([$"n{i % 3}", i.ToString(CultureInfo.InvariantCulture), "0.1", "2026-03-01T00:00:01"]);
            writer.Complete();
        }

        var last = new Last();
        new ParquetTable(path).Read(last);
        Assert.Equal(200_001, last.Rows);
        Assert.Equal(["n2", "200000", "0.1", "2026-03-01T00:00:01"], last.Cells);

        using (var writer = new ParquetTableWriter(path, s_columns)) writer.Complete();
        Assert.Equal(s_columns.Select(c => c.Name), new ParquetTable(path).Columns);
        last = new Last();
        new ParquetTable(path).Read(last);
        Assert.Equal(0, last.Rows);
    }

    [Fact]
    public void Cell_of_another_type_is_refused_and_the_old_file_stays()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("t.parquet");
        File.WriteAllText(path, "old");
        foreach ((string[] row, string word) in ((string[], string)[])[(["a", "1.5", "1", ""], "no whole number"),
            (["a", "1", "much", ""], "cell 'much' of column 'size' in row 2 is no number"),
            (["a", "1", "1", "today"], "no date")])
        {
            using var writer = new ParquetTableWriter(path, s_columns);
            writer.Row(["a", "1", "1", ""]);
            Assert.Contains(word, Assert.Throws<InvalidDataFileException>(() => writer.Row(row)).Message,
                StringComparison.Ordinal);
        }

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["t.parquet"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Kind_of_a_column_decides_its_type()
    {
        Assert.Equal([CellType.Whole, CellType.Whole, CellType.Time, CellType.Text, CellType.Whole, CellType.Number,
            CellType.Number], ((TableColumn[])
            [
                new() { Name = "a", Kind = ColumnKind.Count }, new() { Name = "a", Kind = ColumnKind.Boolean },
                new() { Name = "a", Kind = ColumnKind.Date }, new() { Name = "a", Kind = ColumnKind.Category },
                new() { Name = "a", Kind = ColumnKind.Real, Minimum = -5, Maximum = 5 },
                new() { Name = "a", Kind = ColumnKind.Real, Minimum = -5, Maximum = 1e300 },
                new() { Name = "a", Kind = ColumnKind.Positive, Minimum = 1, Maximum = 5, Decimals = 2 },
            ]).Select(c => WrittenColumn.Of(c).Type));
    }

    private sealed class Last : ITableSink
    {
        private readonly List<string> _row = [];

        public int Rows { get; private set; }

        public string[] Cells { get; private set; } = [];

        public void Cell(int column, ReadOnlySpan<char> text) => _row.Add(text.ToString());

        public void EndRow()
        {
            Rows++;
            Cells = [.. _row];
            _row.Clear();
        }
    }
}
