using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Formats;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam data describe</c>: what the columns of a table are, and why.</summary>
internal static class DescribeCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "The table: a CSV or TSV file." };

    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "Write the schema as JSON to this file.", HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = new Command(
            "describe", "Say what the columns of a table are, and why. 'reparam train' asks only its training rows. " +
            "Change a kind with 'reparam train --columns COLUMN=KIND'.");
        command.Arguments.Add(File);
        SharedOptions.AddTo(command, Out, SharedOptions.Json);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetValue(File)!;
        if (!System.IO.File.Exists(path)) throw new InvalidConfigException($"There is no file '{path}'.");
        TableSource source = TableFiles.Open(path, FileFormats.All);
        TableSchema schema = TableSchema.Infer(source);
        var table = new ResultTable("column", "kind", "missing", "values", "why") { Spare = ["missing", "values"] };
        var columns = new JsonArray();
        foreach (TableColumn column in schema.Columns)
        {
            string kind = column.Kind.ToString().ToLowerInvariant();
            string missing = column.Missing == 0 ? "" : string.Create(
                CultureInfo.InvariantCulture, $"{100 * column.Missing:F1} %");
            table.Add(column.Name, kind, missing, Values(column), column.Reason);
            columns.Add((JsonNode)new JsonObject
            {
                ["name"] = column.Name, ["kind"] = kind, ["missing"] = column.Missing, ["reason"] = column.Reason,
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
        result.Add("columns", columns);
        result.Table(table);
        if (parsed.GetValue(Out) is { } file)
        {
            schema.Save(file);
            result.Add("out", Path.GetFullPath(file), "written", Terminal.Relative(file));
        }

        return result.Print();
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
