using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam neighbours</c>: finds the data points whose codes are nearest to the code of one data
/// point.</summary>
internal static class NeighboursCommand
{
    private const int MostColumns = 10;

    // The name of a picture on the screen, which leaves room for the other columns in 80.
    private const int LongestName = 36;

    private static readonly Option<int> Index = new("--index")
    {
        Description = "Index of the data point whose neighbours you want.", HelpName = "I", Required = true,
    };
    private static readonly Option<int> Count = new("--count", "-n")
    {
        Description = "Number of neighbours.", DefaultValueFactory = _ => 9, HelpName = "N",
    };

    public static Command Create()
    {
        var command = new Command(
            "neighbours", "Show a data point and the data points with the nearest codes, nearest first.");
        RunOptions.AddTo(command, [Index, Count, .. RunOptions.OfData, RunOptions.Limit, RunOptions.Out]);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        TrainedRun run = TrainedRun.Open(parsed);
        OutputFile output = OutputFile.For(parsed, run, "neighbours", isGenerated: false);
        Dataset data = run.Data(parsed);
        if (data.Count < 2)
        {
            throw new InvalidConfigException($"{run.DataName(parsed)} has one data point, which has no neighbours; " +
                $"take more data ({RunOptions.Split.Name}, {RunOptions.Data.Name}, {RunOptions.Limit.Name}).");
        }

        int index = RunOptions.Within(parsed, Index, 0, data.Count - 1),
            count = RunOptions.Within(parsed, Count, 1, Math.Min(10_000, data.Count - 1));
        Tensor codes = Latents.Points(run.Model, data);
        bool sphere = run.Model.Space == LatentSpace.Spherical;
        // The nearest point is the data point itself, unless others have exactly the same code.
        Neighbour[] nearest = [.. new NearestNeighbours(codes).Find(codes.Slice(0, index, 1), count + 1)[0].Where(
            n => n.Index != index).Take(count)];
        double[] distances = [.. nearest.Select(n => sphere ? n.Distance * n.Distance / 2 : n.Distance)];
        Dataset shown = data.Subset([index, .. nearest.Select(n => n.Index)]);
        output.Write(ShownData.Of(run, shown), Math.Min(count + 1, MostColumns), [LeadColumn.Numbers(
            "distance", i => i == 0 ? 0 : distances[i - 1]),
            .. SourcePlaces.Of(parsed, run, shown).Lead]);

        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("index", index);
        string kind = sphere ? "cosine" : "euclidean";
        string named = data.Names is { } all ? $" ({all.Span[index]})" : "";
        result.Add("distance", kind, "neighbours", string.Create(CultureInfo.InvariantCulture, $"of data point " +
            $"{index}{named} of {run.DataName(parsed)}{(data.Labels is null ? "" : $", label {Text(index)}")}, by " +
            $"{(sphere ? "cosine" : "Euclidean")} distance of {data.Count:N0} codes"));
        result.Add("label", Label(data, index));
        if (data.Names is { } own) result.Add("name", own.Span[index]);
        JsonArray json = [];
        var table = new ResultTable(["rank", "index", "distance", .. data.Labels is null ? (string[])[] : ["label"],
            .. data.Names is null ? (string[])[] : ["name"]]);
        foreach ((int i, Neighbour near) in nearest.Index())
        {
            var node = new JsonObject
            {
                ["index"] = near.Index, ["distance"] = Result.Number(distances[i]), ["label"] = Label(data, near.Index),
            };
            List<string> row = [FormattableString.Invariant($"{i + 1}"), FormattableString.Invariant($"{near.Index}"),
                FormattableString.Invariant($"{distances[i]:F4}")];
            if (data.Labels is not null) row.Add(Text(near.Index));
            if (data.Names is { } names)
            {
                node["name"] = names.Span[near.Index];
                row.Add(TableLayout.Shorten(names.Span[near.Index], LongestName));
            }

            json.Add((JsonNode)node);
            table.Add([.. row]);
        }

        result.Add("neighbours", json);
        result.Table(table);
        output.AddTo(result);
        return result.Print();

        string Text(int datum) => LabelText.Of(data, run.Folder.Table, datum);
    }

    private static JsonValue? Label(Dataset data, int index) => data.Labels is { } labels
        ? JsonValue.Create(labels.Span[index]) : null;
}
