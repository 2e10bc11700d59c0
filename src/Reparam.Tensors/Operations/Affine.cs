using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>x * scale + offset elementwise, rounded once. d/dx = scale.</summary>
    public Tensor Affine(double scale, double offset)
    {
        Tensor y = Apply(UnaryKernel.Affine, this, scale, offset);
        return y.Recorded(this, g => scale == 1 ? g : Apply(UnaryKernel.Affine, g, scale));
    }

    /// <summary>x + c elementwise.</summary>
    public static Tensor operator +(Tensor x, double c) => x.Affine(1, c);

    /// <summary>c + x elementwise.</summary>
    public static Tensor operator +(double c, Tensor x) => x.Affine(1, c);

    /// <summary>x - c elementwise.</summary>
    public static Tensor operator -(Tensor x, double c) => x.Affine(1, -c);

    /// <summary>c - x elementwise.</summary>
    public static Tensor operator -(double c, Tensor x) => x.Affine(-1, c);

    /// <summary>c x elementwise.</summary>
    public static Tensor operator *(Tensor x, double c) => x.Affine(c, 0);

    /// <summary>c x elementwise.</summary>
    public static Tensor operator *(double c, Tensor x) => x.Affine(c, 0);

    /// <summary>x / c elementwise, computed as x times 1/c.</summary>
    public static Tensor operator /(Tensor x, double c) => x.Affine(1 / c, 0);

    /// <summary>c / x elementwise.</summary>
    public static Tensor operator /(double c, Tensor x) => x.Reciprocal() * c;
}
