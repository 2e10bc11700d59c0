using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>Rows of grey levels as zeros and ones. The draws of a row depend only on the random stream and on the
/// number of the row.</summary>
/// <param name="source">The rows of grey levels.</param>
/// <param name="binarization">Static or threshold.</param>
/// <param name="rng">The random stream of the draws.</param>
internal sealed class BinarizedRows(StreamedRows source, Binarization binarization, Rng rng)
    : StreamedRows(source.Count, source.Size, DataKind.Binary)
{
    internal override void Read(int start, Span<byte> destination)
    {
        source.Read(start, destination);
        DatasetBinarization.Binarize(destination, destination, start, Size, binarization, rng);
    }
}
