namespace Reparam.Data;

/// <summary>Other rows after standardisation: (float)((x - mean) / scale), in double precision.</summary>
/// <param name="source">The other rows.</param>
/// <param name="standardization">The means and scales.</param>
/// <param name="name">The name of the data set, for messages.</param>
internal sealed class StandardizedRows(StreamedRows source, Standardization standardization, string name)
    : StreamedRows(source.Count, source.Size, DataKind.Real)
{
    internal override void Read(int start, Span<float> destination)
    {
        source.ReadValues(start, destination);
        standardization.Apply(destination, name, start);
    }
}
