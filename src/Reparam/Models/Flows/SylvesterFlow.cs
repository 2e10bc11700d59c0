using Reparam.Distributions.Bijectors;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>A chain of Sylvester maps. Householder reflections make the basis of each map.</summary>
internal sealed class SylvesterFlow : Flow
{
    private readonly FreeNumbers[] _layers;
    private readonly int _units, _reflections;

    public SylvesterFlow(int size, int layers, int units, int reflections, int context, Rng rng, DType dtype)
        : base(size, context)
    {
        RequireLayers(layers);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(units);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(units, size);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(reflections);
        (_units, _reflections) = (units, reflections);
        int count = checked(Shape.SizeOf(reflections, size) + Shape.SizeOf(2, units, units) + units);
        _layers = [.. Enumerable.Range(0, layers).Select(i => Child(
            FormattableString.Invariant($"{i}"), new FreeNumbers(count, context, rng.Split((uint)i), dtype)))];
    }

    public override Bijector Map(Tensor? context = null)
    {
        context = Checked(context);
        return new Chain([.. _layers.Select(layer =>
        {
            Tensor free = layer.Given(context);
            Shape batch = free.Shape[..^1];
            int at = 0;
            Tensor Take(int count, Shape shape)
            {
                Tensor part = free.Slice(^1, at, count).Reshape(batch + shape);
                at += count;
                return part;
            }

            Tensor q = Distributions.Bijectors.Sylvester.OrthonormalByReflections(
                Take(_reflections * Size, [_reflections, Size]), _units);
            Tensor r1 = Take(_units * _units, [_units, _units]), r2 = Take(_units * _units, [_units, _units]);
            return new Distributions.Bijectors.Sylvester(q, r1, r2, Take(_units, [_units]));
        })]);
    }
}
