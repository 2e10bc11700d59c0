namespace Reparam.Cli.Diagnostics;

/// <summary>A problem that was found in a run.</summary>
/// <param name="Name">The name by which programs know the finding.</param>
/// <param name="Severity">How serious the problem is.</param>
/// <param name="Text">What was found, with its numbers.</param>
/// <param name="Numbers">The numbers on which the finding is based, by name.</param>
/// <param name="Remedies">What to try, the most promising first.</param>
internal sealed record Finding(string Name, Severity Severity, string Text, IReadOnlyDictionary<string, double> Numbers,
    IReadOnlyList<Remedy> Remedies);
