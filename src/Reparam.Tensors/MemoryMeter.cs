using Reparam.Tensors.Autodiff;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors;

/// <summary>
/// Counts the elements of the tensors that its thread makes, from construction to Dispose: <c>using var meter = new
/// MemoryMeter();</c>. The counts follow from shapes alone, so they are the same inside a <see cref="ShapeScope"/>,
/// where nothing is allocated.
/// </summary>
/// <remarks>
/// A tensor has 4 or 8 bytes an element. The pool rounds a buffer up by less than a quarter, and kernels have
/// scratch memory of their own; neither is counted. A view, such as <see cref="Tensor.Reshape"/> or
/// <see cref="Tensor.Detach"/>, makes no tensor. Of nested meters the innermost counts.
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

    /// <summary>Number of tensors made.</summary>
    public long Tensors { get; private set; }

    /// <summary>Bytes of all tensors made.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>
    /// Bytes held now: of the tensors made while the meter counts, less those of the tapes and scopes that are gone.
    /// What no tape or scope owns (<see cref="Tensor.Keep"/>, a new <see cref="Parameter"/>) counts as held, since
    /// nothing tells when the garbage collector takes it.
    /// </summary>
    public long HeldBytes { get; private set; }

    /// <summary>The most bytes held at a time.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>The tensor of the most elements; null before the first.</summary>
    public LargestTensor? Largest => _storage is null ? null : new LargestTensor(_shape, _type, _origin);

    /// <summary>The meter that counts on this thread, if any.</summary>
    internal static MemoryMeter? Current
    {
        get => s_current;
        set => s_current = value;
    }

    /// <summary>Stops counting. The numbers stay.</summary>
    /// <exception cref="InvalidOperationException">A meter made later still counts, or this is another
    /// thread.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        if (s_current != this)
            throw new InvalidOperationException("Meters are disposed on the thread that made them, innermost first.");
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

    /// <summary>Counts memory that an arena gives back.</summary>
    internal void Release(long bytes)
    {
        if (!_disposed) HeldBytes -= bytes;
    }

    /// <summary>Learns what made the largest tensor.</summary>
    internal void Recorded(TapeNode node)
    {
        if (_isNamed || _storage is null || !node.Output.IsIn(_storage)) return;
        // A view of what is there already made nothing.
        _isNamed = true;
        if (!Array.Exists(node.Inputs, input => input.IsIn(_storage))) _origin = node.Origin;
    }

    /// <summary>Learns the operation whose gradients are being made; null for none.</summary>
    internal void Backward(TapeNode? node) => _backward = node;
}
