using System.Text.Json.Nodes;

namespace Reparam.Configuration;

/// <summary>
/// One setting of a kind: its key, help, option of the command line and bounds, and how to read and change it in a
/// record. Made by the methods of this class.
/// </summary>
public abstract partial class Setting
{
    private protected Setting(string name, string help)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (Name, Help, Flag) = (name, help, "--" + name.Replace('_', '-'));
    }

    /// <summary>The key in a configuration, such as <c>free_bits</c>.</summary>
    public string Name { get; }

    /// <summary>What the setting does, in a line without a full stop.</summary>
    public string Help { get; }

    /// <summary>The option of the command line, <c>--free-bits</c> for <c>free_bits</c>; null for none.</summary>
    public string? Flag { get; private set; }

    /// <summary>Whether the setting follows the kind's name after a colon, as in <c>vamp:500</c>.</summary>
    public bool IsAfterColon { get; private set; }

    /// <summary>What help calls a value: <c>N</c>, <c>X</c>, <c>NAME</c>.</summary>
    public abstract string Placeholder { get; }

    /// <summary>The names that a value may have; empty where it is no name.</summary>
    public virtual IReadOnlyList<string> Choices => [];

    /// <summary>The setting under another option, or under none.</summary>
    public Setting WithFlag(string? flag)
    {
        var other = (Setting)MemberwiseClone();
        other.Flag = flag;
        return other;
    }

    /// <summary>The setting that follows the kind's name after a colon; it has no option of its own.</summary>
    public Setting AfterColon()
    {
        var other = (Setting)MemberwiseClone();
        (other.IsAfterColon, other.Flag) = (true, null);
        return other;
    }

    /// <summary>The default in a kind's settings, as help writes it.</summary>
    public string DefaultText(Kind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return TextOf(kind.Default) switch { "" => "none", "null" => "by the model", var text => text };
    }

    /// <summary>The kinds of a section; empty for a value.</summary>
    public virtual IReadOnlyList<Kind> Kinds(Catalog catalog) => [];

    /// <summary>The kinds of a section as help lists them: the default of the settings that it is a part of, then the
    /// others by name.</summary>
    internal IReadOnlyList<Kind> Listed(Kind owner, Catalog catalog) =>
        [.. Kinds(catalog).OrderBy(k => k != SettingsIn(owner.Default).Kind).ThenBy(
            k => k.Name, StringComparer.Ordinal)];

    /// <summary>Whether the setting is a section of several kinds, or a group of one.</summary>
    public virtual bool IsSection => false;

    /// <summary>Whether a section says its kind.</summary>
    internal virtual bool IsNamed => false;

    /// <summary>The values within bounds, as the rest of a sentence: "lies between 1 and 64".</summary>
    internal virtual string Limits => "is a section";

    /// <summary>Whether values are numbers that may have a fraction.</summary>
    internal virtual bool IsReal => false;

    /// <summary>The setting in a record, as JSON.</summary>
    internal abstract JsonNode? Write(Settings settings);

    /// <summary>The setting in a record, as an option spells it.</summary>
    internal abstract string TextOf(Settings settings);

    /// <summary>The record with the setting read from JSON.</summary>
    internal abstract Settings Read(Settings settings, JsonNode? value, in Place at);

    /// <summary>The JSON that an option's text stands for; text that does not fit stays a string, which reading
    /// refuses.</summary>
    internal abstract JsonNode? Parse(string text);

    /// <summary>Refuses the value in a record where it is out of bounds.</summary>
    internal abstract void Require(Settings settings, string path);

    /// <summary>The JSON schema of the setting.</summary>
    internal abstract JsonObject Schema(Settings defaults, Catalog catalog);

    /// <summary>The settings of a section in a record.</summary>
    internal virtual Settings SettingsIn(Settings settings) =>
        throw new InvalidOperationException($"'{Name}' is no section.");

    internal static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
