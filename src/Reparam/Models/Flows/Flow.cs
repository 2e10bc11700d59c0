using Reparam.Distributions.Bijectors;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>
/// A normalising flow: a module with a chain of invertible maps of vectors. The maps may depend on a context. A flow of
/// a simple posterior is a more flexible posterior (<see cref="FlowEncoder"/>). A flow of a standard normal is a
/// learned density. All flows start at or near the identity.
/// </summary>
public abstract class Flow : Module
{
    /// <summary>The number of bins of the splines of <see cref="Spline"/>. A spline of K bins has 3 K - 1
    /// parameters.</summary>
    public const int SplineBins = 8;

    /// <summary>A flow of vectors of length <paramref name="size"/> that depends on contexts of length
    /// <paramref name="context"/>.</summary>
    protected Flow(int size, int context)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        (Size, Context) = (size, context);
    }

    /// <summary>D, the length of the vectors.</summary>
    public int Size { get; }

    /// <summary>C, the length of the context; 0 for none.</summary>
    public int Context { get; }

    /// <summary>The map, given a context [..., C] if the flow takes one.</summary>
    public abstract Bijector Map(Tensor? context = null);

    /// <summary>Planar maps (Rezende and Mohamed 2015). Without a context the maps have their own parameters; with a
    /// context their parameters are linear functions of it.</summary>
    public static Flow Planar(int size, int layers, Rng rng, int context = 0, DType dtype = DType.Float32) =>
        new PlanarFlow(size, layers, context, rng, dtype);

    /// <summary>Inverse autoregressive maps (Kingma et al. 2016): drawing is fast; the density of a value that the flow
    /// did not draw is slow. The order of the elements is reversed between two maps.</summary>
    public static Flow InverseAutoregressive(int size, int layers, IReadOnlyList<int> hidden, Rng rng, int context = 0,
        Transformer? transformer = null, DType dtype = DType.Float32) =>
        new AutoregressiveFlow(
            size, layers, hidden, context, transformer ?? new AffineTransformer(), onOutputs: false, rng, dtype);

    /// <summary>Masked autoregressive maps (Papamakarios, Pavlakou and Murray 2017): densities are fast; drawing is
    /// slow. The order of the elements is reversed between two maps.</summary>
    public static Flow MaskedAutoregressive(int size, int layers, IReadOnlyList<int> hidden, Rng rng, int context = 0,
        Transformer? transformer = null, DType dtype = DType.Float32) =>
        new AutoregressiveFlow(
            size, layers, hidden, context, transformer ?? new AffineTransformer(), onOutputs: true, rng, dtype);

    /// <summary>Coupling layers (Dinh, Sohl-Dickstein and Bengio 2017; with a <see cref="SplineTransformer"/> Durkan et
    /// al. 2019): drawing and densities are fast. The order of the elements is reversed between two layers.</summary>
    public static Flow Coupling(int size, int layers, IReadOnlyList<int> hidden, Rng rng, int context = 0,
        Transformer? transformer = null, DType dtype = DType.Float32) =>
        new CouplingFlow(size, layers, hidden, context, transformer ?? new AffineTransformer(), rng, dtype);

    /// <summary>Coupling layers with rational-quadratic splines of <see cref="SplineBins"/> bins (Durkan et al.
    /// 2019).</summary>
    public static Flow Spline(
        int size, int layers, IReadOnlyList<int> hidden, Rng rng, int context = 0, DType dtype = DType.Float32) =>
        Coupling(size, layers, hidden, rng, context, new SplineTransformer(SplineBins), dtype);

    /// <summary>Sylvester maps with Householder reflections (van den Berg et al. 2018). Without a context the maps have
    /// their own parameters; with a context their parameters are linear functions of it.</summary>
    /// <param name="size">D.</param>
    /// <param name="layers">The number of maps.</param>
    /// <param name="units">M, the number of hidden units of each map, at most D.</param>
    /// <param name="reflections">The number of reflections that make the basis of each map.</param>
    /// <param name="rng">Source of the initial numbers.</param>
    /// <param name="context">C.</param>
    /// <param name="dtype">Element type.</param>
    public static Flow Sylvester(
        int size, int layers, int units, int reflections, Rng rng, int context = 0, DType dtype = DType.Float32) =>
        new SylvesterFlow(size, layers, units, reflections, context, rng, dtype);

    /// <summary>Block neural autoregressive maps (De Cao, Titov and Aziz 2019): one map is as flexible as several
    /// affine maps. Drawing is fast; the density of a value that the flow did not draw is slow. The order of the
    /// elements is reversed between two maps.</summary>
    /// <param name="size">D.</param>
    /// <param name="layers">The number of maps.</param>
    /// <param name="units">Hidden units of each element in each hidden layer.</param>
    /// <param name="rng">Source of the initial numbers.</param>
    /// <param name="context">C, the length of the context; the context shifts the biases of the first layer.</param>
    /// <param name="dtype">Element type.</param>
    public static Flow BlockNeuralAutoregressive(
        int size, int layers, IReadOnlyList<int> units, Rng rng, int context = 0, DType dtype = DType.Float32) =>
        new BlockNeuralFlow(size, layers, units, context, rng, dtype);

    /// <summary>
    /// Activation normalisation, y = x exp(s) + b, with one s and one b for each element, set from data (Kingma and
    /// Dhariwal 2018, "Glow", section 3.1). The first vectors that the flow maps in training set s and b such that each
    /// element of the results has mean 0 and variance 1. After that s and b are ordinary parameters. A buffer
    /// <c>started</c> records whether s and b are set; it is saved with them. In evaluation a flow whose s and b are
    /// not set is the identity. Without a mode (<see cref="Module.SetMode"/>) <see cref="Map"/> of such a flow throws
    /// an <see cref="InvalidOperationException"/>.
    /// </summary>
    public static Flow ActNorm(int size, DType dtype = DType.Float32) => new ActNormFlow(size, dtype);

    /// <summary>Applies flows one after another, the first flow first. All flows that take a context take the same
    /// context.</summary>
    /// <exception cref="ArgumentException">The list is empty, or the sizes or the contexts differ.</exception>
    public static Flow Sequence(params IReadOnlyList<Flow> flows) => new FlowSequence(flows);

    /// <summary>Returns the context after a check of its shape.</summary>
    private protected Tensor? Checked(Tensor? context)
    {
        if (Context == 0 && context is not null)
            throw new ArgumentException("This flow takes no context.", nameof(context));
        if (Context > 0 && (context is null || context.Rank == 0 || context.Shape[^1] != Context))
        {
            throw new ArgumentException($"This flow needs a context [..., {Context}], got " +
                $"{context?.Shape.ToString() ?? "none"}.", nameof(context));
        }

        return context;
    }

    private protected static void RequireLayers(int layers) =>
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
}
