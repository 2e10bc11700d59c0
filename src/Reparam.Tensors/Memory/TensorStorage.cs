namespace Reparam.Tensors.Memory;

/// <summary>The memory of one tensor and of its views. It is empty after the arena that owned it has been closed.
/// Inside a <see cref="ShapeScope"/> it is a hollow buffer.</summary>
internal sealed class TensorStorage
{
    private TensorBuffer? _buffer, _hollow;

    public TensorStorage(TensorBuffer buffer) => _buffer = buffer;

    private TensorStorage()
    {
    }

    /// <exception cref="ObjectDisposedException">The tape or scope that owned this memory has been
    /// disposed.</exception>
    public TensorBuffer Buffer => _buffer ?? HollowBuffer();

    /// <summary>The memory; null if there is none.</summary>
    public TensorBuffer? Elements => _buffer;

    public bool IsReleased => _buffer is null && _hollow is null;

    /// <summary>A stand-in for the memory of <paramref name="length"/> elements, without the memory.</summary>
    public static TensorStorage Hollow(DType type, int length) => new() { _hollow = TensorBuffer.Hollow(type, length) };

    internal void Release()
    {
        if (_buffer is not null) BufferPool.Shared.Return(_buffer);
        (_buffer, _hollow) = (null, null);
    }

    // Only the ShapeBackend may receive the null pointer of a hollow buffer.
    private TensorBuffer HollowBuffer()
    {
        if (_hollow is null)
        {
            throw new ObjectDisposedException(
                nameof(Tensor),
                "This tensor belonged to a GradientTape or TensorScope that has been disposed. "
                + "Call Keep() on a tensor that must outlive its tape or scope.");
        }

        return ShapeScope.IsOn
            ? _hollow
            : throw new ObjectDisposedException(
                nameof(Tensor),
                "This tensor was made inside a ShapeScope and has no elements. "
                + "Make it again outside the scope, or inside with ShapeScope.Outside.");
    }
}
