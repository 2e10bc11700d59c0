using Reparam.Tensors;

namespace Reparam.Testing;

/// <summary>Holds what a computation does inside a <see cref="ShapeScope"/>, on inputs without elements, against what
/// it does with them.</summary>
public static class ShapeCheck
{
    /// <summary>Fails unless a function of tensors and its gradients make the same tensors in both: as many, of as many
    /// bytes, the largest by the same operation.</summary>
    public static void Require(string what, Func<Tensor[], IReadOnlyList<Tensor>> function, params Tensor[] inputs)
    {
        // What is made once, such as a static table, is made.
        Measure(function, inputs);
        Account real = Measure(function, inputs), shapes;
        using (new ShapeScope()) shapes = Measure(function, [.. inputs.Select(x => Tensor.Zeros(x.Shape, x.DType))]);
        Assert.True(real == shapes, $"{what}: {real} with elements, {shapes} without");
    }

    private static Account Measure(Func<Tensor[], IReadOnlyList<Tensor>> function, Tensor[] inputs)
    {
        using var meter = new MemoryMeter();
        string results;
        using (var tape = new GradientTape())
        {
            Tensor[] sources = [.. inputs.Select(x => x.Detach())];
            IReadOnlyList<Tensor> values = function(sources);
            results = string.Join(" ", values.Select(v => $"{v.DType}{v.Shape}"));
            foreach (Tensor value in values) tape.Gradients(value.Sum(), sources);
        }

        return new Account(results, meter.Tensors, meter.TotalBytes, meter.PeakBytes, meter.HeldBytes, meter.Largest);
    }

    private sealed record Account(
        string Results, long Tensors, long Total, long Peak, long Kept, LargestTensor? Largest);
}
