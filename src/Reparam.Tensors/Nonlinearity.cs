namespace Reparam.Tensors;

/// <summary>An elementwise function that a layer applies to its result while the result is still in the cache. The
/// derivative of each function follows from its value y.</summary>
public enum Nonlinearity
{
    /// <summary>x itself.</summary>
    None,

    /// <summary>max(x, 0); derivative 1 where y > 0, else 0.</summary>
    Relu,

    /// <summary>x for x >= 0, 0.01 x for x below 0; derivative 1 where y >= 0, else 0.01.</summary>
    LeakyRelu,

    /// <summary>tanh x; derivative 1 - y^2.</summary>
    Tanh,

    /// <summary>1 / (1 + exp(-x)); derivative y (1 - y).</summary>
    Sigmoid,
}
