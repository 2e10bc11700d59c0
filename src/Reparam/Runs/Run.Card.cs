using Reparam.Models;
using Reparam.Serialization;

namespace Reparam.Runs;

public sealed partial class Run
{
    private string CardPath => System.IO.Path.Combine(Path, ModelCard.FileName);

    /// <summary>The mark for pictures and tables that the run's model generates.</summary>
    /// <param name="model">The model with the weights that generate.</param>
    /// <param name="seed">The seed of the draws; null for the seed of the run.</param>
    /// <param name="command">The command that generates, without its arguments; null for none.</param>
    public Provenance Provenance(LatentVariableModel model, ulong? seed = null, string? command = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new Provenance
        {
            Command = command,
            Run = WeightsFile.Sha256(model.State),
            Seed = seed ?? Config.Training.Seed,
            Data = Config.Data.Source,
            License = Config.Card.License is { Length: > 0 } license ? license : null,
        };
    }

    /// <summary>Adds a measured result to the model card, <c>README.md</c>, in place of an earlier result of that name.
    /// A card from which its author has removed the list of results, or that was deleted, stays as it is.</summary>
    /// <param name="name">What was measured, in a few words, such as <c>evaluation</c>.</param>
    /// <param name="step">The step of the checkpoint.</param>
    /// <param name="text">The numbers and what they mean, in one line of Markdown.</param>
    /// <exception cref="IOException">The card cannot be written. The old card is kept.</exception>
    public void AddResult(string name, long step, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (!File.Exists(CardPath)) return;
        string card = File.ReadAllText(CardPath), added = ModelCard.WithResult(card, name, step, text);
        if (added != card) AtomicFile.WriteAllText(CardPath, added);
    }

    /// <summary>Writes the model card.</summary>
    /// <param name="card">The card.</param>
    /// <param name="keepsResults">Whether the results of the old card are still those of the run.</param>
    internal void WriteCard(string card, bool keepsResults)
    {
        if (keepsResults && File.Exists(CardPath))
            card = ModelCard.WithResultsOf(card, File.ReadAllText(CardPath));
        AtomicFile.WriteAllText(CardPath, card);
    }
}
