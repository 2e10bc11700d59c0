using Reparam.Distributions.Bijectors;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>A chain of planar maps.</summary>
internal sealed class PlanarFlow : Flow
{
    private readonly FreeNumbers[] _layers;

    public PlanarFlow(int size, int layers, int context, Rng rng, DType dtype)
        : base(size, context)
    {
        RequireLayers(layers);
        int count = Shape.SizeOf(2, size) + 1;
        _layers = [.. Enumerable.Range(0, layers).Select(i => Child(
            FormattableString.Invariant($"{i}"), new FreeNumbers(count, context, rng.Split((uint)i), dtype)))];
    }

    public override Bijector Map(Tensor? context = null)
    {
        context = Checked(context);
        return new Chain([.. _layers.Select(layer =>
        {
            Tensor free = layer.Given(context);
            return new Distributions.Bijectors.Planar(free.Slice(^1, 0, Size), free.Slice(^1, Size, Size),
                free.Slice(^1, 2 * Size, 1).Reshape(free.Shape[..^1]));
        })]);
    }
}
