using Reparam.Tensors;

namespace Reparam.Networks.Denoising;

/// <summary>
/// The network of a diffusion model: it reads noisy data z, the noise level and, if the model has one, a context, and
/// returns an array of the shape of z. A head of the model says whether the array stands for the noise, the data or a
/// velocity.
/// </summary>
/// <remarks>A network with a context also serves without it: the context of a datum may be hidden, and the network then
/// sees zeros and a mark (<see cref="LevelEmbedding"/>).</remarks>
public abstract class DenoisingNetwork : Module
{
    /// <summary>Makes the parts that all networks share.</summary>
    /// <param name="context">C, the length of the context; 0 for none.</param>
    protected DenoisingNetwork(int context)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        Context = context;
    }

    /// <summary>C, the length of the context; 0 for none.</summary>
    public int Context { get; }

    /// <summary>Applies the network.</summary>
    /// <param name="z">Noisy data, [N] + event.</param>
    /// <param name="level">The noise level of each datum, [N], scaled to [0, 1] by the model.</param>
    /// <param name="context">The context of each datum, [N, C]; a row of zeros hides the context of the datum. Null
    /// hides all, or for a network without a context.</param>
    /// <exception cref="ArgumentException">The network has no context and one is given, or the shape does not
    /// fit.</exception>
    public Tensor Forward(Tensor z, Tensor level, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(z);
        ArgumentNullException.ThrowIfNull(level);
        if (context is not null && (Context == 0 || !context.Shape.Equals([z.Shape[0], Context])))
        {
            throw new ArgumentException(Context == 0 ? "The network has no context. Do not give one."
                : $"The context must have shape [{z.Shape[0]}, {Context}], got {context.Shape}.", nameof(context));
        }

        using LayerName name = LayerName.Enter(Path);
        return Apply(z, level, context);
    }

    /// <inheritdoc cref="Forward"/>
    protected abstract Tensor Apply(Tensor z, Tensor level, Tensor? context);
}
