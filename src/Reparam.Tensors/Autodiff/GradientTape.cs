using Reparam.Tensors.Autodiff;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors;

/// <summary>
/// Records the operations of one step and owns their memory: <c>using var tape = new GradientTape();</c>. Dispose
/// returns the memory of every tensor made while the tape is open to the pool. Reading such a tensor afterwards throws
/// <see cref="ObjectDisposedException"/>; copy a tensor that must outlive the tape with <see cref="Tensor.Keep"/>.
/// <see cref="Gradients(Tensor, IReadOnlyList{Parameter})"/> returns new gradients, so there are no stored gradients to
/// set to zero.
/// </summary>
public sealed class GradientTape : IDisposable
{
    [ThreadStatic]
    private static GradientTape? s_recording;

    private readonly TensorArena _arena = TensorArena.Enter();
    private readonly GradientTape? _outer = s_recording;
    private readonly List<TapeNode> _nodes = [];
    private bool _disposed;

    /// <summary>Starts recording on this thread.</summary>
    public GradientTape() => s_recording = this;

    /// <summary>The tape that records on this thread, if any.</summary>
    internal static GradientTape? Recording
    {
        get => s_recording;
        set => s_recording = value;
    }

    /// <summary>Number of operations recorded so far.</summary>
    public int Count => _nodes.Count;

    /// <summary>
    /// The gradients of a scalar <paramref name="loss"/> with respect to each of <paramref name="parameters"/>, by
    /// reverse-mode accumulation over the recorded operations. The gradient is zero where the loss does not depend on
    /// the parameter. May be called several times.
    /// </summary>
    /// <exception cref="ArgumentException">The loss does not have exactly one element.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Gradients Gradients(Tensor loss, IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Gradients(loss, [.. parameters.Select(p => p.Value)]);
    }

    /// <summary>The gradients of a scalar <paramref name="loss"/> with respect to each of <paramref name="sources"/>.
    /// The gradient is zero where the loss does not depend on the source.</summary>
    /// <exception cref="ArgumentException">The loss does not have exactly one element.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Gradients Gradients(Tensor loss, IReadOnlyList<Tensor> sources)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(sources);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (loss.Shape.Size != 1)
        {
            throw new ArgumentException(
                $"The loss must have one element, got shape {loss.Shape}. Reduce it with Sum or Mean.", nameof(loss));
        }

        GradientTape? recording = s_recording;
        s_recording = null; // the backward pass is not recorded
        try
        {
            Dictionary<Tensor, Tensor> gradients = Accumulate(loss, sources);
            return new Gradients([.. sources],
                [.. sources.Select(s => gradients.TryGetValue(s, out Tensor? g) ? g : Tensor.Zeros(s.Shape, s.DType))]);
        }
        finally
        {
            s_recording = recording;
            MemoryMeter.Current?.Backward(null);
        }
    }

    /// <summary>
    /// The first recorded operation whose output contains a NaN or an infinity, as "operation in layer"; null if all
    /// outputs are finite.
    /// </summary>
    public string? FirstNonFinite()
    {
        foreach (TapeNode node in _nodes)
        {
            if (node.Output.IsFinite()) continue;
            return node.Origin;
        }

        return null;
    }

    /// <summary>Stops recording and returns the memory of every tensor made while the tape was open to the
    /// pool.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _arena.Exit();
        s_recording = _outer;
        _nodes.Clear();
        _disposed = true;
    }

    internal void Record(TapeNode node)
    {
        _nodes.Add(node);
        MemoryMeter.Current?.Recorded(node);
    }

    private Dictionary<Tensor, Tensor> Accumulate(Tensor loss, IReadOnlyList<Tensor> sources)
    {
        // Forward sweep: find the tensors that depend on a source. The backward sweep visits no other tensor.
        var dependent = new HashSet<Tensor>(sources, ReferenceEqualityComparer.Instance);
        foreach (TapeNode node in _nodes)
        {
            foreach (Tensor input in node.Inputs)
            {
                if (dependent.Contains(input) && dependent.Add(node.Output)) break;
            }
        }

        var gradients = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance)
        {
            [loss] = Tensor.Full(loss.Shape, 1, loss.DType),
        };
        MemoryMeter? meter = MemoryMeter.Current;
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            TapeNode node = _nodes[i];
            meter?.Backward(node);
            if (!dependent.Contains(node.Output) || !gradients.TryGetValue(node.Output, out Tensor? upstream)) continue;
            for (int j = 0; j < node.Inputs.Length; j++)
            {
                Tensor input = node.Inputs[j];
                if (!dependent.Contains(input)) continue;
                Tensor contribution = node.Vjps[j](upstream);
                if (contribution.Shape != input.Shape)
                {
                    throw new InvalidOperationException($"The gradient of {node.Operation} for input {j} has shape " +
                        $"{contribution.Shape} but the input has shape {input.Shape}.");
                }

                gradients[input] = gradients.TryGetValue(input, out Tensor? sum) ? sum + contribution : contribution;
            }
        }

        return gradients;
    }
}
