using System.Runtime.CompilerServices;
using Reparam.Tensors.Autodiff;
using Reparam.Tensors.Backends;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors;

/// <summary>
/// An n-dimensional array with value semantics: contiguous, row-major, Float32 or Float64, immutable. Operations return
/// new tensors; inside a <see cref="GradientTape"/> they are recorded. Operands of different element types throw.
/// </summary>
public sealed partial class Tensor
{
    private readonly TensorStorage _storage;

    private Tensor(TensorStorage storage, Shape shape)
    {
        _storage = storage;
        Shape = shape;
        DType = storage.Buffer.DType;
    }

    /// <summary>Extents, outermost axis first; <c>[]</c> for a scalar.</summary>
    public Shape Shape { get; }

    /// <summary>Element type.</summary>
    public DType DType { get; }

    /// <summary>Number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>Number of elements.</summary>
    public int Size => Shape.Size;

    /// <summary>The memory, for operations to hand to the backend.</summary>
    internal TensorBuffer Buffer => _storage.Buffer;

    /// <summary>Whether there are elements to read: not in a tensor made inside a <see cref="ShapeScope"/>, nor in one
    /// whose tape or scope is gone.</summary>
    public bool HasElements => _storage.Elements is not null;

    /// <summary>
    /// A copy that no tape or scope owns: it lives until the garbage collector takes it, and carries no gradient.
    /// </summary>
    public Tensor Keep()
    {
        var copy = new Tensor(TensorArena.AllocateUnowned(DType, Shape), Shape);
        CopyTo(copy);
        return copy;
    }

    /// <summary>The same values behind an identity of their own, so that no gradient flows through (no copy).</summary>
    public Tensor Detach() => new(_storage, Shape);

    /// <summary>Whether every element is finite.</summary>
    public bool IsFinite() => Backend.Current.IsFinite(Buffer);

    /// <inheritdoc/>
    public override string ToString()
    {
        if (_storage.IsReleased) return $"{DType} {Shape} (disposed)";
        if (!HasElements) return $"{DType} {Shape} (no elements)";
        string values = string.Join(", ", Enumerable.Range(0, Math.Min(Size, 8)).Select(
            i => At(i).ToString("G6", System.Globalization.CultureInfo.InvariantCulture)));
        return $"{DType} {Shape} {{{values}{(Size > 8 ? ", ..." : "")}}}";
    }

    internal bool IsIn(TensorStorage storage) => ReferenceEquals(_storage, storage);

    internal static Tensor Uninitialized(Shape shape, DType type) => new(TensorArena.Allocate(type, shape), shape);

    /// <summary>
    /// Attaches a hand-written gradient to a value: the result equals <paramref name="value"/>, and on the way back
    /// <paramref name="vjp"/> turns the gradient of the result into one gradient for each input, of that input's shape.
    /// The one extension point for operations that the library does not have, such as implicit reparameterization.
    /// </summary>
    /// <param name="value">The result of the forward computation; how it was computed is not recorded.</param>
    /// <param name="inputs">What the result depends on.</param>
    /// <param name="vjp">The vector-Jacobian product by all inputs.</param>
    public static Tensor WithVjp(Tensor value, IReadOnlyList<Tensor> inputs, Func<Tensor, IReadOnlyList<Tensor>> vjp)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(vjp);
        Tensor result = value.Detach();
        GradientTape.Recording?.Record(
            new TapeNode(nameof(WithVjp), LayerName.Current, result, [.. inputs], Together(inputs.Count, vjp)));
        return result;
    }

    /// <summary>One vector-Jacobian product for each input out of a function that computes those of all: it is called
    /// once for an upstream gradient, and what it returned is remembered.</summary>
    private static Func<Tensor, Tensor>[] Together(int count, Func<Tensor, IReadOnlyList<Tensor>> vjp)
    {
        Tensor? upstream = null;
        IReadOnlyList<Tensor> products = [];
        Func<Tensor, Tensor> Product(int index) => g =>
        {
            if (!ReferenceEquals(upstream, g)) (upstream, products) = (g, vjp(g));
            return products.Count == count
                ? products[index]
                : throw new InvalidOperationException(
                    $"The vjp returned {products.Count} gradients for {count} inputs.");
        };
        return [.. Enumerable.Range(0, count).Select(Product)];
    }

    /// <summary>Records an operation of one input.</summary>
    private Tensor Recorded(Tensor input, Func<Tensor, Tensor> vjp, [CallerMemberName] string operation = "")
    {
        GradientTape.Recording?.Record(new TapeNode(operation, LayerName.Current, this, [input], [vjp]));
        return this;
    }

    /// <summary>Records an operation of several inputs, each with its own vector-Jacobian product.</summary>
    private Tensor Recorded(Tensor[] inputs, Func<Tensor, Tensor>[] vjps, [CallerMemberName] string operation = "")
    {
        GradientTape.Recording?.Record(new TapeNode(operation, LayerName.Current, this, inputs, vjps));
        return this;
    }

    private static void RequireSameType(Tensor a, Tensor b)
    {
        if (a.DType != b.DType)
        {
            throw new ArgumentException($"Operands differ in element type: {a.DType} {a.Shape} and {b.DType} " +
                $"{b.Shape}. Convert one with To(DType).");
        }
    }
}
