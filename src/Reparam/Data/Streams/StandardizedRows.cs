using System.Buffers;

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
        if (source.Kind == DataKind.Real) source.Read(start, destination);
        else ReadLevels(start, destination);
        standardization.Apply(destination, name, start);
    }

    private void ReadLevels(int start, Span<float> destination)
    {
        byte[] levels = ArrayPool<byte>.Shared.Rent(destination.Length);
        try
        {
            Span<byte> bytes = levels.AsSpan(0, destination.Length);
            source.Read(start, bytes);
            Dataset.ToValues(source.Kind, bytes, destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(levels);
        }
    }
}
