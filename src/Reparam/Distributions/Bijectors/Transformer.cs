using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// An increasing map of single numbers with parameters that come from elsewhere: what coupling and autoregressive flows
/// apply to each element. One object serves all elements.
/// </summary>
public abstract class Transformer
{
    /// <summary>How many free numbers one element's map has.</summary>
    public abstract int Parameters { get; }

    /// <summary>y = f(x) and log f'(x), elementwise over x [...] with free numbers [..., Parameters].</summary>
    public abstract (Tensor Y, Tensor LogSlope) Forward(Tensor x, Tensor parameters);

    /// <summary>x = f^-1(y) and log (f^-1)'(y).</summary>
    public abstract (Tensor X, Tensor LogSlope) Inverse(Tensor y, Tensor parameters);
}
