using System.CommandLine;
using System.Text.Json.Nodes;
using Reparam.Cli.Configuration;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Formats;
using Reparam.Runs;
using Reparam.Tabular;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam compare-tables</c>: how close a synthetic table is to the real one, and how private.</summary>
internal static partial class CompareTablesCommand
{
    private static readonly Argument<string> Real = new("REAL") { Description = "The real table: a CSV or TSV file." };

    private static readonly Argument<string> Synthetic = new("SYNTHETIC")
    {
        Description = "The synthetic table. Its columns are matched by name, its separator and header are detected, " +
            "and it has the decimal mark of REAL.",
    };

    private static readonly Option<string> HeldOut = new("--held-out")
    {
        Description = "Real rows that the model has not seen. The privacy of the synthetic rows is judged by them, " +
            "and --target predicts them.", HelpName = "FILE",
    };

    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "Write the comparison with pictures: FILE.html (a page), FILE.svg (the pictures alone), or a " +
            "folder for both.", HelpName = "FILE|DIR",
    };

    private static readonly Option<string> Target = new("--target")
    {
        Description = "Also train models that predict this column, on synthetic and on real rows, and test both on " +
            "real rows.", HelpName = "COLUMN",
    };

    private static readonly Option<ulong?> Seed = new("--seed")
    {
        Description = "Seed of the folds and of the rows that are chosen of large tables. Default: 0.", HelpName = "N",
    };

    private static readonly TableOptions s_tables = new(
        "data.ignore", "data.columns", "data.decimal", "data.separator", "data.header");

    public static Command Create()
    {
        var command = new Command("compare-tables", "Compare a synthetic table with the real one: columns, pairs of " +
            "columns, a classifier that tells the tables apart, and the distances of synthetic rows from real ones. " +
            "Windows of rows are compared row by row.");
        command.Arguments.Add(Real);
        command.Arguments.Add(Synthetic);
        SharedOptions.AddTo(command, HeldOut, Target, Out, Seed);
        s_tables.AddTo(command);
        SharedOptions.AddTo(command, SharedOptions.Threads, SharedOptions.Json, SharedOptions.Quiet);
        s_tables.SetHandler(command, Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        SharedOptions.Apply(parsed);
        string? target = parsed.GetValue(Target), path = parsed.GetValue(Out);
        if (path is not null) RequirePlace(path);
        DataSettings options = s_tables.Read(parsed, parsed.GetValue(Real)!).Data;
        TableSource real = Open(parsed.GetValue(Real)!, options.Format);
        // Another program may have written the synthetic table, with another separator and header.
        TableSource synthetic = Open(parsed.GetValue(Synthetic)!, new TableFormat(null, real.Format.Decimal));
        TableSource? heldOut = parsed.GetValue(HeldOut) is { } held ? Open(held, options.Format) : null;
        using var interruption = new Interruption(cancellation);
        var line = new ProgressLine(parsed.GetValue(SharedOptions.Quiet), TimeSpan.FromSeconds(10));
        TableComparison comparison;
        ulong seed = parsed.GetValue(Seed) ?? 0;
        List<string> notes = [];
        try
        {
            var tables = ComparedTables.Read(real, synthetic, heldOut, options.Choices, notes.Add);
            int part = 0;
            comparison = TableComparison.Of(tables, new Rng(seed), target,
                new DirectProgress<string>(name => line.Show(part++ / 5.0, () => $"comparing: {name}")),
                interruption.Token);
        }
        finally
        {
            line.Clear();
        }

        foreach (string note in notes) Message.Note(note);
        var result = new Result(parsed);
        result.Add("notes", new JsonArray([.. notes.Select(n => JsonValue.Create(n))]));
        AddTables(result, comparison, real, synthetic, heldOut, seed);
        AddColumns(result, comparison);
        AddPairs(result, comparison);
        AddClassifier(result, comparison.Classifier);
        if (comparison.Target is { } transfer) AddTarget(result, transfer);
        AddPrivacy(result, comparison.Privacy);
        result.Add("faults", new JsonArray([.. comparison.Faults.Select(f => JsonValue.Create(f))]));
        foreach (string fault in comparison.Faults) result.Line("fault", fault, Paint.Severe);
        if (path is not null) Write(result, path, comparison, real, synthetic);
        return result.Print();
    }

    private static TableSource Open(string path, TableFormat format) => TableFiles.Open(path, FileFormats.All, format);

    private static void RequirePlace(string path)
    {
        if (IsFile(path)) OutputFile.RequirePlace(Out.Name, path);
        else if (!Directory.Exists(path) && Path.HasExtension(path))
            throw new InvalidConfigException($"--out '{path}' must end in .html or .svg, or be the path of a folder.");
        else OutputFile.RequireFolder(Out.Name, path);
    }

    private static bool IsFile(string path) => path.EndsWith(".html", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase);

    private static void Write(
        Result result, string path, TableComparison comparison, TableSource real, TableSource synthetic)
    {
        var page = new TableComparisonPage(
            comparison, $"{Path.GetFileName(synthetic.Name)} compared with {Path.GetFileName(real.Name)}");
        string[] files = IsFile(path) ? [path]
            : [Path.Combine(path, "comparison.html"), Path.Combine(path, "comparison.svg")];
        if (!IsFile(path)) Directory.CreateDirectory(path);
        foreach (string file in files) page.Save(file);
        result.Add("out", new JsonArray([.. files.Select(f => JsonValue.Create(Path.GetFullPath(f)))]), "written",
            string.Join(", ", files.Select(Terminal.Relative)));
    }
}
