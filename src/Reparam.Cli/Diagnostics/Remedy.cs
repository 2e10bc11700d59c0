namespace Reparam.Cli.Diagnostics;

/// <summary>A command to try against a problem.</summary>
/// <param name="Why">What the command does, in a few words.</param>
/// <param name="Command">The whole command.</param>
internal sealed record Remedy(string Why, string Command);
