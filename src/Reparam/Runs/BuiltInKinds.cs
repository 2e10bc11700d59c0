using Reparam.Configuration;

namespace Reparam.Runs;

/// <summary>
/// The kinds that the library contains. A source generator (Reparam.Generators) writes the list at compile time: the
/// <c>Definition</c> of every settings record.
/// </summary>
public static partial class BuiltInKinds
{
    private static readonly Catalog s_catalog = new(All());

    extension(Catalog)
    {
        /// <summary>The kinds that the library contains.</summary>
        public static Catalog BuiltIn => s_catalog;
    }

    private static partial IReadOnlyList<Kind> All();
}
