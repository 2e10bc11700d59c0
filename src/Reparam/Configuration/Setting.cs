using System.Text.Json.Nodes;

namespace Reparam.Configuration;

/// <summary>
/// One setting of a kind: its key, help text, command-line option and bounds, and how to read and change its value in a
/// record. The static methods of this class create settings.
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

    /// <summary>What the setting does, in one line without a full stop.</summary>
    public string Help { get; }

    /// <summary>The command-line option, <c>--free-bits</c> for <c>free_bits</c>; null if there is no option.</summary>
    public string? Flag { get; private set; }

    /// <summary>Whether the setting follows the kind's name after a colon, as in <c>vamp:500</c>.</summary>
    public bool IsAfterColon { get; private set; }

    /// <summary>The placeholder for a value in help texts: <c>N</c>, <c>X</c>, <c>NAME</c>.</summary>
    public abstract string Placeholder { get; }

    /// <summary>The names that the value may have; empty if the value is not a name.</summary>
    public virtual IReadOnlyList<string> Choices => [];

    /// <summary>A copy of the setting with another command-line option, or with none.</summary>
    public Setting WithFlag(string? flag)
    {
        var other = (Setting)MemberwiseClone();
        other.Flag = flag;
        return other;
    }

    /// <summary>A copy of the setting that follows the name of the kind after a colon. The copy has no command-line
    /// option.</summary>
    public Setting AfterColon()
    {
        var other = (Setting)MemberwiseClone();
        (other.IsAfterColon, other.Flag) = (true, null);
        return other;
    }

    /// <summary>The default value of the setting in a kind, as help texts write it.</summary>
    public string DefaultText(Kind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return TextOf(kind.Default) switch { "" => "none", "null" => "by the model", var text => text };
    }

    /// <summary>The kinds that a section may have; empty for a value.</summary>
    public virtual IReadOnlyList<Kind> Kinds(Catalog catalog) => [];

    /// <summary>The kinds of a section in the order of help texts: first the kind that <paramref name="owner"/> has by
    /// default, then the others by name.</summary>
    internal IReadOnlyList<Kind> Listed(Kind owner, Catalog catalog) =>
        [.. Kinds(catalog).OrderBy(k => k != SettingsIn(owner.Default).Kind).ThenBy(
            k => k.Name, StringComparer.Ordinal)];

    /// <summary>Whether the setting is a section (of one of several kinds) or a group (of one fixed kind), and not a
    /// value.</summary>
    public virtual bool IsSection => false;

    /// <summary>Whether a section names its kind in the configuration.</summary>
    internal virtual bool IsNamed => false;

    /// <summary>The accepted values, as the end of a sentence: "lies between 1 and 64".</summary>
    internal virtual string Limits => "is a section";

    /// <summary>Whether values are real numbers.</summary>
    internal virtual bool IsReal => false;

    /// <summary>The value of the setting in a record, as JSON.</summary>
    internal abstract JsonNode? Write(Settings settings);

    /// <summary>The value of the setting in a record, as an option spells it.</summary>
    internal abstract string TextOf(Settings settings);

    /// <summary>Reads the value from JSON and returns a copy of the record with that value.</summary>
    internal abstract Settings Read(Settings settings, JsonNode? value, in Place at);

    /// <summary>Converts the text of an option to JSON. A text that does not fit the setting stays a string, and
    /// <see cref="Read"/> refuses it.</summary>
    internal abstract JsonNode? Parse(string text);

    /// <summary>Throws if the value in a record is out of bounds.</summary>
    internal abstract void Require(Settings settings, string path);

    /// <summary>The JSON schema of the setting.</summary>
    internal abstract JsonObject Schema(Settings defaults, Catalog catalog);

    /// <summary>The settings of a section in a record.</summary>
    internal virtual Settings SettingsIn(Settings settings) =>
        throw new InvalidOperationException($"'{Name}' is not a section.");

    internal static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
