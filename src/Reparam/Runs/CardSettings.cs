using Reparam.Configuration;

namespace Reparam.Runs;

/// <summary>What only the author of a run knows, for its model card. It does not change the training.</summary>
public sealed record CardSettings : Settings
{
    private const int LongestLicense = 500, LongestUse = 10_000; // characters

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<CardSettings>(
        "card", "what only you know about a run, for its model card",
        Setting.Text<CardSettings>("license", s => s.License, (s, v) => s with { License = v },
            "licence of the model and of what it generates: an SPDX identifier, such as CC-BY-4.0, or a text", "TEXT"),
        Setting.Text<CardSettings>("intended_use", s => s.IntendedUse, (s, v) => s with { IntendedUse = v },
            "what the model is for, and what it must not be used for", "TEXT"));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The licence of the model and of what it generates: an SPDX identifier, or a text in one line; empty if
    /// none is stated. Generated files name it.</summary>
    public string License { get; init; } = "";

    /// <summary>What the model is for, and what it must not be used for; empty if nothing is stated.</summary>
    public string IntendedUse { get; init; } = "";

    /// <inheritdoc/>
    public override void Require(string path = "")
    {
        base.Require(path);
        if (License.Length > LongestLicense || License.Any(char.IsControl))
        {
            throw new InvalidConfigException($"{Setting.Join(path, "license")} takes one line of at most " +
                $"{LongestLicense} characters; give the name of the licence or its address.");
        }

        if (IntendedUse.Length > LongestUse)
        {
            throw new InvalidConfigException(
                $"{Setting.Join(path, "intended_use")} takes at most {LongestUse} characters; shorten it.");
        }
    }
}
