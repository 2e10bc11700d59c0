using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// A masked autoencoder (MADE: Germain et al. 2015): a multilayer perceptron from [..., D * m] to [..., D * n], for D
/// elements of m numbers each. The n outputs of element i depend only on the elements before i, and on a context if
/// there is one. Each hidden unit has a degree d, and depends only on the elements 1 ... d. The degrees repeat 1 ... D
/// - 1.
/// </summary>
public sealed class Made : Layer
{
    private readonly MaskedLinear[] _layers;
    private readonly Linear? _context;
    private readonly Activation _activation;

    /// <summary>A network of the given widths. Before training all outputs are 0.</summary>
    /// <param name="size">D, the number of elements.</param>
    /// <param name="outputs">n, the number of outputs of each element.</param>
    /// <param name="hidden">Widths of the hidden layers, at least one.</param>
    /// <param name="context">C, the length of the context; 0 for none.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="inputs">m, the number of inputs of each element.</param>
    public Made(int size, int outputs, IReadOnlyList<int> hidden, int context, Activation activation,
        Initializer initializer, Rng rng, DType dtype = DType.Float32, int inputs = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(rng);
        if (hidden.Count == 0) throw new ArgumentException("A MADE has at least one hidden layer.", nameof(hidden));
        _activation = activation;
        _layers = new MaskedLinear[hidden.Count + 1];
        var before = new Degrees(Shape.SizeOf(size, inputs), j => 1 + j / inputs);
        for (int i = 0; i < hidden.Count; i++)
        {
            // A unit of degree d has connections from units of degree d or less. With one element no input may be used,
            // so the hidden units have degree 0.
            var degrees = new Degrees(hidden[i], j => size == 1 ? 0 : 1 + j % (size - 1));
            _layers[i] = Child(FormattableString.Invariant($"{i}"), new MaskedLinear(
                Mask(degrees, before, (unit, seen) => seen <= unit, dtype), initializer, rng.Split((uint)i)));
            before = degrees;
        }

        // Outputs are in order of elements. The outputs of element d have connections from units of a degree below d.
        var last = new Degrees(Shape.SizeOf(size, outputs), j => 1 + j / outputs);
        _layers[^1] = Child(FormattableString.Invariant($"{hidden.Count}"), new MaskedLinear(Mask(
            last, before, (unit, seen) => seen < unit, dtype), initializer, rng.Split((uint)hidden.Count), gain: 0));
        if (context > 0)
            _context = Child("context", new Linear(context, hidden[0], initializer, rng.Split("context"), dtype));
    }

    /// <summary>The outputs, [..., D * n], given a context [..., C]; the leading axes of the context broadcast against
    /// those of x.</summary>
    public Tensor Forward(Tensor x, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(x);
        if ((context is null) != (_context is null))
        {
            throw new ArgumentException(_context is null ? "This network takes no context."
                : "This network needs a context.", nameof(context));
        }

        using LayerName name = LayerName.Enter(Path);
        return Through(x, context is null ? null : _context!.Forward(context));
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Through(x, null);

    private Tensor Through(Tensor x, Tensor? context)
    {
        for (int i = 0; i < _layers.Length; i++)
        {
            Tensor y = _layers[i].Forward(x);
            if (i == 0 && context is not null) y += context;
            x = i + 1 < _layers.Length ? _activation.Apply(y) : y;
        }

        return x;
    }

    private static Tensor Mask(Degrees rows, Degrees columns, Func<int, int, bool> connected, DType dtype)
    {
        Tensor mask = Tensor.From([rows.Count, columns.Count], elements =>
        {
            int[] seen = [.. Enumerable.Range(0, columns.Count).Select(columns.Of)];
            for (int i = 0; i < rows.Count; i++)
            {
                int unit = rows.Of(i);
                for (int j = 0; j < seen.Length; j++) elements[i * seen.Length + j] = connected(unit, seen[j]) ? 1 : 0;
            }
        });
        return mask.To(dtype);
    }

    /// <summary>The degrees of the units of a layer.</summary>
    private readonly record struct Degrees(int Count, Func<int, int> Of);
}
