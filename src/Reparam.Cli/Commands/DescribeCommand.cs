using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Configuration;
using Reparam.Cli.Display;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Formats;
using Reparam.Runs;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam data describe</c>: what the columns of a table are, and why.</summary>
internal static class DescribeCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "The table: a CSV or TSV file." };

    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "Write the schema as JSON to this file.", HelpName = "FILE",
    };

    private static readonly TableOptions s_tables = new("data.label", "data.train_on", "data.ignore",
        "data.columns", "data.decimal", "data.separator", "data.header", "data.window", "data.stride", "data.time",
        "data.validation", "data.limit", "model.condition", "training.seed");

    public static Command Create()
    {
        var command = new Command(
            "describe", "Say what the columns of a table are, and why, and how many rows train and test a model: as " +
            "'reparam train' reads the table with the same options.");
        command.Arguments.Add(File);
        s_tables.AddTo(command);
        SharedOptions.AddTo(command, Out, SharedOptions.Json);
        s_tables.SetHandler(command, Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetValue(File)!;
        if (!System.IO.File.Exists(path)) throw new InvalidConfigException($"There is no file '{path}'.");
        RunSettings settings = s_tables.Read(parsed, path);
        List<string> notes = [];
        (DataSplits? parts, string problem) = Parts(settings, notes);
        // Without parts, all rows say what the columns are.
        TableSchema schema = parts?.Train.Schema ?? TableSchema.Infer(
            TableFiles.Open(path, FileFormats.All, settings.Data.Format),
            settings.Data.Choices with { Conditions = settings.Model.ConditionColumns });
        var table = new ResultTable("column", "kind", "missing", "values", "why") { Spare = ["missing", "values"] };
        var columns = new JsonArray();
        foreach (TableColumn column in schema.Columns)
        {
            string kind = column.Kind.ToString().ToLowerInvariant();
            string missing = column.Missing == 0 ? "" : string.Create(
                CultureInfo.InvariantCulture, $"{100 * column.Missing:F1} %");
            table.Add(column.Name, kind, missing, Values(column),
                s_tables.WithOptions(column.Reason) + (column.IsCondition ? "; a condition" : ""));
            columns.Add((JsonNode)new JsonObject
            {
                ["name"] = column.Name, ["kind"] = kind, ["missing"] = column.Missing, ["reason"] = column.Reason,
                ["condition"] = column.IsCondition,
                ["transform"] = column.Transform.ToString().ToLowerInvariant(),
                ["levels"] = new JsonArray([.. column.Levels.Select(l => JsonValue.Create(l))]),
            });
        }

        var result = new Result(parsed);
        result.Add("file", Path.GetFullPath(path), "file", path);
        result.Add("separator", $"{schema.Format.Separator}", "separator", schema.Format.Separator switch
        {
            '\t' => "tab", ' ' => "blank", var other => $"'{other}'",
        });
        result.Add("header", schema.Format.HasHeader, "header",
            schema.Format.HasHeader == true ? "the first row" : "none; columns are called column1, column2, ...");
        result.Add("decimal", $"{schema.Format.Decimal}", "decimal mark",
            schema.Format.Decimal == ',' ? "comma" : "point");
        result.Add("columns", columns);
        result.Table(table);
        AddTraining(result, parts, problem, notes);
        if (parsed.GetValue(Out) is { } file)
        {
            schema.Save(file);
            result.Add("out", Path.GetFullPath(file), "written", Terminal.Relative(file));
        }

        return result.Print();
    }

    /// <summary>The parts that training would make of the rows, or why it cannot make them.</summary>
    private static (DataSplits? Parts, string Problem) Parts(RunSettings settings, List<string> notes)
    {
        try
        {
            return (RunData.Load(settings, notes: notes.Add, formats: FileFormats.All), "");
        }
        catch (InvalidDataFileException failure)
        {
            return (null, failure.Message);
        }
    }

    private static void AddTraining(Result result, DataSplits? parts, string problem, List<string> notes)
    {
        if (parts is null)
        {
            result.Add("training", null, "training", $"not possible: {s_tables.WithOptions(problem)}");
        }
        else
        {
            string points = parts.Train.Schema!.Window is { } window ? $"windows of {window.Size} rows" : "rows";
            int held = parts.Validation?.Count ?? 0;
            result.Add("training", new JsonObject
            {
                ["train"] = parts.Train.Count, ["validation"] = held, ["test"] = parts.Test.Count,
            }, "training", string.Create(CultureInfo.InvariantCulture,
                $"{parts.Train.Count:N0} {points}, {held:N0} for validation, {parts.Test.Count:N0} for testing"));
        }

        foreach (string note in notes) result.Line("note", s_tables.WithOptions(note));
        result.Add("notes", new JsonArray([.. notes.Select(n => JsonValue.Create(n))]));
    }

    private static string Values(TableColumn column) => column.Kind switch
    {
        ColumnKind.Category or ColumnKind.Ordinal =>
            string.Join(", ", column.Levels.Take(4)) + (column.Levels.Count > 4 ? ", ..." : ""),
        ColumnKind.Real or ColumnKind.Positive or ColumnKind.Count or ColumnKind.Date =>
            $"{column.Exact(column.Minimum)} to {column.Exact(column.Maximum)}",
        _ => "",
    };
}
