using System.Globalization;
using System.Text;
using System.Text.Json;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Training;

namespace Reparam.Runs;

/// <summary>The model card of a run: Hugging Face front matter, then a description of the model, the meaning of its
/// numbers and their limits.</summary>
internal static class ModelCard
{
    /// <param name="config">The configuration.</param>
    /// <param name="report">The result of the training; null before the training is finished.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="model">The model.</param>
    /// <param name="bound">What the maximised quantity is a lower bound on.</param>
    /// <param name="outcome">The state of the training if there is no report.</param>
    public static string Write(RunSettings config, TrainingReport? report, Objective objective,
        LatentVariableModel model, BoundStatement bound, string outcome)
    {
        var text = new StringBuilder();
        CultureInfo culture = CultureInfo.InvariantCulture;
        text.Append("---\n");
        text.Append("library_name: reparam\n");
        text.Append("tags: [variational-autoencoder]\n");
        text.Append(culture, $"datasets: [{Quoted(config.Data.Name)}]\n");
        text.Append("pipeline_tag: unconditional-image-generation\n");
        text.Append("---\n");
        text.Append('\n');
        text.Append(culture, $"# A variational autoencoder on {Escaped(config.Data.Name)}\n");
        text.Append('\n');
        string shape = string.Join(", ", config.Model.EventShape);
        string length = report is null
            ? outcome : string.Create(culture, $"{report.State.Epoch} epochs, {report.State.Step} steps");
        text.Append(culture, $"- data: {Escaped(config.Data.Name)}, shape [{shape}], " +
            $"binarisation {config.Data.TextOf("binarization")}; SHA-256 in environment.json\n");
        text.Append(culture, $"- model: {Escaped(config.Model.Description)}; {model.ParameterCount:N0} parameters\n");
        text.Append(culture, $"- likelihood: {Escaped(config.Model.Likelihood.Word)}\n");
        if (config.Data.Standardize is StandardizeBy.Columns or StandardizeBy.Channels)
        {
            text.Append(culture, $"- standardised by {config.Data.TextOf("standardize")} " +
                $"(standardization.json): nats are for the standardised data\n");
        }

        text.Append(culture, $"- objective: {Escaped(objective.Name)}; {Escaped(bound.Text)}\n");
        text.Append(culture, $"- seed {config.Training.Seed}, {length}\n");
        if (report?.Epochs.Count > 0)
        {
            EpochReport last = report.Epochs[^1];
            text.Append(culture, $"- training {bound.Name} of the last epoch {last.Train.Bound:F2} nats per " +
                $"data point (reconstruction {last.Train.Reconstruction:F2}, KL {last.Train.KL:F2})\n");
            if (last.Validation is { } validation)
            {
                text.Append(culture, $"- validation {bound.Name} {validation.Bound:F2} nats per data point, " +
                    $"{last.ActiveUnits} of {model.Units} units active\n");
            }
        }

        text.Append('\n');
        text.Append("Compare numbers only with numbers of the same binarisation, likelihood and bound. " +
            "`reparam evaluate` gives the test bound with its standard error.\n");
        text.Append(culture, $"Weights are in checkpoints/ as safetensors; " +
            $"{(config.Training.Patience > 0 ? "`best`" : "`latest`")} names the folder to use.\n");
        return text.ToString();
    }

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
}
