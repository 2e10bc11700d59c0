namespace Reparam.Configuration;

/// <summary>
/// A kind of settings: the name by which a configuration chooses a member (such as a prior or an objective), and the
/// settings of that member. Options, help texts, bounds, the JSON schema of a configuration and its reference page are
/// derived from the kinds.
/// </summary>
public sealed class Kind
{
    /// <summary>The key in a section that holds the name of the kind.</summary>
    public const string Key = "kind";

    private readonly Lazy<Settings> _default;

    private Kind(string name, string summary, Func<Settings> make, IReadOnlyList<Setting> settings)
    {
        (Name, Summary, Settings) = (name, summary, settings);
        _default = new Lazy<Settings>(make);
    }

    /// <summary>The name in configurations, such as <c>beta-tcvae</c>.</summary>
    public string Name { get; }

    /// <summary>What the member is, in one line.</summary>
    public string Summary { get; }

    /// <summary>The settings in the order in which they are written.</summary>
    public IReadOnlyList<Setting> Settings { get; }

    /// <summary>The setting that follows the name after a colon, as in <c>vamp:500</c>; null for none.</summary>
    public Setting? Number => Settings.FirstOrDefault(s => s.IsAfterColon);

    /// <summary>The settings with their defaults.</summary>
    public Settings Default => _default.Value;

    /// <summary>A kind whose settings are of type <typeparamref name="T"/>.</summary>
    /// <param name="name">The name in configurations: lower-case letters, digits and '-'.</param>
    /// <param name="summary">What the member is, in one line.</param>
    /// <param name="settings">The settings, including the settings of the base types.</param>
    /// <exception cref="ArgumentException">Two settings have the same name.</exception>
    public static Kind Of<T>(string name, string summary, params IEnumerable<Setting> settings)
        where T : Settings, new()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(settings);
        Setting[] all = [.. settings];
        if (all.GroupBy(s => s.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The kind '{name}' has two settings '{twice.Key}'.", nameof(settings));
        return new Kind(name, summary, () => new T(), all);
    }

    /// <summary>Throws for mistakes of a program that adds the kind.</summary>
    /// <exception cref="ArgumentException">The name or a key has a character that it may not have, or the default
    /// settings say that they are of another kind.</exception>
    internal void RequireSense()
    {
        if (!IsPlain(Name, '-'))
        {
            throw new ArgumentException(
                $"The name of the kind '{Name}' may have only lower-case letters, digits and '-'. Rename it.");
        }

        if (Settings.FirstOrDefault(s => !IsPlain(s.Name, '_')) is { } odd)
        {
            throw new ArgumentException($"The key '{odd.Name}' of the kind '{Name}' may have only lower-case " +
                "letters, digits and '_'. Rename it.");
        }

        if (Default.Kind == this) return;
        string type = Default.GetType().Name;
        throw new ArgumentException($"{type}.Kind returns another kind ('{Default.Kind.Name}') than the kind " +
            $"'{Name}' that creates {type}. Declare 'static Kind Definition {{ get; }} = Kind.Of<{type}>(...)' and " +
            "return this Definition.");
    }

    private static bool IsPlain(string word, char sign) =>
        word.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == sign);

    /// <summary>The setting with a name; null if the kind has no such setting.</summary>
    public Setting? Find(string name) => Settings.FirstOrDefault(s => s.Name == name);
}
