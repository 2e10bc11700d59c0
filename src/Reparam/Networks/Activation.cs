using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>An elementwise nonlinearity with a name.</summary>
public sealed class Activation
{
    private readonly Func<Tensor, Tensor> _function;

    /// <summary>Makes a custom nonlinearity.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="function">The elementwise, differentiable function.</param>
    public Activation(string name, Func<Tensor, Tensor> function)
        : this(name, function, null)
    {
    }

    private Activation(string name, Func<Tensor, Tensor> function, Nonlinearity? fused)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(function);
        Name = name;
        Fused = fused;
        _function = function;
    }

    /// <summary>The name of the activation in configurations.</summary>
    public string Name { get; }

    /// <summary>The fused form of the nonlinearity, which the layer before it computes; null where there is
    /// none.</summary>
    internal Nonlinearity? Fused { get; }

    /// <summary>tanh x, the nonlinearity of Kingma and Welling (2013).</summary>
    public static Activation Tanh { get; } = new("tanh", x => x.Tanh(), Nonlinearity.Tanh);

    /// <summary>max(x, 0).</summary>
    public static Activation Relu { get; } = new("relu", x => x.Relu(), Nonlinearity.Relu);

    /// <summary>log(1 + e^x).</summary>
    public static Activation SoftPlus { get; } = new("softplus", x => x.SoftPlus());

    /// <summary>x sigmoid(x).</summary>
    public static Activation Silu { get; } = new("silu", x => x.Silu());

    /// <summary>x Phi(x), where Phi is the distribution function of N(0, 1).</summary>
    public static Activation Gelu { get; } = new("gelu", x => x.Gelu());

    /// <summary>x for x >= 0, 0.01 x for x &lt; 0.</summary>
    public static Activation LeakyRelu { get; } = new("leaky-relu", x => x.LeakyRelu(), Nonlinearity.LeakyRelu);

    /// <summary>x itself. It gives a linear network.</summary>
    public static Activation Identity { get; } = new("identity", x => x, Nonlinearity.None);

    /// <summary>All activations.</summary>
    public static IReadOnlyList<Activation> All { get; } = [Tanh, Relu, SoftPlus, Silu, Gelu, LeakyRelu, Identity];

    /// <summary>Applies the nonlinearity.</summary>
    public Tensor Apply(Tensor x) => _function(x);
}
