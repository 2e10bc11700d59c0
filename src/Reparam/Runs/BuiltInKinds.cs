using Reparam.Configuration;

namespace Reparam.Runs;

/// <summary>
/// The kinds that come with the library. The list is written when the library is compiled (Reparam.Generators): the
/// <c>Definition</c> of every settings record.
/// </summary>
public static partial class BuiltInKinds
{
    private static readonly Catalog s_catalog = new(All());

    extension(Catalog)
    {
        /// <summary>The kinds that come with the library.</summary>
        public static Catalog BuiltIn => s_catalog;
    }

    private static partial IReadOnlyList<Kind> All();
}
