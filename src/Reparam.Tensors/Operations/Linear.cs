using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The map y = f(x W^T + b) of the last axis: x [..., in], weight W [out, in] (the layout of PyTorch), bias b [out]
    /// or null, y [..., out]. The nonlinearity f is applied while the result is in the cache. With h = g f', where f'
    /// follows from y: dx = h W, dW = h^T x, db = the sum of h over all rows.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or the element types differ.</exception>
    public static Tensor Linear(
        Tensor x, Tensor weight, Tensor? bias = null, Nonlinearity nonlinearity = Nonlinearity.None)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        if (x.Rank == 0 || weight.Rank != 2 || x.Shape[^1] != weight.Shape[1]
            || (bias is not null && bias.Shape != [weight.Shape[0]]))
        {
            throw new ArgumentException($"Linear needs x [..., in], weight [out, in] and bias [out]; got {x.Shape}, " +
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

    /// <summary>Turns the gradient with respect to f(z) into the gradient with respect to z, of the shape of
    /// <paramref name="y"/> = f(z). The result is stored for its upstream gradient, so the vector-Jacobian products of
    /// one operation share it.</summary>
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
