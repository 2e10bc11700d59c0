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
        if (_kinds.GroupBy(k => (k.Name, SectionOf(k))).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"There are two kinds '{twice.Key.Name}' of {twice.Key.Item2.Name}.", nameof(kinds));
        }
    }

    /// <summary>The catalogue with one kind more.</summary>
    /// <exception cref="ArgumentException">The section has a kind of that name.</exception>
    public Catalog With(Kind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return new Catalog([.. _kinds, kind]);
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
