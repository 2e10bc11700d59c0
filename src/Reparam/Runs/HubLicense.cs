namespace Reparam.Runs;

/// <summary>The licence field of a model card. The Hugging Face Hub takes identifiers of its own list only
/// (https://huggingface.co/docs/hub/repositories-licenses), in lower case; most of them are SPDX identifiers.</summary>
internal static class HubLicense
{
    private static readonly HashSet<string> s_known = [.. """
        apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0
        bigcode-openrail-m afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc
        cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0
        cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0
        cdla-sharing-1.0 cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1
        eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0 isc lppl-1.3c ms-pl mpl-2.0 odc-by odbl
        openmdw-1.0 openrail++ osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl lgpl-lr
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)];

    // SPDX identifiers whose versions or variants are one entry of the list.
    private static readonly string[] s_endings = ["-only", "-or-later", "-1.0"];

    /// <summary>The identifier of a licence on the Hub; null if the Hub has none.</summary>
    internal static string? Find(string license)
    {
        string id = license.ToLowerInvariant();
        return s_endings.Select(e => id.EndsWith(e, StringComparison.Ordinal) ? id[..^e.Length] : id).Prepend(id)
            .FirstOrDefault(s_known.Contains);
    }
}
