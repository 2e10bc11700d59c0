using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;

namespace Reparam.Runs;

/// <summary>The model card of a run: Hugging Face front matter, then a description of the model, its data, its licence,
/// the meaning of its numbers and their limits.</summary>
internal static partial class ModelCard
{
    public const string FileName = "README.md";

    private const string ResultsHeading = "## Results";

    // A table may have tens of thousands of columns.
    private const int MostColumns = 200;

    private static readonly CultureInfo s_culture = CultureInfo.InvariantCulture;

    /// <param name="config">The configuration.</param>
    /// <param name="table">The schema of the run's table; null for other data.</param>
    /// <param name="metrics">The numbers of the epochs so far.</param>
    /// <param name="best">The epoch whose weights the run uses; 0 for the last.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="model">The model.</param>
    /// <param name="bound">What the maximised quantity is a lower bound on.</param>
    /// <param name="length">The length or the state of the training.</param>
    public static string Write(RunSettings config, TableSchema? table, RunMetrics metrics, int best,
        Objective objective, LatentVariableModel model, BoundStatement bound, string length)
    {
        var text = new StringBuilder();
        AddFrontMatter(text, config, table);
        text.Append(s_culture, $"\n# A variational autoencoder on {Escaped(config.Data.Source)}\n\n");
        text.Append(s_culture, $"- model: {Escaped(config.Model.Description)}; {model.ParameterCount:N0} parameters\n");
        text.Append(s_culture, $"- likelihood: {Escaped(config.Model.Likelihood.Word)}\n");
        text.Append(s_culture, $"- objective: {Escaped(objective.Name)}; {Escaped(bound.Text)}\n");
        text.Append(s_culture, $"- seed {config.Training.Seed}, {length}\n");
        text.Append(s_culture, $"- weights: checkpoints/ as safetensors; " +
            $"{(config.Training.Patience > 0 ? "`best`" : "`latest`")} names the folder to use\n");
        text.Append("\n## Data\n\n");
        if (table is null) AddArrays(text, config);
        else AddTable(text, config, table);
        text.Append("\n## Intended use\n\n");
        text.Append(s_culture, $"{Stated(config.Card.IntendedUse, "intended-use")}\n");
        text.Append("\n## Licence\n\n");
        text.Append(s_culture, $"{Stated(config.Card.License, "license")}\n");
        text.Append(s_culture, $"\n{ResultsHeading}\n\n");
        AddTraining(text, metrics, best, model, bound);
        text.Append(table is null
            ? "\nCompare numbers only with numbers of the same binarisation, likelihood and bound."
            : "\nCompare numbers only with numbers of the same columns, likelihoods and bound.");
        text.Append(" `reparam evaluate` gives the test bound with its standard error.\n");
        text.Append("\n## Generated data\n\n");
        text.Append(
            "Pictures and tables that `reparam` generates with this model say so; `reparam inspect FILE` shows it.\n");
        if (table is not null)
            text.Append("Synthetic rows are not private by themselves: a model may remember rare rows.\n");
        return text.ToString();
    }

    /// <summary>A card with a result of a checkpoint, which replaces the results of that name. A card without a list of
    /// results stays as it is.</summary>
    public static string WithResult(string card, string name, long step, string text)
    {
        List<string> lines = [.. card.Split('\n').Where(l => !(Result().Match(l) is { Success: true } m
            && m.Groups[1].Value == name))];
        int heading = lines.IndexOf(ResultsHeading);
        if (heading < 0) return card;
        // An empty line is below the heading, then the list, if there is one, then an empty line.
        int end = Math.Min(heading + 2, lines.Count);
        while (end < lines.Count && lines[end].StartsWith("- ", StringComparison.Ordinal)) end++;
        string line = string.Create(s_culture, $"- {name} of step {step}: {text}");
        bool isFirst = end == heading + 2 && end < lines.Count && lines[end].Length > 0;
        lines.InsertRange(end, isFirst ? [line, ""] : [line]);
        return string.Join('\n', lines);
    }

    /// <summary>The card with the results that another card has of <see cref="WithResult"/>.</summary>
    public static string WithResultsOf(string card, string other)
    {
        foreach (Match match in Result().Matches(other))
        {
            card = WithResult(card, match.Groups[1].Value, long.Parse(match.Groups[2].Value, s_culture),
                match.Groups[3].Value);
        }

        return card;
    }

    private static void AddFrontMatter(StringBuilder text, RunSettings config, TableSchema? table)
    {
        text.Append("---\nlibrary_name: reparam\n");
        if (config.Card.License is { Length: > 0 } license)
        {
            text.Append(HubLicense.Find(license) is { } id ? $"license: {id}\n"
                : $"license: other\nlicense_name: {Quoted(license)}\n");
        }

        // The Hub has tasks for classification and regression of tables, which a density of rows is not, so a table has
        // the Hub's name of the modality and no task.
        if (table is not null) text.Append("tags: [variational-autoencoder, tabular]\n");
        else if (IsPicture(config))
        {
            text.Append(
                "tags: [variational-autoencoder, image-generation]\npipeline_tag: unconditional-image-generation\n");
        }
        else text.Append("tags: [variational-autoencoder]\n");
        // A file of one's own has no name on the Hub.
        if (RunData.IsKnown(config.Data.Name)) text.Append(s_culture, $"datasets: [{Quoted(config.Data.Name)}]\n");
        text.Append("---\n");
    }

