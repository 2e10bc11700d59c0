using Reparam.Tensors.Memory;

namespace Reparam.Tensors;

/// <summary>
/// Owns the memory of the tensors made inside it and records no operations:
/// <c>using var scope = new TensorScope();</c>. Use it for evaluation and sampling loops. Copy a tensor that must
/// outlive the scope with <see cref="Tensor.Keep"/>.
/// </summary>
public sealed class TensorScope : IDisposable
{
    private readonly TensorArena _arena = TensorArena.Enter();
    private readonly GradientTape? _paused = GradientTape.Recording;
    private bool _disposed;

    /// <summary>Opens the scope on this thread. A surrounding <see cref="GradientTape"/> does not record until the
    /// scope closes.</summary>
    public TensorScope() => GradientTape.Recording = null;

    /// <summary>Returns the memory to the pool; tensors made inside can no longer be read.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _arena.Exit();
        GradientTape.Recording = _paused;
        _disposed = true;
    }
}
