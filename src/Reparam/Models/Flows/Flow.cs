using Reparam.Distributions.Bijectors;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>
/// A normalizing flow with parameters of its own: a chain of invertible maps of vectors, which a context may steer.
/// Applied to a simple posterior it makes a richer one (<see cref="FlowEncoder"/>), to a standard normal a learned
/// density. All flows start as the identity or near it.
/// </summary>
public abstract class Flow : Module
{
    /// <summary>Bins of the splines of <see cref="Spline"/>; a spline of K bins has 3 K - 1 free numbers.</summary>
    public const int SplineBins = 8;

    /// <summary>A flow of vectors of length <paramref name="size"/> steered by contexts of length
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

    /// <summary>The map, given a context [..., C] where the flow has one.</summary>
    public abstract Bijector Map(Tensor? context = null);

    /// <summary>Planar maps (Rezende and Mohamed 2015), with parameters of their own or, given a context, linear in
    /// it.</summary>
    public static Flow Planar(int size, int layers, Rng rng, int context = 0, DType dtype = DType.Float32) =>
        new PlanarFlow(size, layers, context, rng, dtype);

    /// <summary>Inverse autoregressive maps (Kingma et al. 2016): fast at drawing, slow at scoring what it did not
    /// draw. The order of the elements is reversed after each.</summary>
    public static Flow InverseAutoregressive(int size, int layers, IReadOnlyList<int> hidden, Rng rng, int context = 0,
        Transformer? transformer = null, DType dtype = DType.Float32) =>
        new AutoregressiveFlow(
            size, layers, hidden, context, transformer ?? new AffineTransformer(), onOutputs: false, rng, dtype);

    /// <summary>Masked autoregressive maps (Papamakarios, Pavlakou and Murray 2017): fast at scoring, slow at drawing.
    /// The order of the elements is reversed after each.</summary>
    public static Flow MaskedAutoregressive(int size, int layers, IReadOnlyList<int> hidden, Rng rng, int context = 0,
        Transformer? transformer = null, DType dtype = DType.Float32) =>
        new AutoregressiveFlow(
            size, layers, hidden, context, transformer ?? new AffineTransformer(), onOutputs: true, rng, dtype);

    /// <summary>Coupling layers (Dinh, Sohl-Dickstein and Bengio 2017; with a <see cref="SplineTransformer"/> Durkan et
    /// al. 2019): fast both ways. The order of the elements is reversed after each.</summary>
    public static Flow Coupling(int size, int layers, IReadOnlyList<int> hidden, Rng rng, int context = 0,
        Transformer? transformer = null, DType dtype = DType.Float32) =>
        new CouplingFlow(size, layers, hidden, context, transformer ?? new AffineTransformer(), rng, dtype);

    /// <summary>Coupling layers with rational-quadratic splines of <see cref="SplineBins"/> bins (Durkan et al.
    /// 2019).</summary>
    public static Flow Spline(
        int size, int layers, IReadOnlyList<int> hidden, Rng rng, int context = 0, DType dtype = DType.Float32) =>
        Coupling(size, layers, hidden, rng, context, new SplineTransformer(SplineBins), dtype);

    /// <summary>Sylvester maps with Householder reflections (van den Berg et al. 2018), with parameters of their own
    /// or, given a context, linear in it.</summary>
    /// <param name="size">D.</param>
    /// <param name="layers">The number of maps.</param>
    /// <param name="units">M, hidden units of each, at most D.</param>
    /// <param name="reflections">Reflections that make the basis of each.</param>
    /// <param name="rng">Source of the initial numbers.</param>
    /// <param name="context">C.</param>
    /// <param name="dtype">Element type.</param>
    public static Flow Sylvester(
        int size, int layers, int units, int reflections, Rng rng, int context = 0, DType dtype = DType.Float32) =>
        new SylvesterFlow(size, layers, units, reflections, context, rng, dtype);

    /// <summary>Block neural autoregressive maps (De Cao, Titov and Aziz 2019): one is as flexible as several affine
    /// ones; fast at drawing, slow at scoring what it did not draw. The order of the elements is reversed after
    /// each.</summary>
    /// <param name="size">D.</param>
    /// <param name="layers">The number of maps.</param>
    /// <param name="units">Hidden units of each element in each hidden layer.</param>
    /// <param name="rng">Source of the initial numbers.</param>
    /// <param name="context">C; it moves the biases of the first layer.</param>
    /// <param name="dtype">Element type.</param>
    public static Flow BlockNeuralAutoregressive(
        int size, int layers, IReadOnlyList<int> units, Rng rng, int context = 0, DType dtype = DType.Float32) =>
        new BlockNeuralFlow(size, layers, units, context, rng, dtype);

    /// <summary>
    /// y = x exp(s) + b with a scale and an offset of its own for each element, set from data (Kingma and Dhariwal
    /// 2018, "Glow", section 3.1): the first vectors that it maps in training give s and b such that their images have
    /// mean 0 and variance 1 in each element; from then on both are ordinary parameters. A buffer <c>started</c> says
    /// whether that has happened and is saved with them. In evaluation an unstarted one is the identity; before anybody
    /// has said what the flow is used for (<see cref="Module.SetMode"/>) it refuses.
    /// </summary>
    public static Flow ActNorm(int size, DType dtype = DType.Float32) => new ActNormFlow(size, dtype);

    /// <summary>Flows one after another, the first applied first. Those with a context share one.</summary>
    /// <exception cref="ArgumentException">There is none, or sizes or contexts differ.</exception>
    public static Flow Sequence(params IReadOnlyList<Flow> flows) => new FlowSequence(flows);

    /// <summary>A context, checked.</summary>
    private protected Tensor? Checked(Tensor? context)
    {
        if (Context == 0 && context is not null)
            throw new ArgumentException("This flow takes no context.", nameof(context));
        if (Context > 0 && (context is null || context.Rank == 0 || context.Shape[^1] != Context))
        {
            throw new ArgumentException($"This flow needs a context of length {Context}, got " +
                $"{context?.Shape.ToString() ?? "none"}.", nameof(context));
        }

        return context;
    }

    private protected static void RequireLayers(int layers) =>
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
}
