namespace Reparam.Tensors.Memory;

/// <summary>The memory behind one tensor or several views of it; empty once the arena that owned it has gone. Inside a
/// <see cref="ShapeScope"/> a hollow buffer stands for it.</summary>
internal sealed class TensorStorage
{
    private TensorBuffer? _buffer, _hollow;

    public TensorStorage(TensorBuffer buffer) => _buffer = buffer;

    private TensorStorage()
    {
    }

    /// <exception cref="ObjectDisposedException">The tape or scope that owned this memory is gone.</exception>
    public TensorBuffer Buffer => _buffer ?? HollowBuffer();

    /// <summary>The memory where there is any.</summary>
    public TensorBuffer? Elements => _buffer;

    public bool IsReleased => _buffer is null && _hollow is null;

    /// <summary>Memory of so many elements that is not there.</summary>
    public static TensorStorage Hollow(DType type, int length) => new() { _hollow = TensorBuffer.Hollow(type, length) };

    internal void Release()
    {
        if (_buffer is not null) BufferPool.Shared.Return(_buffer);
        (_buffer, _hollow) = (null, null);
    }

    // The null pointer of a hollow buffer is for the ShapeBackend alone.
    private TensorBuffer HollowBuffer()
    {
        if (_hollow is null)
        {
            throw new ObjectDisposedException(
                nameof(Tensor),
                "This tensor belonged to a GradientTape or TensorScope that has been disposed. "
                + "Call Keep() on a tensor that must outlive it.");
        }

        return ShapeScope.IsOn
            ? _hollow
            : throw new ObjectDisposedException(
                nameof(Tensor),
                "This tensor was made inside a ShapeScope and has no elements. "
                + "Make it again outside, or there with ShapeScope.Outside.");
    }
}
