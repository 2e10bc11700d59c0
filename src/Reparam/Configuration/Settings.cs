using System.Text.Json.Nodes;

namespace Reparam.Configuration;

/// <summary>
/// The settings of one member, as a configuration gives them: a record that describes the member and creates it. A
/// section of a configuration holds the settings of one of several kinds.
/// </summary>
public abstract record Settings
{
    /// <summary>The kind: its name, and its settings with their bounds.</summary>
    public abstract Kind Kind { get; }

    /// <summary>Throws if a value is out of bounds, in these settings or in a section inside them.</summary>
    /// <param name="path">The path of these settings in the configuration, such as <c>model.prior</c>; empty for the
    /// whole configuration.</param>
    /// <exception cref="InvalidConfigException">A value is out of its bounds.</exception>
    public virtual void Require(string path = "")
    {
        foreach (Setting setting in Kind.Settings) setting.Require(this, Setting.Join(path, setting.Name));
    }

    /// <summary>The settings as a JSON object with every value, including defaults. With <paramref name="named"/> the
    /// key <c>kind</c> comes first.</summary>
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

    /// <summary>The word of the kind, then the settings that differ from the defaults of the kind: <c>elbo, beta
    /// 4</c>.</summary>
    public string Summary => string.Join(", ", (string[])[
        Word,
        .. Kind.Settings.Where(s => !s.IsAfterColon && s.TextOf(this) != s.TextOf(Kind.Default)).Select(
            s => $"{s.Name} {s.TextOf(this)}")]);

    /// <summary>
    /// The name of the kind, followed by a colon and its number if it has one: <c>vamp:500</c>. The word does not
    /// contain other settings.
    /// </summary>
    public string Word => Kind.Number is { } number ? $"{Kind.Name}:{number.TextOf(this)}" : Kind.Name;
}
