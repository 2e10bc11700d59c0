using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

/// <summary>
/// Gradients of one loss by several sources, in the order asked for. The tensors live as long as the tape that made
/// them.
/// </summary>
public sealed class Gradients
{
    private readonly Tensor[] _sources;
    private readonly Tensor[] _values;

    internal Gradients(Tensor[] sources, Tensor[] values)
    {
        _sources = sources;
        _values = values;
    }

    /// <summary>The gradients of several sweeps, each by sources of its own, put together in the order of
    /// <paramref name="parameters"/>.</summary>
    /// <exception cref="KeyNotFoundException">No sweep was asked for one of them.</exception>
    public static Gradients Of(IReadOnlyList<Parameter> parameters, params IReadOnlyList<Gradients> sweeps)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(sweeps);
        Tensor[] sources = [.. parameters.Select(p => p.Value)];
        return new Gradients(sources,
            [.. sources.Select(source => (sweeps.FirstOrDefault(g => g.Has(source)) ?? throw new KeyNotFoundException(
            "No sweep was asked for the gradient by one of the parameters."))[source])]);
    }

    /// <summary>Number of sources.</summary>
    public int Count => _values.Length;

    /// <summary>The gradient by source number <paramref name="index"/>, of that source's shape.</summary>
    public Tensor this[int index] => _values[index];

    /// <summary>The gradient by <paramref name="source"/>, of the same shape; zeros where the loss does not depend on
    /// it.</summary>
    /// <exception cref="KeyNotFoundException">The gradient by this source was not asked for.</exception>
    public Tensor this[Tensor source]
    {
        get
        {
            int at = Array.FindIndex(_sources, s => ReferenceEquals(s, source));
            return at >= 0 ? _values[at]
                : throw new KeyNotFoundException("No gradient by this tensor was asked of the tape.");
        }
    }

    private bool Has(Tensor source) => Array.Exists(_sources, s => ReferenceEquals(s, source));

    /// <summary>The Euclidean norm over all gradients together. Squares are summed in blocks in the element type, the
    /// blocks in double; infinite where a square is (in Float32 past 1.8e19).</summary>
    public double Norm()
    {
        double sum = 0;
        foreach (Tensor value in _values) sum += Backend.Current.SumOfSquares(value.Buffer);

        return Math.Sqrt(sum);
    }
}
