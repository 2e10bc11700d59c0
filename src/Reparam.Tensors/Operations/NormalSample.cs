using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The reparameterized normal sample z = loc + scale e, e ~ N(0, 1) (Kingma and Welling 2013, section 2.4), of
    /// shape <paramref name="sampleShape"/> + shape of loc. d/dloc = 1 and d/dscale = e. The noise e is not stored: the
    /// backward pass generates the same noise again from its counter.
    /// </summary>
    /// <param name="loc">The location.</param>
    /// <param name="scale">The standard deviation, of the same shape.</param>
    /// <param name="rng">Source of the noise.</param>
    /// <param name="sampleShape">Extents of the draws, which precede the extents of the parameters.</param>
    /// <param name="sampleAxis">The axis of the result that counts samples (see <see cref="Rng.Normal"/>).</param>
    /// <exception cref="ArgumentException">The parameters differ in shape or element type.</exception>
    public static Tensor NormalSample(
        Tensor loc, Tensor scale, Rng rng, Shape sampleShape = default, int sampleAxis = 0)
    {
        ArgumentNullException.ThrowIfNull(loc);
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentNullException.ThrowIfNull(rng);
        RequireSameType(loc, scale);
        if (loc.Shape != scale.Shape)
        {
            throw new ArgumentException(
                $"Location and scale of a normal sample must have one shape; got {loc.Shape} and {scale.Shape}.");
        }

        Tensor z = Uninitialized(sampleShape + loc.Shape, loc.DType);
        NoiseStream stream = rng.NextStream();
        (int outer, int samples, int inner) = Rng.Layout(z.Shape, sampleAxis);
        Backend.Current.Random(RandomKernel.Normal, z.Buffer, stream, outer, samples, inner, scale.Buffer, loc.Buffer);
        return z.Recorded(
            [loc, scale],
            [
                g => g.SumTo(loc.Shape),
                g =>
                {
                    Tensor product = Uninitialized(g.Shape, g.DType);
                    Backend.Current.Random(
                        RandomKernel.Normal, product.Buffer, stream, outer, samples, inner, g.Buffer);
                    return product.SumTo(loc.Shape);
                },
            ]);
    }
}