    private static void AddArrays(StringBuilder text, RunSettings config)
    {
        IReadOnlyList<int> shape = config.Model.EventShape;
        string what = IsPicture(config)
            ? string.Create(s_culture, $"pictures of {shape[^2]} x {shape[^1]} pixels (height x width), " +
                $"{(shape.Count == 3 ? shape[0] : 1)} channel(s)")
            : $"arrays of shape [{string.Join(", ", shape)}]";
        text.Append(s_culture, $"- {Escaped(config.Data.Source)}: {what}; SHA-256 in environment.json\n");
        text.Append(s_culture, $"- binarisation {config.Data.TextOf("binarization")}\n");
        if (config.Data.Standardize is StandardizeBy.Columns or StandardizeBy.Channels)
        {
            text.Append(s_culture, $"- standardised by {config.Data.TextOf("standardize")} " +
                $"(standardization.json): nats are for the standardised data\n");
        }
    }

    private static void AddTable(StringBuilder text, RunSettings config, TableSchema table)
    {
        int conditions = table.Conditions.Count;
        string given = conditions == 0 ? "" : FormattableString.Invariant(
            $" and {conditions:N0} {(conditions == 1 ? "is" : "are")} the condition y of p(x|y)");
        text.Append(s_culture, $"{Escaped(config.Data.Source)}: a table with {table.Columns.Count:N0} columns, of " +
            $"which {table.Modelled.Count:N0} are modelled{given}; SHA-256 of the training data in " +
            $"environment.json.\n");
        if (table.Window is { } window)
            text.Append(s_culture, $"A data point is a window of {window.Size} consecutive rows.\n");
        text.Append("Missing cells are a share of the training rows, or of all rows for a column that is not " +
            "modelled.\n\n");
        text.Append("| column | kind | likelihood | missing |\n|---|---|---|--:|\n");
        IReadOnlyList<LikelihoodSettings> likelihoods = ((TableLikelihoodSettings)config.Model.Likelihood).Columns;
        int modelled = 0;
        foreach (TableColumn column in table.Columns.Take(MostColumns))
        {
            string likelihood = column.IsModelled ? likelihoods[modelled++].Word
                : $"none: {(column.IsCondition ? "a condition" : column.Reason)}";
            text.Append(s_culture, $"| {Escaped(column.Name)} | {column.Kind.ToString().ToLowerInvariant()} | " +
                $"{Escaped(likelihood)} | {100 * column.Missing:F1} % |\n");
        }

        if (table.Columns.Count > MostColumns)
            text.Append(s_culture, $"\n{table.Columns.Count - MostColumns:N0} more columns are in table.json.\n");
    }

    private static void AddTraining(
        StringBuilder text, RunMetrics metrics, int best, LatentVariableModel model, BoundStatement bound)
    {
        int epoch = best > 0 ? best : metrics.Epochs;
        string which = epoch == metrics.Epochs ? "the last epoch"
            : string.Create(s_culture, $"epoch {epoch}, the best");
        double? Of(string name) => metrics.Of(name).Where(v => v.Epoch == epoch).Select(v => (double?)v.Value)
            .FirstOrDefault();
        if (Of("train/elbo") is { } train && Of("train/reconstruction") is { } reconstruction
            && Of("train/kl") is { } kl)
        {
            text.Append(s_culture, $"- training {bound.Name} of {which}: {train:F2} nats per data point " +
                $"(reconstruction {reconstruction:F2}, KL {kl:F2})\n");
        }

        if (Of("validation/elbo") is { } held)
        {
            text.Append(s_culture, $"- validation {bound.Name} of {which}: {held:F2} nats per data point");
            if (Of("validation/active_units") is { } active)
                text.Append(s_culture, $", {active} of {model.Units} units active");
            text.Append('\n');
        }
    }

    private static bool IsPicture(RunSettings config) =>
        ImageArrays.IsImage(config.Model.Shape) && config.Data.Standardize != StandardizeBy.Columns;

    private static string Stated(string text, string option) => text.Length > 0 ? Escaped(text)
        : $"Not stated. `reparam train --resume RUN --{option} TEXT` states it.";

    /// <summary>A user's text as a YAML flow scalar. A quoted JSON string is also a quoted YAML string.</summary>
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    /// <summary>A user's text inside Markdown: markup characters are escaped, and control characters such as line
    /// breaks become spaces.</summary>
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (char c in text)
        {
            if (char.IsControl(c)) escaped.Append(' ');
            else if ("\\`*_{}[]<>#|!".Contains(c, StringComparison.Ordinal)) escaped.Append('\\').Append(c);
            else escaped.Append(c);
        }

        return escaped.ToString();
    }

    [GeneratedRegex(@"^- (.+) of step (\d+): (.*)$", RegexOptions.Multiline)]
    private static partial Regex Result();
}
