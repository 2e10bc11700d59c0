using Reparam.Distributions.Bijectors;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>A chain of block neural autoregressive maps. The order of the elements is reversed between two maps. A
/// context shifts the biases of the first layer of each map.</summary>
internal sealed class BlockNeuralFlow : Flow
{
    private readonly Layers[] _layers;

    public BlockNeuralFlow(int size, int layers, IReadOnlyList<int> units, int context, Rng rng, DType dtype)
        : base(size, context)
    {
        RequireLayers(layers);
        ArgumentNullException.ThrowIfNull(units);
        if (units.Count == 0)
        {
            throw new ArgumentException(
                "A block neural autoregressive map has at least one hidden layer.", nameof(units));
        }

        foreach (int count in units) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(units));
        _layers = [.. Enumerable.Range(0, layers).Select(i => Child(
            FormattableString.Invariant($"{i}"), new Layers(size, units, context, rng.Split((uint)i), dtype)))];
    }

    public override Bijector Map(Tensor? context = null)
    {
        context = Checked(context);
        List<Bijector> maps = [];
        foreach (Layers layer in _layers)
        {
            if (maps.Count > 0) maps.Add(Permute.Reverse(Size));
            maps.Add(layer.Map(context));
        }

        return new Chain(maps);
    }

    /// <summary>The parameters of one map.</summary>
    private sealed class Layers : Networks.Module
    {
        // The sigmoid of this is 0.12. The map starts near the identity, but the network still has a gradient.
        private const double InitialGate = -2;

        private readonly Parameter[] _weights, _biases;
        private readonly FreeNumbers _first;
        private readonly Parameter _gate;

        public Layers(int size, IReadOnlyList<int> units, int context, Rng rng, DType dtype)
        {
            int[] widths = [1, .. units, 1];
            _weights = new Parameter[widths.Length - 1];
            _biases = new Parameter[widths.Length - 2];
            for (int i = 0; i < _weights.Length; i++)
            {
                int outputs = Shape.SizeOf(size, widths[i + 1]), inputs = Shape.SizeOf(size, widths[i]);
                // The logarithm of a diagonal weight: a unit averages the block before it, and the last layer
                // multiplies by 2, because tanh about halves the slope. So the slope of the network is about 1 at the
                // start, and the other elements contribute little.
                double own = (i == _weights.Length - 1 ? 2.0 : 1.0) / widths[i];
                Tensor noise = rng.Split("weight").At(i).Normal(
                    [outputs, inputs], dtype) * (0.1 / Math.Sqrt(widths[i]));
                _weights[i] = Own(FormattableString.Invariant($"weight{i}"),
                    noise + Diagonal(size, widths[i + 1], widths[i], PortableMath.Log(own)).To(dtype));
                if (i > 0)
                    _biases[i - 1] = Own(FormattableString.Invariant($"bias{i}"), Tensor.Zeros([outputs], dtype));
            }

            _gate = Own("gate", Tensor.Full([size], InitialGate, dtype));
            // The standard deviation is 1, so that the units of an element have their bends at different places.
            _first = Child(
                "bias", new FreeNumbers(Shape.SizeOf(size, units[0]), context, rng.Split("bias"), dtype, start: 1));
        }

        public BlockNeuralAutoregressive Map(Tensor? context) =>
            new([.. _weights.Select(w => w.Value)], [_first.Given(context), .. _biases.Select(b => b.Value)], _gate);

        /// <summary>A matrix with a value in the diagonal block of each element and 0 elsewhere.</summary>
        private static Tensor Diagonal(int size, int outputs, int inputs, double value)
        {
            return Tensor.From([size * outputs, size * inputs], all =>
            {
                int columns = size * inputs;
                for (int i = 0; i < all.Length; i++)
                    all[i] = i / columns / outputs == i % columns / inputs ? value : 0;
            });
        }
    }
}
