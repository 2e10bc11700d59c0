using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The affine map y = f(x W^T + b) of the last axis: x [..., in], weight [out, in] (PyTorch's layout), bias [out]
    /// or none, y [..., out], and f a nonlinearity applied while the result is in the cache. With h = g f'(y): dx = h
    /// W, dW = h^T x, db = the sum of h over all rows.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Linear(
        Tensor x, Tensor weight, Tensor? bias = null, Nonlinearity nonlinearity = Nonlinearity.None)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        if (x.Rank == 0 || weight.Rank != 2 || x.Shape[^1] != weight.Shape[1]
            || (bias is not null && bias.Shape != [weight.Shape[0]]))
        {
            throw new ArgumentException($"Linear needs x [..., in], weight [out, in], bias [out]; got {x.Shape}, " +
                $"{weight.Shape}, {bias?.Shape.ToString() ?? "none"}.");
        }

        if (bias is not null) RequireSameType(x, bias);
        int outputs = weight.Shape[0];
        int rows = x.Shape[..^1].Size;
        Tensor flat = x.View([rows, weight.Shape[1]]);
        Tensor result = Product(flat, weight, bias, false, true, nonlinearity);
        Tensor y = result.View(x.Shape.With(^1, outputs));
        if (GradientTape.Recording is null) return y;
        Func<Tensor, Tensor> inner = ThroughNonlinearity(nonlinearity, result);
        Func<Tensor, Tensor> byInput = g => Product(inner(g), weight, null, false, false).View(x.Shape);
        Func<Tensor, Tensor> byWeight = g => Product(inner(g), flat, null, true, false);
        return bias is null ? y.Recorded([x, weight], [byInput, byWeight])
            : y.Recorded([x, weight, bias], [byInput, byWeight, g => inner(g).SumTo([outputs])]);
    }

    /// <summary>Turns the gradient by f(z) into that by z, of the shape of <paramref name="y"/> = f(z). The
    /// vector-Jacobian products of one operation share the result: it is remembered for the upstream gradient that it
    /// came from.</summary>
    private static Func<Tensor, Tensor> ThroughNonlinearity(Nonlinearity nonlinearity, Tensor y)
    {
        if (nonlinearity == Nonlinearity.None) return g => g.View(y.Shape);
        BinaryKernel kernel = nonlinearity switch
        {
            Nonlinearity.Relu => BinaryKernel.ReluGradient,
            Nonlinearity.LeakyRelu => BinaryKernel.LeakyReluGradient,
            Nonlinearity.Tanh => BinaryKernel.TanhGradient,
            Nonlinearity.Sigmoid => BinaryKernel.SigmoidGradient,
            _ => throw new ArgumentOutOfRangeException(nameof(nonlinearity), nonlinearity, null),
        };
        Tensor? upstream = null, inner = null;
        return g =>
        {
            if (ReferenceEquals(upstream, g) && inner is not null) return inner;
            (upstream, inner) = (g, Apply(kernel, g.View(y.Shape), y, LeakySlope.Default));
            return inner;
        };
    }
}
