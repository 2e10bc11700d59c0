using System.Runtime.CompilerServices;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors;

/// <summary>
/// A scope in which tensors have no elements: <c>using var shapes = new ShapeScope();</c>. On the thread of the scope,
/// a tensor has a shape, an element type and a gradient, but nothing is computed and no element is allocated. A model
/// of any size can therefore be built and trained for a step to find its shapes, its errors and (with a
/// <see cref="MemoryMeter"/>) its memory.
/// </summary>
/// <remarks>
/// <para>Reading a tensor made inside the scope gives zeros, and checks pass: <see cref="Tensor.IsFinite"/> is true, a
/// norm is finite, a matrix is positive definite. <see cref="Tensor.HasElements"/> is false for a tensor made inside
/// the scope. A tensor made outside keeps its elements, and no operation inside writes to it:
/// <see cref="Parameter.Assign"/> and optimiser steps check shapes and change nothing. When the scope closes, every
/// <see cref="Rng"/> returns to the position that it had before the scope.</para>
/// <para>A tensor made inside throws when it is used outside. Make a value that must outlive the scope, such as the
/// value of a static field, with <see cref="Outside"/>.</para>
/// </remarks>
public sealed class ShapeScope : IDisposable
{
    [ThreadStatic]
    private static ShapeScope? s_current;

    private readonly ShapeScope? _outer = s_current;
    private readonly TensorArena? _arena = TensorArena.Current;
    private readonly GradientTape? _paused = GradientTape.Recording;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Dictionary<Rng, uint> _draws = new(ReferenceEqualityComparer.Instance);
    private bool _disposed;

    /// <summary>Opens the scope on this thread. Surrounding tapes do not record the operations inside, and surrounding
    /// scopes do not own the tensors made inside.</summary>
    public ShapeScope()
    {
        s_current = this;
        TensorArena.Current = null;
        GradientTape.Recording = null;
    }

    /// <summary>Whether this thread is inside a scope.</summary>
    public static bool IsOn => s_current is not null;

    /// <summary>Runs a function as if no scope, tape or meter were open on this thread, and returns its
    /// result.</summary>
    public static T Outside<T>(Func<T> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        var before = (s_current, TensorArena.Current, GradientTape.Recording, MemoryMeter.Current);
        try
        {
            (s_current, TensorArena.Current, GradientTape.Recording, MemoryMeter.Current) = (null, null, null, null);
            return make();
        }
        finally
        {
            (s_current, TensorArena.Current, GradientTape.Recording, MemoryMeter.Current) = before;
        }
    }

    /// <summary>Closes the scope, and also the tapes and scopes that were opened inside and are still open.</summary>
    /// <exception cref="InvalidOperationException">The scope was made on another thread.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        if (_thread != Environment.CurrentManagedThreadId)
            throw new InvalidOperationException("A ShapeScope must be disposed on the thread that made it.");
        s_current = _outer;
        TensorArena.Current = _arena;
        GradientTape.Recording = _paused;
        foreach ((Rng rng, uint draw) in _draws) rng.Draw = draw;
        _disposed = true;
    }

    /// <summary>Stores the position of a random stream before its first draw inside the scope.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Note(Rng rng)
    {
        if (s_current is { } scope) scope._draws.TryAdd(rng, rng.Draw);
    }
}
