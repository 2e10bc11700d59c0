namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The affine map y = x W^T + b of the last axis: x [..., in], weight [out, in] (PyTorch's layout), bias [out] or none, y [..., out].
    /// Gradients: dx = g W, dW = g^T x, db = the sum of g over all rows.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        if (x.Rank == 0 || weight.Rank != 2 || x.Shape[^1] != weight.Shape[1] || (bias is not null && bias.Shape != [weight.Shape[0]]))
            throw new ArgumentException($"Linear needs x [..., in], weight [out, in], bias [out]; got {x.Shape}, {weight.Shape}, {bias?.Shape.ToString() ?? "none"}.");
        if (bias is not null) RequireSameType(x, bias);
        int outputs = weight.Shape[0], inputs = weight.Shape[1];
        int rows = x.Shape[..^1].Size;
        Tensor flat = x.View([rows, inputs]);
        Tensor y = Product(flat, weight, bias, false, true).View(x.Shape.With(^1, outputs));
        Tensor[] sources = bias is null ? [x, weight] : [x, weight, bias];
        Func<Tensor, Tensor> byInput = g => Product(g.View([rows, outputs]), weight, null, false, false).View(x.Shape);
        Func<Tensor, Tensor> byWeight = g => Product(g.View([rows, outputs]), flat, null, true, false);
        return y.Recorded(sources, bias is null ? [byInput, byWeight] : [byInput, byWeight, g => g.View([rows, outputs]).SumTo([outputs])]);
    }
}
