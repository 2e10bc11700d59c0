namespace Reparam.Tensors.Memory;

/// <summary>
/// Owns the memory of the tensors made while it is the current arena of its thread, and returns all of it to the pool
/// together. Without a current arena, the garbage collector frees the memory of a tensor.
/// </summary>
internal sealed class TensorArena
{
    [ThreadStatic]
    private static TensorArena? s_current;

    // Lists of closed arenas of this thread, for the next ones. A longer list is left to the garbage collector.
    [ThreadStatic]
    private static Stack<List<TensorStorage>>? s_spare;
    private const int LongestSpare = 1024, MostSpare = 4;

    // Null after the arena is closed, so that no later arena shares the list.
    private List<TensorStorage>? _owned = Spare.TryPop(out List<TensorStorage>? spare) ? spare : [];
    private readonly TensorArena? _outer;

    // The bytes of this arena that each meter counted, one meter after another.
    private readonly List<(MemoryMeter Meter, long Bytes)> _counted = [];

    private TensorArena(TensorArena? outer) => _outer = outer;

    /// <summary>Makes a new arena the current one of this thread.</summary>
    public static TensorArena Enter() => s_current = new TensorArena(s_current);

    /// <summary>The current arena of this thread, if any.</summary>
    public static TensorArena? Current
    {
        get => s_current;
        set => s_current = value;
    }

    /// <summary>Memory for a new tensor, owned by the current arena if there is one. Inside a <see cref="ShapeScope"/>
    /// the memory has no elements.</summary>
    /// <exception cref="TensorSizeException">The tensor has more elements than a buffer can hold.</exception>
    public static TensorStorage Allocate(DType type, Shape shape)
    {
        if (s_current is not { } arena) return AllocateUnowned(type, shape);
        int length = shape.Size;
        long bytes = BytesOf(type, shape, length);
        TensorStorage storage = ShapeScope.IsOn
            ? TensorStorage.Hollow(type, length)
            : new TensorStorage(BufferPool.Shared.Rent(type, length));
        arena._owned!.Add(storage);
        if (MemoryMeter.Current is { } meter) arena.Count(meter, storage, type, shape, bytes);
        return storage;
    }

    /// <summary>Memory that no arena owns.</summary>
    /// <exception cref="TensorSizeException">The tensor has more elements than a buffer can hold.</exception>
    public static TensorStorage AllocateUnowned(DType type, Shape shape)
    {
        int length = shape.Size;
        long bytes = BytesOf(type, shape, length);
        TensorStorage storage;
        if (ShapeScope.IsOn)
        {
            storage = TensorStorage.Hollow(type, length);
        }
        else
        {
            var buffer = new TensorBuffer(type, bytes);
            buffer.Use(type, length);
            storage = new TensorStorage(buffer);
        }

        MemoryMeter.Current?.Count(storage, type, shape, bytes);
        return storage;
    }

    /// <summary>Returns all memory to the pool and makes the outer arena current again.</summary>
    /// <exception cref="InvalidOperationException">An arena that was entered later is still open, or the arena was
    /// entered on another thread.</exception>
    public void Exit()
    {
        if (s_current != this)
        {
            throw new InvalidOperationException(
                "Dispose a tape or a scope on the thread that made it, and nested ones in reverse order.");
        }

        s_current = _outer;
        List<TensorStorage> owned = _owned!;
        _owned = null;
        foreach (TensorStorage storage in owned) storage.Release();
        owned.Clear();
        if (owned.Capacity <= LongestSpare && Spare.Count < MostSpare) Spare.Push(owned);
        foreach ((MemoryMeter meter, long bytes) in _counted) meter.Release(bytes);
        _counted.Clear();
        BufferPool.Shared.CountClosedArena();
    }

    private static Stack<List<TensorStorage>> Spare => s_spare ??= new(MostSpare);

    private void Count(MemoryMeter meter, TensorStorage storage, DType type, Shape shape, long bytes)
    {
        if (_counted.Count > 0 && _counted[^1].Meter == meter) _counted[^1] = (meter, _counted[^1].Bytes + bytes);
        else _counted.Add((meter, bytes));
        meter.Count(storage, type, shape, bytes);
    }

    private static long BytesOf(DType type, Shape shape, int length)
    {
        int size = TensorBuffer.SizeOf(type);
        long bytes = (long)length * size;
        return bytes <= TensorBuffer.MaxBytes
            ? bytes
            : throw new TensorSizeException(shape.AsSpan(), TensorBuffer.MaxBytes / size, type);
    }
}
