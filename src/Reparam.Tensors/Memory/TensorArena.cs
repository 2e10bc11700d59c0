namespace Reparam.Tensors.Memory;

/// <summary>
/// Owns the memory of the tensors made while it is the current arena of its thread, and gives it back to the pool at once.
/// Without a current arena a tensor's memory is ordinary garbage.
/// </summary>
internal sealed class TensorArena
{
    [ThreadStatic]
    private static TensorArena? s_current;

    private readonly List<TensorStorage> _owned = [];
    private readonly TensorArena? _outer;

    private TensorArena(TensorArena? outer) => _outer = outer;

    /// <summary>Makes a new arena the current one of this thread.</summary>
    public static TensorArena Enter() => s_current = new TensorArena(s_current);

    /// <summary>Memory for a new tensor, owned by the current arena if there is one.</summary>
    public static TensorStorage Allocate(DType type, int length)
    {
        if (s_current is not { } arena) return AllocateUnowned(type, length);
        var storage = new TensorStorage(BufferPool.Shared.Rent(type, length));
        arena._owned.Add(storage);
        return storage;
    }

    /// <summary>Memory that no arena owns.</summary>
    public static TensorStorage AllocateUnowned(DType type, int length)
    {
        var buffer = new TensorBuffer(type, (long)length * TensorBuffer.SizeOf(type));
        buffer.Use(type, length);
        return new TensorStorage(buffer);
    }

    /// <summary>Gives everything back and makes the outer arena current again.</summary>
    /// <exception cref="InvalidOperationException">An arena entered later is still current, or this is another thread.</exception>
    public void Exit()
    {
        if (s_current != this)
            throw new InvalidOperationException("Tapes and scopes are disposed on the thread that made them, innermost first.");
        s_current = _outer;
        foreach (TensorStorage storage in _owned) storage.Release();
        _owned.Clear();
        BufferPool.Shared.CountClosedArena();
    }
}
