using System.Text.Json.Nodes;

namespace Reparam.Configuration;

/// <summary>
/// The settings of one member as a configuration gives them: a record that stands beside the member and makes it. A
/// section of a configuration is the settings of one of several kinds.
/// </summary>
public abstract record Settings
{
    /// <summary>The kind: its name, and its settings with their bounds.</summary>
    public abstract Kind Kind { get; }

    /// <summary>Refuses values out of bounds, in these settings and in the sections inside them.</summary>
    /// <param name="path">The place in the configuration, such as <c>model.prior</c>; empty for the whole.</param>
    /// <exception cref="InvalidConfigException">A value is out of its bounds.</exception>
    public virtual void Require(string path = "")
    {
        foreach (Setting setting in Kind.Settings) setting.Require(this, Setting.Join(path, setting.Name));
    }

    /// <summary>The settings as a JSON object, each value spelt out; <c>kind</c> comes first where there are
    /// several.</summary>
    public JsonObject ToJson(bool named = true)
    {
        var json = new JsonObject();
        if (named) json[Kind.Key] = Kind.Name;
        foreach (Setting setting in Kind.Settings) json[setting.Name] = setting.Write(this);
        return json;
    }

    /// <summary>The value of a setting as an option spells it.</summary>
    /// <exception cref="ArgumentException">The kind has no such setting.</exception>
    public string TextOf(string name) =>
        Kind.Find(name)?.TextOf(this)
            ?? throw new ArgumentException($"The kind '{Kind.Name}' has no setting '{name}'.", nameof(name));

    /// <summary>The kind in a word, then the settings that are not the kind's defaults: <c>elbo, beta 4</c>.</summary>
    public string Summary => string.Join(", ", (string[])[
        Word,
        .. Kind.Settings.Where(s => !s.IsAfterColon && s.TextOf(this) != s.TextOf(Kind.Default)).Select(
            s => $"{s.Name} {s.TextOf(this)}")]);

    /// <summary>
    /// The kind in a word, with its number where it has one: <c>vamp:500</c>. Other settings do not show.
    /// </summary>
    public string Word => Kind.Number is { } number ? $"{Kind.Name}:{number.TextOf(this)}" : Kind.Name;
}
