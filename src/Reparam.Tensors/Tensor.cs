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

    /// <summary>The memory that operations pass to the backend.</summary>
    internal TensorBuffer Buffer => _storage.Buffer;

    /// <summary>Whether there are elements to read. False for a tensor made inside a <see cref="ShapeScope"/>, and for
    /// a tensor whose tape or scope has been disposed.</summary>
    public bool HasElements => _storage.Elements is not null;

    /// <summary>
    /// A copy that no tape or scope owns. It lives until the garbage collector frees it, and no gradient flows through
    /// it.
    /// </summary>
    public Tensor Keep()
    {
        var copy = new Tensor(TensorArena.AllocateUnowned(DType, Shape), Shape);
        CopyTo(copy);
        return copy;
    }

    /// <summary>A tensor that shares the elements of this one (no copy) and through which no gradient flows.</summary>
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
    /// Attaches your own gradient to a value. The result equals <paramref name="value"/>. In the backward pass,
    /// <paramref name="vjp"/> turns the gradient of the result into one gradient for each input, of that input's shape.
    /// Use it for operations that the library does not have, such as implicit reparameterization.
    /// </summary>
    /// <param name="value">The result of the forward computation; how it was computed is not recorded.</param>
    /// <param name="inputs">The tensors that the result depends on.</param>
    /// <param name="vjp">The vector-Jacobian product with respect to all inputs.</param>
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

    /// <summary>Makes one vector-Jacobian product for each input from a function that computes the products of all
    /// inputs. The function is called once for each upstream gradient, and its result is stored for the other
    /// inputs.</summary>
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

    /// <summary>Records an operation with one input.</summary>
    private Tensor Recorded(Tensor input, Func<Tensor, Tensor> vjp, [CallerMemberName] string operation = "")
    {
        GradientTape.Recording?.Record(new TapeNode(operation, LayerName.Current, this, [input], [vjp]));
        return this;
    }

    /// <summary>Records an operation with several inputs, each with its own vector-Jacobian product.</summary>
    private Tensor Recorded(Tensor[] inputs, Func<Tensor, Tensor>[] vjps, [CallerMemberName] string operation = "")
    {
        GradientTape.Recording?.Record(new TapeNode(operation, LayerName.Current, this, inputs, vjps));
        return this;
    }

    private static void RequireSameType(Tensor a, Tensor b)
    {
        if (a.DType != b.DType)
        {
            throw new ArgumentException($"The operands differ in element type: {a.DType} {a.Shape} and {b.DType} " +
                $"{b.Shape}. Convert one with To(DType).");
        }
    }
}
