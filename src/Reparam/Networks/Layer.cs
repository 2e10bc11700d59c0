using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>A module that maps one tensor to another.</summary>
public abstract class Layer : Module
{
    /// <summary>Applies the layer, under its name in reports about NaN.</summary>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using LayerName name = LayerName.Enter(Path);
        return Apply(x);
    }

    /// <summary>What the layer computes.</summary>
    protected abstract Tensor Apply(Tensor x);
}
