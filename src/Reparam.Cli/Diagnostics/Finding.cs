namespace Reparam.Cli.Diagnostics;

/// <summary>A thing that is the matter with a run.</summary>
/// <param name="Name">What programs know it by.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">What was seen, with its numbers.</param>
/// <param name="Numbers">The numbers it rests on, by name.</param>
/// <param name="Remedies">What to try, the likeliest first.</param>
internal sealed record Finding(string Name, Severity Severity, string Text, IReadOnlyDictionary<string, double> Numbers,
    IReadOnlyList<Remedy> Remedies);
