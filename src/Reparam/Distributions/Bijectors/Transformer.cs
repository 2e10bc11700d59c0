using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// An increasing function of one number. The object has no parameters of its own: each call gets the parameters of each
/// number. Coupling and autoregressive flows apply it to the elements of a vector, with parameters from a network.
/// </summary>
public abstract class Transformer
{
    /// <summary>The number of parameters of the map of one element.</summary>
    public abstract int Parameters { get; }

    /// <summary>y = f(x) and log f'(x), elementwise over x [...] with parameters [..., Parameters].</summary>
    public abstract (Tensor Y, Tensor LogSlope) Forward(Tensor x, Tensor parameters);

    /// <summary>x = f^-1(y) and log (f^-1)'(y).</summary>
    public abstract (Tensor X, Tensor LogSlope) Inverse(Tensor y, Tensor parameters);
}
