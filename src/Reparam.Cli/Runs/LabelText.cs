using System.Globalization;
using Reparam.Data;

namespace Reparam.Cli.Runs;

/// <summary>The label of a data point as text.</summary>
internal static class LabelText
{
    /// <summary>The label as the table writes it, or the name of the class, or its number; empty if it is
    /// unknown.</summary>
    public static string Of(Dataset data, TableSchema? schema, int index)
    {
        int label = data.Labels!.Value.Span[index];
        if (schema is not null) return schema.LabelText(label);
        if (label < 0) return "";
        return data.ClassNames?[label] ?? label.ToString(CultureInfo.InvariantCulture);
    }
}
