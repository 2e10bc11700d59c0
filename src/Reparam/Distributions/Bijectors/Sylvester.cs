using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// The Sylvester flow y = x + Q R1 tanh(R2 Q^T x + b) (van den Berg et al. 2018, equation 13). It is a planar flow with
/// M hidden units in place of one. Q [D, M] has orthonormal columns. R1 and R2 are upper triangles; a tanh keeps their
/// diagonals in (-1, 1), which keeps the map invertible. log det = sum log(1 + (1 - tanh^2) diag R1 diag R2).
/// </summary>
public sealed class Sylvester : Bijector
{
    private readonly Tensor _q, _r1, _r2, _b, _diagonal;

    /// <summary>
    /// Creates the map from orthonormal columns Q [..., D, M], free parameters for R1 and R2 [..., M, M], and b [...,
    /// M], one for each data point of x [..., D].
    /// </summary>
    /// <param name="q">The columns Q. <see cref="OrthonormalByReflections"/> creates such columns.</param>
    /// <param name="r1">The strict upper triangle of R1, and its diagonal before the tanh.</param>
    /// <param name="r2">The strict upper triangle of R2, and its diagonal before the tanh.</param>
    /// <param name="b">The offset.</param>
    public Sylvester(Tensor q, Tensor r1, Tensor r2, Tensor b)
        : base(1)
    {
        Tensor d1 = r1.Diagonal().Tanh(), d2 = r2.Diagonal().Tanh();
        _q = q;
        _r1 = r1 - r1.Tril() + d1.DiagonalMatrix();
        _r2 = r2 - r2.Tril() + d2.DiagonalMatrix();
        _b = b;
        _diagonal = d1 * d2;
    }

    /// <summary>
    /// The first M columns of a product of Householder reflections, which are exactly orthonormal. The shape [..., H,
    /// D] of v gives the shape [..., D, M].
    /// </summary>
    public static Tensor OrthonormalByReflections(Tensor v, int columns)
    {
        ArgumentNullException.ThrowIfNull(v);
        int size = v.Shape[^1];
        Shape batch = v.Shape[..^2];
        // The rows of the transpose: e_1 ... e_M, reflected.
        Tensor rows = Tensor.Eye(size, v.DType).Slice(0, 0, columns).BroadcastTo(batch + [columns, size]);
        for (int i = 0; i < v.Shape[^2]; i++)
        {
            Tensor direction = v.Slice(^2, i, 1);
            direction = direction / direction.Square().Sum(^1, keepAxis: true).Sqrt();
            rows -= direction * (rows * direction).Sum(^1, keepAxis: true) * 2;
        }

        int[] order = [.. Enumerable.Range(0, rows.Rank)];
        (order[^1], order[^2]) = (order[^2], order[^1]);
        return rows.Permute(order);
    }

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        Tensor h = (Times(_r2, Projected(x)) + _b).Tanh();
        return (x + Times(_q, Times(_r1, h)), LogDet(h));
    }

    /// <summary>
    /// The inverse, by M roots. In the coordinates s = Q^T x the map is upper triangular. It is solved from the last
    /// coordinate to the first.
    /// </summary>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y)
    {
        Tensor target = Projected(y);
        int size = _b.Shape[^1];
        var s = new Tensor[size];
        var h = new Tensor[size];
        for (int i = size - 1; i >= 0; i--)
        {
            // The contributions of the coordinates that are already solved: sum_j>i R2_ij s_j and sum_j>i R1_ij h_j.
            Tensor inner = Element(_b, i), outer = Element(target, i);
            for (int j = i + 1; j < size; j++)
            {
                inner += Entry(_r2, i, j) * s[j];
                outer -= Entry(_r1, i, j) * h[j];
            }

            // With t = c s + inner the argument of the tanh, the equation is s + a tanh(t) = outer. It is solved for t.
            Tensor a = Entry(_r1, i, i), c = Entry(_r2, i, i), slope = a * c;
            Tensor t = MonotoneRoot.Of(
                at =>
                {
                    Tensor value = at.Tanh();
                    return (at + slope * value, 1 + slope * (1 - value.Square()));
                },
                c * outer + inner, slope.Abs());
            h[i] = t.Tanh();
            s[i] = outer - a * h[i];
        }

        Tensor activation = Tensor.Concat(^1, [.. h.Select(v => v.Reshape(v.Shape + [1]))]);
        return (y - Times(_q, Times(_r1, activation)), -LogDet(activation));
    }

    private Tensor LogDet(Tensor h) => ((1 - h.Square()) * _diagonal).LogP1().Sum(^1);

    private Tensor Projected(Tensor x) => (_q * x.Reshape(x.Shape + [1])).Sum(^2);

    private static Tensor Times(Tensor matrix, Tensor x) =>
        (matrix * x.Reshape(x.Shape[..^1] + [1, x.Shape[^1]])).Sum(^1);

    private static Tensor Element(Tensor x, int i) => x.Slice(^1, i, 1).Reshape(x.Shape[..^1]);

    private static Tensor Entry(Tensor m, int i, int j) => m.Slice(^2, i, 1).Slice(^1, j, 1).Reshape(m.Shape[..^2]);
}
