using System.Globalization;
using System.Text;
using System.Text.Json;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Training;

namespace Reparam.Runs;

/// <summary>The model card of a run: Hugging Face front matter, then what the model is, what its numbers mean and where they stop.</summary>
internal static class ModelCard
{
    /// <param name="config">The configuration.</param>
    /// <param name="report">What the training came to; null before it has.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="model">The model.</param>
    /// <param name="bound">What is maximised.</param>
    /// <param name="outcome">How far the training is where there is no report.</param>
    public static string Write(RunSettings config, TrainingReport? report, Objective objective, LatentVariableModel model, BoundStatement bound, string outcome)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"---");
        Line($"library_name: reparam");
        Line($"tags: [variational-autoencoder]");
        Line($"datasets: [{Quoted(config.Data.Name)}]");
        Line($"pipeline_tag: unconditional-image-generation");
        Line($"---");
        Line($"");
        Line($"# A variational autoencoder on {Escaped(config.Data.Name)}");
        Line($"");
        Line($"- data: {Escaped(config.Data.Name)}, shape [{string.Join(", ", config.Model.EventShape)}], binarisation {config.Data.TextOf("binarization")}; SHA-256 in environment.json");
        Line($"- model: {Escaped(config.Model.Description)}; {model.ParameterCount:N0} parameters");
        Line($"- likelihood: {Escaped(config.Model.Likelihood.Word)}");
        if (config.Data.Standardize is StandardizeBy.Columns or StandardizeBy.Channels) Line($"- standardised by {config.Data.TextOf("standardize")} (standardization.json): nats are those of the standardised data");
        Line($"- objective: {Escaped(objective.Name)}; {Escaped(bound.Text)}");
        Line($"- seed {config.Training.Seed}, {(report is null ? outcome : FormattableString.Invariant($"{report.State.Epoch} epochs, {report.State.Step} steps"))}");
        if (report?.Epochs.Count > 0)
        {
            EpochReport last = report.Epochs[^1];
            Line($"- training {bound.Name} of the last epoch {last.Train.Bound:F2} nats per datum (reconstruction {last.Train.Reconstruction:F2}, KL {last.Train.KL:F2})");
            if (last.Validation is { } validation) Line($"- validation {bound.Name} {validation.Bound:F2} nats per datum, {last.ActiveUnits} of {model.Units} units active");
        }

        Line($"");
        Line($"Numbers compare only with numbers of the same binarisation, likelihood and bound. `reparam evaluate` gives the test bound with its standard error.");
        Line($"Weights are in checkpoints/ as safetensors; {(config.Training.Patience > 0 ? "`best`" : "`latest`")} names the folder to use.");
        return text.ToString();
    }

    /// <summary>A user's text as a YAML flow scalar: JSON's quoting is YAML's.</summary>
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    /// <summary>A user's text inside Markdown: nothing in it is markup, and it stays on its line.</summary>
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
