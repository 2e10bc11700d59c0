using Reparam.Tensors.Memory;

namespace Reparam.Tensors;

/// <summary>
/// Owns the memory of the tensors made inside it, without recording: <c>using var scope = new TensorScope();</c>. For
/// evaluation and sampling loops. A tensor that must outlive the scope is copied out with <see cref="Tensor.Keep"/>.
/// </summary>
public sealed class TensorScope : IDisposable
{
    private readonly TensorArena _arena = TensorArena.Enter();
    private readonly GradientTape? _paused = GradientTape.Recording;
    private bool _disposed;

    /// <summary>Opens the scope on this thread. A surrounding <see cref="GradientTape"/> does not record until it
    /// closes.</summary>
    public TensorScope() => GradientTape.Recording = null;

    /// <summary>Gives the memory back; tensors made inside can no longer be read.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _arena.Exit();
        GradientTape.Recording = _paused;
        _disposed = true;
    }
}
