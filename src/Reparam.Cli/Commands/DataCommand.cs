using System.CommandLine;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Runs;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam data</c>: lists, downloads and checks the known data sets.</summary>
internal static class DataCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "A name from 'reparam data list'." };

    public static Command Create()
    {
        var command = new Command("data",
            "List, download and check the known data sets, such as mnist, and describe a table of your own.");
        command.Subcommands.Add(Verb("list", "List the known data sets and show which are on this machine.", List));
        Command fetch = Verb("fetch", "Download files that are missing or damaged. Each file is checked by SHA-256.",
            Fetch, SharedOptions.Quiet);
        fetch.Arguments.Add(Name);
        command.Subcommands.Add(fetch);
        Command verify = Verb("verify", "Check every file of a data set by its SHA-256.", Verify);
        verify.Arguments.Add(Name);
        command.Subcommands.Add(verify);
        command.Subcommands.Add(DescribeCommand.Create());
        return command;
    }

    private static Command Verb(
        string name, string description, Func<ParseResult, CancellationToken, int> run, params Option[] options)
    {
        var command = new Command(name, description);
        SharedOptions.AddTo(command, [SharedOptions.DataDirectory, SharedOptions.Json, .. options]);
        command.SetHandler(run);
        return command;
    }

    private static int List(ParseResult parsed, CancellationToken cancellation)
    {
        string directory = DataDirectory.Resolve(parsed.GetValue(SharedOptions.DataDirectory));
        var result = new Result(parsed);
        result.Add("directory", directory, "data directory", directory);
        var table = new ResultTable("name", "state", "description");
        var sets = new JsonArray();
        foreach (DatasetEntry entry in DatasetCatalog.Entries)
        {
            string state = DataPresence.Of(entry, directory);
            table.Add(entry.Name, state, $"{entry.Description} Licence: {entry.Licence}");
            sets.Add((JsonNode)new JsonObject { ["name"] = entry.Name, ["state"] = state, ["licence"] = entry.Licence,
                ["description"] = entry.Description });
        }

        result.Add("sets", sets);
        result.Table(table);
        return result.Print();
    }

    private static int Fetch(ParseResult parsed, CancellationToken cancellation)
    {
        string name = Known(parsed);
        var line = new ProgressLine(parsed.GetValue(SharedOptions.Quiet), TimeSpan.FromSeconds(5));
        var progress = new DirectProgress<FetchProgress>(p => line.Show(
            (double)p.Received / (p.Total ?? p.File.ContentBytes),
            () => FormattableString.Invariant($"{p.File.Name}  {p.Received / 1e6:F1}{Of(p.Total)} MB")));
        using var client = new HttpClient();
        using var interruption = new Interruption(cancellation);
        try
        {
            IReadOnlyList<DatasetFileStatus> files =
                DatasetCatalog.FetchAsync(name, parsed.GetValue(SharedOptions.DataDirectory), progress, client,
                    interruption.Token).GetAwaiter().GetResult();
            line.Clear();
            return Report(parsed, name, files);
        }
        finally
        {
            line.Clear();
        }
    }

    private static int Verify(ParseResult parsed, CancellationToken cancellation)
    {
        string name = Known(parsed);
        return Report(parsed, name, DatasetCatalog.Verify(name, parsed.GetValue(SharedOptions.DataDirectory)));
    }

    private static int Report(ParseResult parsed, string name, IReadOnlyList<DatasetFileStatus> files)
    {
        bool whole = files.All(file => file.State == DatasetFileState.Valid);
        var result = new Result(parsed);
        result.Add("name", name);
        result.Add("valid", whole);
        result.Add("files", new JsonArray([.. files.Select(file => new JsonObject
        {
            ["path"] = file.Path,
            ["state"] = file.State.ToString().ToLowerInvariant(),
            ["problem"] = file.Problem,
        })]));
        if (files.Count == 0)
        {
            result.Line(name, "built in; there is nothing to download");
        }
        else
        {
            var table = new ResultTable("state", "file");
            foreach (DatasetFileStatus file in files) table.Add(file.State.ToString().ToLowerInvariant(), file.Path);
            result.Table(table);
        }

        foreach (DatasetFileStatus file in files.Where(file => file.Problem is not null))
            Message.Error($"'{file.Path}': {file.Problem}");
        if (!whole) Message.Error($"run '{ReparamProgram.Name} data fetch {name}'.");
        return result.Print(whole ? ExitCode.Done : ExitCode.BadData);
    }

    private static string Known(ParseResult parsed)
    {
        string name = parsed.GetValue(Name)!;
        return RunData.IsKnown(name)
            ? DatasetCatalog.Find(name).Name
            : throw new InvalidConfigException("There is no data set named " +
                $"'{name}'.{Suggestion.For(name, DatasetCatalog.Entries.Select(entry => entry.Name))}");
    }

    private static string Of(long? total) => total is { } all ? FormattableString.Invariant($" of {all / 1e6:F1}") : "";
}
