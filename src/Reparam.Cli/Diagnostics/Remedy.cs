namespace Reparam.Cli.Diagnostics;

/// <summary>Something to try.</summary>
/// <param name="Why">What it does, in a few words.</param>
/// <param name="Command">The whole command.</param>
internal sealed record Remedy(string Why, string Command);
