using System.Globalization;
using Parquet;
using Parquet.Schema;
using Reparam.Data;
using Reparam.Testing;
using Reparam.Tests.Data;

namespace Reparam.Formats.Tests;

/// <summary>
/// Tables in Parquet files. The files of tests/data/tables were written by Apache Arrow's C++ library (ParquetSharp
/// 25.0.1): two row groups of 40 rows, whose cells the formulas below give.
/// </summary>
public sealed class ParquetTableTests
{
    private static string PathOf(string codec) =>
        Path.Combine(AppContext.BaseDirectory, "data", "tables", $"station-{codec}.parquet");

    [Theory]
    [InlineData("snappy")]
    [InlineData("zstd")]
    public void Cells_are_those_that_Arrow_wrote(string codec)
    {
        var table = new ParquetTable(PathOf(codec));
        Assert.Equal(
            ["site", "flow", "level", "count", "number", "open", "time", "day", "price", "small"], table.Columns);
        string[][] rows = Rows(table);
        Assert.Equal(80, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            string[] expected =
            [
                i % 10 == 9 ? "" : ((string[])["north", "south", "Zürich, east"])[i % 3],
                i % 7 == 3 ? "" : Text(i * 0.1 - 1.5), Text((float)(i * 0.3)),
                i % 11 == 5 ? "" : $"{i * i % 97}", $"{9_000_000_000L + i}", i % 4 == 0 ? "1" : "0",
                new DateTime(2026, 3, 1).AddMinutes(5 * i).ToString("s", CultureInfo.InvariantCulture),
                new DateTime(2026, 1, 1).AddDays(i).ToString("s", CultureInfo.InvariantCulture),
                Text(i * 1.25m), $"{i - 20}",
            ];
            for (int c = 0; c < expected.Length; c++)
            {
                // A decimal is written with the two decimals of its type.
                if (c == 8) Assert.Equal(decimal.Parse(expected[c], CultureInfo.InvariantCulture),
                    decimal.Parse(rows[i][c], CultureInfo.InvariantCulture));
                else Assert.Equal(expected[c], rows[i][c]);
            }
        }
    }

    [Fact]
    public void Damaged_file_is_refused_and_never_another_error()
    {
        byte[] whole = File.ReadAllBytes(PathOf("snappy"));
        using var folder = new TemporaryFolder();
        string path = folder.File("t.parquet");
        for (int length = 0; length < whole.Length; length += 97)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Contains("t.parquet", Assert.Throws<InvalidDataFileException>(
                () => Rows(new ParquetTable(path))).Message, StringComparison.Ordinal);
        }

        Mutations.Survive<InvalidDataFileException>(whole, 300, bytes =>
        {
            File.WriteAllBytes(path, bytes);
            Rows(new ParquetTable(path));
        }, perByte: 10_000);
    }

    [Fact]
    public async Task Nested_columns_and_columns_of_bytes_are_refused()
    {
        using var folder = new TemporaryFolder();
        string nested = folder.File("nested.parquet"), bytes = folder.File("bytes.parquet");
        await Write(nested, new StructField("place", new DataField<int>("x")));
        await Write(bytes, new DataField<byte[]>("photo"));
        Assert.Contains("'place' is nested", Assert.Throws<InvalidDataFileException>(
            () => new ParquetTable(nested)).Message, StringComparison.Ordinal);
        Assert.Contains("'photo' holds bytes", Assert.Throws<InvalidDataFileException>(
            () => new ParquetTable(bytes)).Message, StringComparison.Ordinal);
    }

    private static async Task Write(string path, Field field)
    {
        await using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(field), file, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static string[][] Rows(TableSource table)
    {
        var sink = new Sink();
        table.Read(sink);
        return [.. sink.Rows];
    }

    private sealed class Sink : ITableSink
    {
        private readonly List<string> _row = [];

        public List<string[]> Rows { get; } = [];

        public void Cell(int column, ReadOnlySpan<char> text) => _row.Add(text.ToString());

        public void EndRow()
        {
            Rows.Add([.. _row]);
            _row.Clear();
        }
    }
}
