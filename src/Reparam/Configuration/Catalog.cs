namespace Reparam.Configuration;

/// <summary>
/// The kinds that configurations may name. A program adds its own kinds with <c>Catalog.BuiltIn.With(kind)</c>.
/// </summary>
public sealed class Catalog
{
    private readonly IReadOnlyList<Kind> _kinds;

    /// <summary>A catalogue of the given kinds.</summary>
    /// <exception cref="ArgumentException">Two kinds of one section have the same name, a name or a key has a
    /// character that it may not have, or the settings of a kind say that they are of another kind.</exception>
    public Catalog(IEnumerable<Kind> kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        _kinds = [.. kinds];
        foreach (Kind kind in _kinds) kind.RequireSense();
        if (_kinds.GroupBy(k => (k.Name, SectionOf(k))).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"There are two kinds '{twice.Key.Name}' of {twice.Key.Item2.Name}. Give your kind another name, or " +
                "register it once.");
        }
    }

    /// <summary>A new catalogue: the kinds of this catalogue and one more kind.</summary>
    /// <exception cref="ArgumentException">The section already has a kind of that name, or the kind is wrong as in
    /// the constructor.</exception>
    public Catalog With(Kind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return new Catalog([.. _kinds, kind]);
    }

    /// <summary>The kinds whose settings derive from <typeparamref name="T"/>, such as all objectives.</summary>
    public IReadOnlyList<Kind> Of<T>()
        where T : Settings => [.. _kinds.Where(k => k.Default is T)];

    /// <summary>The type of a kind's section: the ancestor of the kind's settings type that derives directly from
    /// <see cref="Settings"/>.</summary>
    private static Type SectionOf(Kind kind)
    {
        Type type = kind.Default.GetType();
        while (type.BaseType is { } parent && parent != typeof(Settings)) type = parent;
        return type;
    }
}
