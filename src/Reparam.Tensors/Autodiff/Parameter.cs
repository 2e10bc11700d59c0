namespace Reparam.Tensors;

/// <summary>
/// A named tensor that training changes. It is the only mutable tensor: an optimiser updates the memory of
/// <see cref="Value"/> in place. To take a snapshot, copy the value with <see cref="Tensor.Keep"/>. Files store the
/// parameter under its name.
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

    /// <summary>The current value. It is the same tensor object for the whole life of the parameter.</summary>
    public Tensor Value { get; }

    /// <summary>Extents of the value.</summary>
    public Shape Shape => Value.Shape;

    /// <summary>Sets the name of the parameter in a larger model. Attaching a module to a parent calls this.</summary>
    public void Rename(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>Copies <paramref name="value"/> into the parameter.</summary>
    /// <exception cref="ArgumentException">The shape or the element type differs.</exception>
    public void Assign(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Shape != Shape || value.DType != Value.DType)
        {
            throw new ArgumentException($"Parameter {Name} is {Value.DType} {Shape}; the new value is {value.DType} " +
                $"{value.Shape}.", nameof(value));
        }

        value.CopyTo(Value);
    }

    /// <summary>The value. A parameter can be used wherever a tensor is expected.</summary>
    public static implicit operator Tensor(Parameter parameter) => parameter.Value;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Value.DType} {Shape}";
}
