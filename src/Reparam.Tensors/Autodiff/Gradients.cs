using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

/// <summary>
/// Gradients of one loss with respect to several sources, in the order in which the sources were given. The tensors
/// live as long as the tape that made them.
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

    /// <summary>Combines the gradients of several backward sweeps, each with its own sources, in the order of
    /// <paramref name="parameters"/>.</summary>
    /// <exception cref="KeyNotFoundException">No sweep has the gradient of one of the parameters.</exception>
    public static Gradients Of(IReadOnlyList<Parameter> parameters, params IReadOnlyList<Gradients> sweeps)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(sweeps);
        Tensor[] sources = [.. parameters.Select(p => p.Value)];
        return new Gradients(sources,
            [.. sources.Select(source => (sweeps.FirstOrDefault(g => g.Has(source)) ?? throw new KeyNotFoundException(
            "No sweep has the gradient of one of the parameters."))[source])]);
    }

    /// <summary>Gradients that were computed elsewhere, for example the mean of the gradients of several
    /// tapes.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="values">The gradient with respect to each parameter. The tensors are not copied.</param>
    /// <exception cref="ArgumentException">A gradient is missing, or its shape or element type is not that of its
    /// parameter.</exception>
    public static Gradients Of(IReadOnlyList<Parameter> parameters, IReadOnlyList<Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != parameters.Count)
            throw new ArgumentException($"{values.Count} gradients for {parameters.Count} parameters.", nameof(values));
        for (int i = 0; i < values.Count; i++) ParameterUpdate.RequireLike(parameters[i], values[i], "gradient");
        return new Gradients([.. parameters.Select(p => p.Value)], [.. values]);
    }

    /// <summary>Number of sources.</summary>
    public int Count => _values.Length;

    /// <summary>The gradient with respect to source number <paramref name="index"/>, of that source's shape.</summary>
    public Tensor this[int index] => _values[index];

    /// <summary>The gradient with respect to <paramref name="source"/>, of the same shape; zeros where the loss does
    /// not depend on the source.</summary>
    /// <exception cref="KeyNotFoundException">The tape was not asked for the gradient of this source.</exception>
    public Tensor this[Tensor source]
    {
        get
        {
            int at = Array.FindIndex(_sources, s => ReferenceEquals(s, source));
            return at >= 0 ? _values[at]
                : throw new KeyNotFoundException("The tape was not asked for the gradient of this tensor.");
        }
    }

    private bool Has(Tensor source) => Array.Exists(_sources, s => ReferenceEquals(s, source));

    /// <summary>The Euclidean norm of all gradients together. Squares are summed within a block in the element type,
    /// and the sums of the blocks are added in double. The norm is infinite if the sum of a block is infinite (in
    /// Float32 for example with an element above 1.8e19).</summary>
    public double Norm()
    {
        double sum = 0;
        foreach (Tensor value in _values) sum += Backend.Current.SumOfSquares(value.Buffer);

        return Math.Sqrt(sum);
    }
}
