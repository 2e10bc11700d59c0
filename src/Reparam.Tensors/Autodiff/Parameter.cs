namespace Reparam.Tensors;

/// <summary>
/// A named tensor that training changes. The one mutable thing among tensors: an optimiser updates the memory of
/// <see cref="Value"/> in place, so take <see cref="Tensor.Keep"/> of it to hold a snapshot. The name is what files
/// call it.
/// </summary>
public sealed class Parameter
{
    /// <summary>A parameter with a copy of <paramref name="initial"/> as its value.</summary>
    public Parameter(string name, Tensor initial)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(initial);
        Name = name;
        Value = initial.Keep();
    }

    /// <summary>The full name, such as <c>encoder.hidden.0.weight</c>.</summary>
    public string Name { get; private set; }

    /// <summary>The current value. The same tensor object for the parameter's whole life.</summary>
    public Tensor Value { get; }

    /// <summary>Extents of the value.</summary>
    public Shape Shape => Value.Shape;

    /// <summary>Gives the parameter its name in a larger model, as attaching a module to a parent does.</summary>
    public void Rename(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>Copies <paramref name="value"/> into the parameter.</summary>
    /// <exception cref="ArgumentException">Shape or element type differ.</exception>
    public void Assign(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Shape != Shape || value.DType != Value.DType)
        {
            throw new ArgumentException($"Parameter {Name} is {Value.DType} {Shape}, the new value {value.DType} " +
                $"{value.Shape}.", nameof(value));
        }

        value.CopyTo(Value);
    }

    /// <summary>The value, to use a parameter wherever a tensor is wanted.</summary>
    public static implicit operator Tensor(Parameter parameter) => parameter.Value;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Value.DType} {Shape}";
}
