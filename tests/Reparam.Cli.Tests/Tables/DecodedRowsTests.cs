using System.Globalization;
using Reparam.Cli.Runs;
using Reparam.Data;
using Reparam.Formats;
using Reparam.Models;
using Reparam.Runs;
using Reparam.Tensors;

namespace Reparam.Cli.Tests.Tables;

/// <summary>What commands decode from the codes of a table is rows in the form of the source.</summary>
public sealed class DecodedRowsTests(TableCommandTests.Shared shared) : IClassFixture<TableCommandTests.Shared>
{
    private const string Columns = "age,income,city,visits,member,country";

    private string Folder => shared.Folder.Path;

    [Fact]
    public void Codes_name_their_row_and_identifier_and_decode_to_the_same_rows_from_each_format()
    {
        Run("encode", "run", "--data", "people.csv", "--out", "codes.csv");
        Run("encode", "run", "--data", "people.csv", "--out", "codes.npy");
        Run("encode", "run", "--data", "people.csv", "--out", "codes.npz");
        string[][] codes = Cells("codes.csv");
        Assert.Equal(["row", "id", "z0", "z1"], codes[0][..4]);
        Assert.Equal(["1", "p0000"], codes[1][..2]);
        Assert.Equal(["600", "p0599"], codes[600][..2]);
        // The test part has the rows of the file in another order.
        Run("encode", "run", "--out", "test-codes.csv");
        Assert.All(Cells("test-codes.csv")[1..], row => Assert.Equal(
            "p" + (int.Parse(row[0], CultureInfo.InvariantCulture) - 1).ToString("D4", CultureInfo.InvariantCulture),
            row[1]));

        foreach (string format in (string[])["csv", "npy", "npz"])
            Run("decode", "run", "--latents", $"codes.{format}", "--out", $"from-{format}.csv");
        Assert.Equal(File.ReadAllText(shared.Folder.File("from-npy.csv")),
            File.ReadAllText(shared.Folder.File("from-npz.csv")));
        Assert.Equal(File.ReadAllLines(shared.Folder.File("from-npy.csv")),
            File.ReadAllLines(shared.Folder.File("from-csv.csv")).Select(
                line => string.Join(',', line.Split(',')[2..])));
        string[][] rows = Cells("from-csv.csv"), source = Cells("people.csv");
        Assert.Equal("row,id," + Columns, string.Join(',', rows[0]));
        Assert.Equal(601, rows.Length);
        double error = 0;
        for (int i = 1; i < rows.Length; i++)
        {
            Assert.Equal(source[i][0], rows[i][1]);
            Assert.Matches(@"^\d\d\.\d$", rows[i][2]);
            Assert.Contains(rows[i][4], (string[])["Bern", "Oslo, old", "Rome"]);
            Assert.Matches(@"^\d+$", rows[i][5]);
            Assert.Contains(rows[i][6], (string[])["0", "1"]);
            Assert.Equal("CH", rows[i][7]);
            error += Math.Abs(Number(rows[i][2]) - Number(source[i][1])) / 600;
        }

        // Ages are uniform over 50 years; the mean alone would be wrong by 12.5 years.
        Assert.InRange(error, 0, 5);
        CommandLine.Run(Folder, "inspect", "from-csv.csv").Exits(0).Says();
        Assert.Contains("a trained model", CommandLine.Run(Folder, "inspect", "from-csv.csv").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Means_are_those_of_the_model_in_the_units_of_the_source()
    {
        Run run = Reparam.Runs.Run.Open(shared.Folder.File("run"), formats: FileFormats.All);
        LatentVariableModel model = run.LoadModel();
        TableSchema schema = run.Table!;
        float[] z = new float[2 * model.LatentShape.Size];
        for (int i = 0; i < z.Length; i++) z[i] = 0.3f * (i % 5) - 0.6f;
        NpyFile.Write(shared.Folder.File("two.npy"), NumericArray.FromFloat32([2, model.LatentShape.Size], z));
        Run("decode", "run", "--latents", "two.npy", "--out", "two.csv");
        Tensor mean = model.Likelihood(Tensor.From(z, [2, model.LatentShape.Size])).Mean;
        string[][] rows = Cells("two.csv");
        for (int i = 0; i < 2; i++)
        {
            // The age has no logarithm: its mean is the mean of the model, scaled back.
            TableColumn age = schema.Modelled[0];
            double expected = mean.At(i * 5) * age.Scale + age.Center;
            Assert.Equal(expected.ToString("F1", CultureInfo.InvariantCulture), rows[i + 1][0]);
            Assert.Equal(schema.Modelled[2].Levels[(int)mean.At(i * 5 + 2)], rows[i + 1][2]);
        }
    }

    [Fact]
    public void Numbers_far_outside_the_training_rows_are_written_within_the_range_of_the_source()
    {
        int latent = Latent();
        float[] z = new float[4 * latent];
        for (int i = 0; i < z.Length; i++) z[i] = (i / latent) switch { 0 => 900, 1 => -900, 2 => 30, _ => -30 };
        NpyFile.Write(shared.Folder.File("far.npy"), NumericArray.FromFloat32([4, latent], z));
        string[][] source = Cells("people.csv")[1..];
        double[] ages = [.. source.Select(r => Number(r[1]))],
            incomes = [.. source.Where(r => r[2].Length > 0).Select(r => Number(r[2]))];
        foreach (string draw in (string[])["--draw", "--quiet"])
        {
            Run("decode", "run", "--latents", "far.npy", "--out", "far.csv", draw);
            foreach (string[] row in Cells("far.csv")[1..])
            {
                Assert.InRange(Number(row[0]), ages.Min(), ages.Max());
                Assert.InRange(Number(row[1]), incomes.Min(), incomes.Max());
            }
        }

        File.WriteAllText(shared.Folder.File("far-cells.csv"),
            "age,income,city,visits,member\n1e12,,Rome,0,1\n,1e300,Bern,,0\n");
        Run("impute", "run", "--data", "far-cells.csv", "--out", "far-filled.csv");
        string[][] filled = Cells("far-filled.csv");
        Assert.InRange(Number(filled[1][1]), incomes.Min(), incomes.Max());
        Assert.InRange(Number(filled[2][0]), ages.Min(), ages.Max());
        // The data are shown as they are, in the range of Float32 at least.
        Run("reconstruct", "run", "--data", "far-cells.csv", "--out", "far-pairs.csv");
        Assert.DoesNotContain("Infinity", File.ReadAllText(shared.Folder.File("far-pairs.csv")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Walks_and_reconstructions_are_rows_that_say_where_they_are()
    {
        int latent = Latent();
        Run("traverse", "run", "--steps", "3", "--out", "walk.csv");
        string[][] walk = Cells("walk.csv");
        Assert.Equal("dimension,z," + Columns, string.Join(',', walk[0]));
        Assert.Equal(3 * latent + 1, walk.Length);
        Assert.Equal(["-3", "0", "3"], walk[1..4].Select(r => r[1]));
        Assert.Equal(Enumerable.Range(0, latent).Order(),
            walk[1..].Select(r => int.Parse(r[0], CultureInfo.InvariantCulture)).Distinct().Order());
        // z = 0 is the same row in each dimension.
        Assert.Single(walk[1..].Where((_, i) => i % 3 == 1).Select(r => string.Join(',', r[2..])).Distinct());

        Run("interpolate", "run", "--from", "0", "--to", "1", "--steps", "4", "--out", "path.csv");
        string[][] path = Cells("path.csv");
        Assert.Equal("path,step," + Columns, string.Join(',', path[0]));
        Assert.Equal(["linear,1", "linear,4", "spherical,1", "spherical,4"],
            ((int[])[1, 4, 5, 8]).Select(i => string.Join(',', path[i][..2])));
        Assert.Equal(path[1][2..], path[5][2..]);

        Run("manifold", "run", "--grid", "2", "--out", "grid.csv");
        string[][] grid = Cells("grid.csv");
        Assert.Equal(5, grid.Length);
        // The quartiles of N(0, 1).
        Assert.All(grid[1..], r => Assert.Equal(0.67449, Math.Abs(Number(r[0])), 1e-5));

        Run("reconstruct", "run", "--data", "people.csv", "-n", "20", "--out", "pairs.csv");
        string[][] pairs = Cells("pairs.csv"), source = Cells("people.csv");
        Assert.Equal("row,id,kind," + Columns, string.Join(',', pairs[0]));
        for (int i = 1; i <= 20; i++)
        {
            Assert.Equal([.. (string[])[$"{i}", source[i][0], "data"], .. source[i][1..7]], pairs[2 * i - 1]);
            Assert.Equal([$"{i}", source[i][0], "reconstruction"], pairs[2 * i][..3]);
        }

        Run("neighbours", "run", "--data", "people.csv", "--index", "3", "-n", "2", "--out", "near.csv");
        string[][] near = Cells("near.csv");
        Assert.Equal("distance,row,id," + Columns, string.Join(',', near[0]));
        Assert.Equal([.. (string[])["0", "4", "p0003"], .. source[4][1..7]], near[1]);

        Run("arithmetic", "run", "--a", "0", "--b", "1", "--c", "2", "--steps", "2", "--out", "sum.csv");
        Assert.Equal(["term", "a", "b", "c", "result", "result"], Cells("sum.csv").Select(r => r[0]));
        CommandLine.Run(Folder, "traverse", "run", "--out", "walk.npy").Exits(2).Says("must end in .csv");
        Assert.Contains("traverse.csv", CommandLine.Run(Folder, "traverse", "run").Exits(0).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Parquet_files_have_the_cells_of_text_files()
    {
        foreach (string extension in (string[])["csv", "parquet"])
        {
            Run("encode", "run", "--data", "people.csv", "--out", $"p-codes.{extension}");
            Run("decode", "run", "--latents", $"p-codes.{extension}", "--out", $"p-decoded.{extension}");
            Run("sample", "run", "-n", "50", "--out", $"p-rows.{extension}");
            Run("impute", "run", "--data", "people.csv", "--draws", "2", "--out", $"p-filled.{extension}");
            Run("reconstruct", "run", "-n", "3", "--out", $"p-pairs.{extension}");
        }

        foreach (string name in (string[])["codes", "decoded", "rows", "filled", "pairs"])
        {
            (string[] columns, string[][] text) = Read($"p-{name}.csv");
            (string[] typed, string[][] cells) = Read($"p-{name}.parquet");
            Assert.Equal(columns, typed);
            Assert.Equal(text.Length, cells.Length);
            // 12.50 is the number 12.5 in a file with types.
            for (int i = 0; i < text.Length; i++) Assert.Equal(text[i].Select(Plain), cells[i].Select(Plain));
        }

        Run("score", "run", "--data", "p-rows.parquet");
        CommandLine.Run(Folder, "inspect", "p-rows.parquet").Exits(0);
        Assert.Contains("a trained model", CommandLine.Run(Folder, "inspect", "p-rows.parquet").Output,
            StringComparison.Ordinal);
        File.WriteAllText(shared.Folder.File("much.csv"),
            "age,income,city,visits,member\nmuch,,Rome,1,1\n40,2,Rome,1,1\n");
        CommandLine.Run(Folder, "impute", "run", "--data", "much.csv", "--out", "much.parquet").Exits(3).Says(
            "cell 'much' of column 'age' in row 1 is no number", "write to a .csv file instead");
        Assert.False(File.Exists(shared.Folder.File("much.parquet")));

        static string Plain(string cell) =>
            double.TryParse(cell, CultureInfo.InvariantCulture, out double number) ? $"{number:R}" : cell;
    }

    [Fact]
    public void Windows_are_decoded_to_their_rows()
    {
        File.WriteAllText(shared.Folder.File("sensor.csv"), "time,t1,t2\n" + string.Concat(Enumerable.Range(0, 400)
            .Select(i => string.Create(CultureInfo.InvariantCulture,
                $"{i},{20 + 3 * Math.Sin(0.2 * i):F2},{50 + 5 * Math.Cos(0.2 * i):F1}\n"))));
        Run("train", "--data", "sensor.csv", "--time", "time", "--window", "4", "--epochs", "2", "--latent", "2",
            "--quiet", "--out", "windows");
        Run("encode", "windows", "--data", "sensor.csv", "--out", "window-codes.csv");
        Assert.Equal(["1", "5", "9"], Cells("window-codes.csv")[1..4].Select(r => r[0]));
        Run("decode", "windows", "--latents", "window-codes.csv", "--out", "window-rows.csv");
        string[][] rows = Cells("window-rows.csv");
        Assert.Equal(["window", "row", "t1", "t2"], rows[0]);
        Assert.Equal(401, rows.Length);
        Assert.Equal(["1", "1", "1", "1", "2"], rows[1..6].Select(r => r[0]));
        Assert.All(rows[1..], r => Assert.Matches(@"^\d\d\.\d\d,\d\d\.\d$", $"{r[2]},{r[3]}"));
    }

    [Fact]
    public void Files_that_hold_no_codes_of_the_run_are_refused()
    {
        File.WriteAllText(shared.Folder.File("bad.csv"), "row,z0\n1,0.5\n");
        CommandLine.Run(Folder, "decode", "run", "--latents", "bad.csv").Exits(3).Says("no column 'z1'");
        string head = string.Join(',', Enumerable.Range(0, Latent()).Select(j => $"z{j}"));
        File.WriteAllText(shared.Folder.File("bad.csv"), $"{head}\n");
        CommandLine.Run(Folder, "decode", "run", "--latents", "bad.csv").Exits(3).Says("no rows of codes");
        string zeros = string.Join(',', Enumerable.Repeat("0", Latent()));
        File.WriteAllText(shared.Folder.File("bad.csv"), $"{head}\n{zeros}\nx{zeros[1..]}\n");
        CommandLine.Run(Folder, "decode", "run", "--latents", "bad.csv").Exits(3).Says(
            "cell 'x' of column 'z0' in row 2 is no number");
        File.WriteAllText(shared.Folder.File("bad.csv"), $"{head},z{Latent()}\n{zeros},0\n");
        CommandLine.Run(Folder, "decode", "run", "--latents", "bad.csv").Exits(3).Says("take the codes of this run");
    }

    [Fact]
    public void A_column_of_the_table_keeps_its_name_beside_a_leading_column_of_that_name()
    {
        Assert.Equal(["row_", "name", "name_"], ColumnNames.Distinct(["row", "name", "name"], ["row", "z0"]));
    }

    private int Latent() => Reparam.Runs.Run.Open(shared.Folder.File("run"), formats: FileFormats.All).LoadModel()
        .LatentShape.Size;

    private (string[] Columns, string[][] Rows) Read(string file)
    {
        TableSource source = TableFiles.Open(shared.Folder.File(file), FileFormats.All);
        var rows = new Rows();
        source.Read(rows);
        return ([.. source.Columns], [.. rows.All]);
    }

    private sealed class Rows : ITableSink
    {
        private readonly List<string> _row = [];

        public List<string[]> All { get; } = [];

        public void Cell(int column, ReadOnlySpan<char> text) => _row.Add(text.ToString());

        public void EndRow()
        {
            All.Add([.. _row]);
            _row.Clear();
        }
    }

    private void Run(params string[] arguments) => CommandLine.Run(Folder, arguments).Exits(0);

    /// <summary>The cells of a file whose only quoted text with a comma is 'Oslo, old'.</summary>
    private string[][] Cells(string file) => [.. File.ReadAllLines(shared.Folder.File(file)).Select(
        line => (string[])[.. line.Replace("Oslo, old", "Oslo; old", StringComparison.Ordinal).Split(',').Select(
            cell => cell.Trim('"').Replace(';', ','))])];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
