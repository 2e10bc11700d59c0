using Reparam.Tensors.Autodiff;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors;

/// <summary>
/// Counts the memory of the tensors that its thread makes, from construction to Dispose:
/// <c>using var meter = new MemoryMeter();</c>. The counts depend on the shapes and element types only, so they are the
/// same inside a <see cref="ShapeScope"/>, where nothing is allocated.
/// </summary>
/// <remarks>
/// A tensor has 4 or 8 bytes per element. The pool rounds the size of a buffer up by less than a quarter, and kernels
/// have their own scratch memory; neither is counted. A view, such as the result of <see cref="Tensor.Reshape"/> or
/// <see cref="Tensor.Detach"/>, is not counted. If meters are nested, only the innermost one counts.
/// </remarks>
public sealed class MemoryMeter : IDisposable
{
    [ThreadStatic]
    private static MemoryMeter? s_current;

    private readonly MemoryMeter? _outer = s_current;
    private TensorStorage? _storage;
    private TapeNode? _backward;
    private Shape _shape;
    private DType _type;
    private string _origin = "";
    private bool _isNamed, _disposed;

    /// <summary>Starts counting on this thread.</summary>
    public MemoryMeter() => s_current = this;

    /// <summary>Number of tensors made, without views.</summary>
    public long Tensors { get; private set; }

    /// <summary>Bytes of all tensors made.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>
    /// Bytes held now: the bytes of the tensors made while the meter counts, minus the bytes of tapes and scopes that
    /// have been disposed. A tensor that no tape or scope owns (from <see cref="Tensor.Keep"/>, or a new
    /// <see cref="Parameter"/>) counts as held, because the meter cannot know when the garbage collector frees it.
    /// </summary>
    public long HeldBytes { get; private set; }

    /// <summary>The largest number of bytes held at any time.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>The tensor with the most elements; null before the first tensor is made.</summary>
    public LargestTensor? Largest => _storage is null ? null : new LargestTensor(_shape, _type, _origin);

    /// <summary>The meter that counts on this thread, if any.</summary>
    internal static MemoryMeter? Current
    {
        get => s_current;
        set => s_current = value;
    }

    /// <summary>Stops counting. The counts remain readable.</summary>
    /// <exception cref="InvalidOperationException">A meter that was made later still counts, or the meter was made on
    /// another thread.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        if (s_current != this)
        {
            throw new InvalidOperationException(
                "Dispose a meter on the thread that made it, and nested meters in reverse order.");
        }

        s_current = _outer;
        _disposed = true;
    }

    /// <summary>Counts a tensor's memory.</summary>
    internal void Count(TensorStorage storage, DType type, Shape shape, long bytes)
    {
        Tensors++;
        TotalBytes += bytes;
        HeldBytes += bytes;
        PeakBytes = Math.Max(PeakBytes, HeldBytes);
        if (_storage is not null && shape.Size <= _shape.Size) return;
        (_storage, _shape, _type) = (storage, shape, type);
        _isNamed = _backward is not null;
        _origin = _backward is { } node ? $"gradient of {node.Origin}" : LayerName.Current;
    }

    /// <summary>Subtracts memory that an arena returns to the pool.</summary>
    internal void Release(long bytes)
    {
        if (!_disposed) HeldBytes -= bytes;
    }

    /// <summary>If the operation made the largest tensor, stores the operation as its origin.</summary>
    internal void Recorded(TapeNode node)
    {
        if (_isNamed || _storage is null || !node.Output.IsIn(_storage)) return;
        // An operation that made a view of one of its inputs did not make the memory.
        _isNamed = true;
        if (!Array.Exists(node.Inputs, input => input.IsIn(_storage))) _origin = node.Origin;
    }

    /// <summary>Stores the operation whose gradients are being computed; null for none.</summary>
    internal void Backward(TapeNode? node) => _backward = node;
}
