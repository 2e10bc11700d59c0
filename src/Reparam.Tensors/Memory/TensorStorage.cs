namespace Reparam.Tensors.Memory;

/// <summary>The memory behind one tensor or several views of it; empty once the arena that owned it has gone.</summary>
internal sealed class TensorStorage(TensorBuffer buffer)
{
    private TensorBuffer? _buffer = buffer;

    /// <exception cref="ObjectDisposedException">The tape or scope that owned this memory is gone.</exception>
    public TensorBuffer Buffer => _buffer ?? throw new ObjectDisposedException(
        nameof(Tensor), "This tensor belonged to a GradientTape or TensorScope that has been disposed. Call Keep() on a tensor that must outlive it.");

    public bool IsReleased => _buffer is null;

    internal void Release()
    {
        if (_buffer is null) return;
        BufferPool.Shared.Return(_buffer);
        _buffer = null;
    }
}
