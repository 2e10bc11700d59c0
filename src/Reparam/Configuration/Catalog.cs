namespace Reparam.Configuration;

/// <summary>
/// The kinds that configurations may name. A program adds kinds of its own: <c>Catalog.BuiltIn.With(kind)</c>.
/// </summary>
public sealed class Catalog
{
    private readonly IReadOnlyList<Kind> _kinds;

    /// <summary>A catalogue of the given kinds.</summary>
    /// <exception cref="ArgumentException">Two kinds of one section have the same name.</exception>
    public Catalog(IEnumerable<Kind> kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        _kinds = [.. kinds];
    }

    /// <summary>The catalogue with one kind more, of a section that exists.</summary>
    /// <exception cref="ArgumentException">The section has a kind of that name.</exception>
    public Catalog With(Kind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        Type section = SectionOf(kind);
        return _kinds.Any(k => k.Name == kind.Name && SectionOf(k) == section)
            ? throw new ArgumentException($"There is a kind '{kind.Name}' of {section.Name} already.", nameof(kind))
            : new Catalog([.. _kinds, kind]);
    }

    /// <summary>The kinds whose settings are of a type, such as all objectives.</summary>
    public IReadOnlyList<Kind> Of<T>()
        where T : Settings => [.. _kinds.Where(k => k.Default is T)];

    /// <summary>The settings type right below <see cref="Settings"/> that a kind's derive from.</summary>
    private static Type SectionOf(Kind kind)
    {
        Type type = kind.Default.GetType();
        while (type.BaseType is { } parent && parent != typeof(Settings)) type = parent;
        return type;
    }
}
