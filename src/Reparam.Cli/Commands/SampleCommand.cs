using System.CommandLine;
using System.Globalization;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Formats;
using Reparam.Models.Diffusion;
using Reparam.Runs;
using Reparam.Tabular;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam sample</c>: draws from the prior and decodes the draws to new data.</summary>
internal static class SampleCommand
{
    private static readonly Option<int> Count = new("--count", "-n")
    {
        Description = "Number of samples.", DefaultValueFactory = _ => 100, HelpName = "N",
    };
    private static readonly Option<bool> Draw = new Option<bool>("--draw")
    {
        Description = "Draw from p(x|z). Without this option the mean of p(x|z) is shown. The rows of a table are " +
            "always drawn.",
    }.NotForTables();

    private static readonly Option<string> Sampler = new("--sampler")
    {
        Description = "For a diffusion model: how samples are computed and in how many steps, such as ddim:20, " +
            "dpm-solver:20, ancestral:250, heun:20 or rk4:10. Default: the sampler of the run.",
        HelpName = "KIND:STEPS",
    };

    private static readonly Option<double?> Guidance = new("--guidance")
    {
        Description = "For a diffusion model with a condition: the strength of guidance by the condition; 1 is the " +
            "model itself.", HelpName = "W",
    };

    public static Command Create()
    {
        var command = new Command("sample", "Generate new data: draw z from the prior and decode it.");
        RunOptions.AddTo(command, Count, RunOptions.Seed, Draw, RunOptions.Class, RunOptions.Given, Sampler,
            Guidance, RunOptions.Out);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int count = RunOptions.Within(parsed, Count, 1, 1_000_000);
        TrainedRun run = TrainedRun.Open(parsed);
        DiffusionSampler? sampler = SamplerOf(parsed, run);
        if (run.Model.Chain is { } chain && sampler is not null) chain.Sampler = sampler;
        if (run.Folder.Table is { } schema) return Rows(parsed, run, schema, count);
        OutputFile output = OutputFile.For(parsed, run, "sample", numbersByDefault: true);
        output.RequireRoom(count, run.EventShape, Count.Name);
        ulong seed = parsed.GetValue(RunOptions.Seed) ?? run.Config.Training.Seed;
        Rng rng = new Rng(seed).Split("samples");
        Rng? draws = parsed.GetValue(Draw) ? rng.Split("draws") : null;
        int classes = Latents.Classes(run.Model);
        if (classes == 0) run.Classes.OneHot(parsed, count); // refuses --class
        int? asked = classes == 0 ? null : run.Classes.Asked(parsed, classes);
        bool byClass = classes > 0 && asked is null;
        output.Write(ShownData.Of(Latents.Sample(run.Model, count, rng, asked, draws)),
            byClass ? classes : 0);
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("count", count, "samples", string.Create(
            CultureInfo.InvariantCulture, $"{count:N0}, {(parsed.GetValue(Draw) ? "draws from" : "means of")} " +
            $"p(x|z), seed {seed}{(byClass ? ", a row for each style and a column for each class" : "")}"));
        result.Add("seed", seed);
        if (sampler is not null)
        {
            result.Add("sampler", sampler.Name, "sampler", FormattableString.Invariant(
                $"{sampler.Name}, {sampler.Steps} steps, {sampler.Steps * sampler.CallsPerStep} calls of the network"));
            result.Add("steps", sampler.Steps);
        }

        output.AddTo(result);
        return result.Print();
    }

    /// <summary>The sampler of a diffusion model; null for another model.</summary>
    private static DiffusionSampler? SamplerOf(ParseResult parsed, TrainedRun run)
    {
        string? kind = parsed.GetValue(Sampler);
        double? guidance = parsed.GetValue(Guidance);
        if (run.Config.Model is not NoisySettings)
        {
            return kind is null && guidance is null ? null : throw new InvalidConfigException(
                $"{(kind is null ? Guidance.Name : Sampler.Name)} belongs to diffusion models, and the model of the " +
                $"run is '{run.Config.Model.Kind.Name}'; leave it out.");
        }

        var tree = new ConfigurationTree(run.Config, parsed.Catalog());
        if (kind is not null) tree.Set([("model.sampler", kind, Sampler.Name)]);
        if (guidance is { } w)
        {
            tree.Set([("model.sampler.guidance", w.ToString("R", CultureInfo.InvariantCulture), Guidance.Name)]);
        }

        DiffusionSampler sampler = ((NoisySettings)((RunSettings)tree.Read(Sampler.Name)).Model).Sampler.Make();
        return sampler.Guidance == 1 || run.Model.Context > 0 ? sampler : throw new InvalidConfigException(
            $"{Guidance.Name} needs a model with a condition, and the run has none; leave it out.");
    }

    /// <summary>Writes synthetic rows in the form of the run's table.</summary>
    private static int Rows(ParseResult parsed, TrainedRun run, TableSchema schema, int count)
    {
        var output = OutputFile.ForRows(
            parsed, run, parsed.GetValue(RunOptions.Out) ?? run.Folder.SamplePath("rows.csv"));
        ulong seed = parsed.GetValue(RunOptions.Seed) ?? run.Config.Training.Seed;
        if (!run.TakesLabels) Condition.RequireNoClass(parsed, run); // else the sampler refuses the model
        IReadOnlyList<RowCondition> given = RowCondition.Parse(
            parsed.GetValue(RunOptions.Given) ?? "", schema, Message.Note);
        var sampler = new RowSampler(run.Model, schema);
        WrittenColumn[] lead = schema.Window is null ? [] : [new("window", CellType.Whole)];
        output.WriteRows(lead, [.. sampler.Columns.Skip(lead.Length)], schema.Format.Decimal, file =>
        {
            foreach (IReadOnlyList<string> row in sampler.Draw(count, new Rng(seed).Split("samples"), given))
                file.Row(row);
        });
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        string drawn = schema.Window is { } window ? string.Create(CultureInfo.InvariantCulture,
            $"{count:N0} synthetic windows of {window.Size} rows and {sampler.Columns.Count - 1} columns")
            : string.Create(CultureInfo.InvariantCulture,
            $"{count:N0} synthetic rows of {sampler.Columns.Count} columns");
        result.Add("count", count, schema.Window is null ? "rows" : "windows", $"{drawn}, seed {seed}");
        result.Add("seed", seed);
        output.AddTo(result);
        return result.Print();
    }
}
