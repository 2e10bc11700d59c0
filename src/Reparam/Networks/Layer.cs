using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>A module that maps one tensor to another.</summary>
public abstract class Layer : Module
{
    /// <summary>Applies the layer. Reports about NaN name the layer.</summary>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using LayerName name = LayerName.Enter(Path);
        return Apply(x);
    }

    /// <summary>Computes the output of the layer.</summary>
    protected abstract Tensor Apply(Tensor x);
}
