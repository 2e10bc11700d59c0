using System.Runtime.CompilerServices;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors;

/// <summary>
/// Inside it, on its thread, a tensor has a shape, an element type and a gradient, but no elements: <c>using var shapes
/// = new ShapeScope();</c>. Nothing is computed and no element is allocated, so a model of any size can be built and
/// stepped to learn of its shapes, its errors and (with a <see cref="MemoryMeter"/>) its memory.
/// </summary>
/// <remarks>
/// <para>What reads a tensor made inside reads zeros, and checks pass: <see cref="Tensor.IsFinite"/> is true, a norm is
/// finite, a matrix is positive definite.
/// <see cref="Tensor.HasElements"/> tells such a tensor from one with elements. A tensor from outside keeps its
/// elements, and nothing inside writes to it:
/// <see cref="Parameter.Assign"/> and optimiser steps check shapes and change nothing. Every <see cref="Rng"/> goes
/// back to where it was.</para>
/// <para>A tensor made inside throws when it is used outside. A value that outlives the scope, such as a static field,
/// is made with <see cref="Outside"/>.</para>
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

    /// <summary>Opens the scope on this thread. Surrounding tapes and scopes neither record nor own what is made
    /// inside.</summary>
    public ShapeScope()
    {
        s_current = this;
        TensorArena.Current = null;
        GradientTape.Recording = null;
    }

    /// <summary>Whether this thread is inside a scope.</summary>
    public static bool IsOn => s_current is not null;

    /// <summary>The result of a function that runs as if no scope, tape or meter were open on this thread.</summary>
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

    /// <summary>Closes the scope, and with it tapes and scopes opened inside that are still open.</summary>
    /// <exception cref="InvalidOperationException">This is another thread.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        if (_thread != Environment.CurrentManagedThreadId)
            throw new InvalidOperationException("A ShapeScope is disposed on the thread that made it.");
        s_current = _outer;
        TensorArena.Current = _arena;
        GradientTape.Recording = _paused;
        foreach ((Rng rng, uint draw) in _draws) rng.Draw = draw;
        _disposed = true;
    }

    /// <summary>Remembers where a stream is before it draws.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Note(Rng rng)
    {
        if (s_current is { } scope) scope._draws.TryAdd(rng, rng.Draw);
    }
}
