using System.Globalization;
using System.IO.Compression;
using System.Text;
using Reparam.Data;
using Reparam.Formats;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Tables;

/// <summary>Separated text as people have it, and as it should not be.</summary>
public sealed class SeparatedTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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

    private SeparatedTable Open(string content, TableFormat? format = null)
    {
        string path = _folder.File("t.csv");
        File.WriteAllText(path, content);
        return new SeparatedTable(path, format ?? new TableFormat());
    }

    private static string[][] Rows(SeparatedTable table)
    {
        var sink = new Sink();
        table.Read(sink);
        return [.. sink.Rows];
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n")]
    [InlineData("a;b\r\n1;2\r\n3;4\r\n")]
    [InlineData("a\tb\n1\t2\n3\t4")]
    [InlineData("\uFEFFa,b\n1,2\n3,4\n\n")]
    [InlineData("a|b\n1|2\n3|4\n")]
    [InlineData("a b\n1 2\n3 4\n")]
    [InlineData("\"a\",\"b\"\n\"1\",\"2\"\n3,4\n")]
    public void Separator_header_and_line_ends_are_found(string content)
    {
        SeparatedTable table = Open(content);
        Assert.Equal(["a", "b"], table.Columns);
        Assert.Equal([["1", "2"], ["3", "4"]], Rows(table));
        Assert.Equal([["1", "2"], ["3", "4"]], Rows(table)); // it can be read again
    }

    [Fact]
    public void Quoted_cells_hold_separators_quotes_and_line_ends()
    {
        string[][] rows = Rows(Open("a,b\n\"x, y\",1\n\"he said \"\"no\"\"\",2\n\"two\nlines\",3\n"));
        Assert.Equal(["x, y", "he said \"no\"", "two\nlines"], rows.Select(r => r[0]));
    }

    [Fact]
    public void Table_without_a_header_has_numbered_columns()
    {
        SeparatedTable table = Open("A11 6 A34\nA12 48 A32\n");
        Assert.Equal(["column1", "column2", "column3"], table.Columns);
        Assert.Equal(2, Rows(table).Length);
        Assert.Equal(["column1", "column2"], Open("x,y\nz,w\n", new TableFormat(HasHeader: false)).Columns);
    }

    [Theory]
    [InlineData("name,,age\nBob,x,30\nAnn,y,40\n", "column 2 has no name")]
    [InlineData("a,b\n1,\"open\n", "")]
    public void Header_is_seen_above_numbers(string content, string words)
    {
        if (words.Length == 0)
        {
            string lines = string.Concat(Enumerable.Range(0, 400).Select(i => $"{i},{i}\n"));
            Assert.Contains("close its quotes", Assert.Throws<InvalidDataFileException>(
                () => Rows(Open(content + lines))).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Contains(words, Assert.Throws<InvalidDataFileException>(() => Open(content)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Decimal_commas_are_detected_and_never_read_as_thousands()
    {
        SeparatedTable table = Open("x;y\n0,123;1,5\n-1,234;2,25\n12,5;3\n");
        Assert.Equal(',', table.Format.Decimal);
        TableSchema schema = TableSchema.Infer(table);
        float[] cells = new float[6];
        schema.Read(table).CopyValues(0, 3, cells);
        Assert.Equal([0.123f, 1.5f, -1.234f, 2.25f, 12.5f, 3f], cells);
        Assert.False(new TableFormat().TryNumber("0,123", out _));
    }

    [Fact]
    public void Bytes_that_are_no_utf_8_are_refused()
    {
        string path = _folder.File("latin.csv");
        File.WriteAllBytes(path, [.. "a,b\nK"u8, 0xF6, .. "ln,1\n"u8]);
        Assert.Contains("UTF-8", Assert.Throws<InvalidDataFileException>(
            () => Rows(new SeparatedTable(path, new TableFormat()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compressed_table_is_read()
    {
        string path = _folder.File("t.csv.gz");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes("a,b\n1,2\n"));
        Assert.Equal([["1", "2"]], Rows(new SeparatedTable(path, new TableFormat())));
        byte[] bytes = File.ReadAllBytes(path);
        bytes[12] ^= 0xFF;
        File.WriteAllBytes(path, bytes);
        Assert.Throws<InvalidDataFileException>(() => Rows(new SeparatedTable(path, new TableFormat())));
    }

    [Fact]
    public void Numbers_come_back_as_they_are_in_the_file()
    {
        string[] large = ["16777217", "16777216", "9007199254740991", "-33554433"],
            small = ["0.1", "0.2", "0.3", "1e-300"], money = ["1234567.891", "0.015", "-99999.99", "7"];
        SeparatedTable table = Open("large,small,money\n" + string.Concat(large.Select(
            (text, i) => $"{text},{small[i]},{money[i]}\n")));
        Dataset rows = TableSchema.Infer(table).Read(table);
        double[] cells = new double[12];
        rows.CopyValues(0, 4, cells);
        for (int i = 0; i < 12; i++)
        {
            string text = (i % 3 == 0 ? large : i % 3 == 1 ? small : money)[i / 3];
            Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), cells[i]);
            Assert.Equal(text == "1e-300" ? "1E-300" : text, rows.CellText(i / 3, i % 3));
        }

        // Rows that differ in the last digit are different data.
        SeparatedTable other = Open(
            File.ReadAllText(_folder.File("t.csv")).Replace("16777217", "16777216", StringComparison.Ordinal));
        Assert.NotEqual(rows.Sha256, TableSchema.Infer(other).Read(other).Sha256);
    }

    [Fact]
    public void Cut_gzip_file_is_refused_wherever_it_is_cut_and_zeros_after_it_are_not()
    {
        string text = "a,b\n" + string.Concat(Enumerable.Range(0, 4000).Select(i => $"{i},{i * 7919L % 100_003}\n"));
        byte[] whole = Packed(text), more = Packed("1,2\n"), two = [.. whole, .. more];
        string path = _folder.File("t.csv.gz");
        foreach (int padding in (int[])[0, 1, 2, 7, 512, 100_000])
        {
            foreach ((byte[] file, int rows) in ((byte[], int)[])[(whole, 4000), (two, 4001)])
            {
                File.WriteAllBytes(path, [.. file, .. new byte[padding]]);
                Assert.Equal(rows, Rows(new SeparatedTable(path, new TableFormat())).Length);
            }
        }

        // All cuts of the last bytes, in the trailer and before it, and some in between.
        int[] cuts = [.. Enumerable.Range(1, 40), .. Enumerable.Range(1, 20).Select(i => i * whole.Length / 21)];
        foreach (byte[] file in (byte[][])[whole, two])
        {
            foreach (int cut in cuts.Where(cut => file != two || cut != more.Length))
            {
                File.WriteAllBytes(path, file[..^cut]);
                Assert.Contains("cut off or damaged", Assert.Throws<InvalidDataFileException>(
                    () => Rows(new SeparatedTable(path, new TableFormat()))).Message, StringComparison.Ordinal);
            }
        }

        static byte[] Packed(string text)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                gzip.Write(Encoding.UTF8.GetBytes(text));
            return packed.ToArray();
        }
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("PK\u0003\u0004\0\0a,b\n1,2\n", "not a text file")]
    [InlineData("a,b\n1,2\n3\n", "line 3 has 1 cells")]
    [InlineData("a,b\n1,2\n3,4,5\n", "line 3 has 3 cells")]
    [InlineData("a,b,a\n1,2,3\n", "names the column 'a' 2 times")]
    [InlineData("a,b\n1,2\na,b\n3,4\n", "line 3 repeats the header")]
    public void Wrong_table_is_refused_with_its_line(string content, string words)
    {
        var failure = Assert.Throws<InvalidDataFileException>(() => Rows(Open(content)));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_quote_and_endless_line_are_refused_in_bounded_memory()
    {
        string path = _folder.File("t.csv");
        using (var writer = new StreamWriter(path))
        {
            writer.Write("a,b\n1,\"open");
            string block = new('x', 1 << 20);
            for (int i = 0; i < 20; i++) writer.Write(block);
        }

        Assert.Throws<InvalidDataFileException>(() => Rows(new SeparatedTable(path, new TableFormat())));
    }

    [Fact]
    public void Too_many_columns_are_refused()
    {
        string line = string.Join(',', Enumerable.Range(0, 20_000));
        Assert.Contains("at most 10,000 columns", Assert.Throws<InvalidDataFileException>(
            () => Open($"{line}\n{line}\n")).Message, StringComparison.Ordinal);
        string fits = string.Join(',', Enumerable.Range(0, 10_000));
        Assert.Equal(10_000, Open($"{fits}\n{fits}\n").Columns.Count);
    }

    [Fact]
    public void Mutated_table_is_read_or_refused()
    {
        string content = "a,b,c\n1,\"x, y\",2026-01-01\n2.5,z,2026-02-03\n,\"q\"\"r\",NA\n";
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        var random = new Reparam.Tensors.Rng(5);
        string path = _folder.File("m.csv");
        for (int i = 0; i < 1000; i++)
        {
            byte[] mutant = [.. bytes];
            for (int k = random.NextInt32(4); k >= 0; k--)
                mutant[random.NextInt32(mutant.Length)] = (byte)random.NextInt32(256);
            File.WriteAllBytes(path, mutant);
            try
            {
                var table = new SeparatedTable(path, new TableFormat());
                TableSchema schema = TableSchema.Infer(table);
                schema.Read(table);
            }
            catch (InvalidDataFileException)
            {
                // A typed refusal is a right answer.
            }
        }
    }

    [Fact]
    public void Writer_quotes_what_needs_quotes_and_leaves_no_file_behind_a_failure()
    {
        string path = _folder.File("w.csv");
        using (var writer = new SeparatedWriter(path, ["a", "b"]))
        {
            writer.Row(["x, y", "say \"hi\""]);
            writer.Row(["", "two\nlines"]);
            writer.Complete();
        }

        Assert.Equal([["x, y", "say \"hi\""], ["", "two\nlines"]], Rows(new SeparatedTable(path, new TableFormat())));
        string before = File.ReadAllText(path);
        using (var writer = new SeparatedWriter(path, ["a"])) writer.Row(["lost"]);
        Assert.Equal(before, File.ReadAllText(path));
        Assert.False(File.Exists(path + ".tmp"));
    }
}
