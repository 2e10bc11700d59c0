using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// A block neural autoregressive map (De Cao, Titov and Aziz 2019): y_i = (1 - a_i) x_i + a_i n_i(x_1 ... x_i), where n
/// is a network of tanh layers with several units for each element and a_i = sigmoid(gate_i). The weights within an
/// element's block pass through an exponential (their equation 8), so that n_i increases in x_i; those from earlier
/// elements are free, those from later ones 0. As n is bounded, the rest of x makes the map one onto all vectors. log
/// det = sum_i log((1 - a_i) + a_i dn_i/dx_i), by a second pass of the blocks' weights beside the first.
/// </summary>
/// <remarks>Forwards costs two passes of the network. Backwards has no formula: element by element, a monotone root,
/// each step of it a pass. For a density that is scored more often than drawn use a spline coupling
/// (<see cref="Coupling"/> with a <see cref="SplineTransformer"/>) or <see cref="Autoregressive.OnOutputs"/>.</remarks>
public sealed class BlockNeuralAutoregressive : Bijector
{
    private readonly int _size;
    private readonly Layer[] _layers;
    private readonly Tensor _share, _rest;

    /// <summary>From the network's free numbers. Differentiable in all of them.</summary>
    /// <param name="weights">Of each layer, [D * out, D * in], where in and out are the units of an element before and
    /// after it: 1 before the first and after the last. Logarithms within an element's block; those above the blocks
    /// are ignored.</param>
    /// <param name="biases">Of each layer, [..., D * out]; with batch axes they condition the map on a datum.</param>
    /// <param name="gate">[..., D].</param>
    /// <exception cref="ArgumentException">There are fewer than two layers, or their extents do not fit.</exception>
    public BlockNeuralAutoregressive(IReadOnlyList<Tensor> weights, IReadOnlyList<Tensor> biases, Tensor gate)
        : base(1)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(biases);
        ArgumentNullException.ThrowIfNull(gate);
        if (weights.Count < 2 || biases.Count != weights.Count)
        {
            throw new ArgumentException(
                "A block neural autoregressive map has two layers at least, and one bias for each.", nameof(weights));
        }

        _size = gate.Shape[^1];
        _layers = new Layer[weights.Count];
        int units = 1;
        for (int i = 0; i < weights.Count; i++)
        {
            Shape shape = weights[i].Shape;
            if (shape.Rank != 2 || shape[1] != _size * units || shape[0] % _size != 0 || biases[i].Rank == 0
                || biases[i].Shape[^1] != shape[0] || (i == weights.Count - 1 && shape[0] != _size))
            {
                throw new ArgumentException($"Layer {i} of {weights.Count} with weights {shape} and biases " +
                    $"{biases[i].Shape} does not map {units} units of each of {_size} elements.", nameof(weights));
            }

            int outputs = shape[0] / _size;
            Tensor within = Blocks(outputs, units, (row, column) => row == column, weights[i].DType),
                before = Blocks(outputs, units, (row, column) => row > column, weights[i].DType);
            Tensor own = (weights[i] * within).Exp() * within;
            _layers[i] = new Layer(own + weights[i] * before, own, biases[i]);
            units = outputs;
        }

        // Each from its own side, so that neither is a difference from 1.
        (_share, _rest) = (gate.Sigmoid(), (-gate).Sigmoid());

        Tensor Blocks(int outputs, int inputs, Func<int, int, bool> connected, DType dtype)
        {
            Tensor blocks = Tensor.From([_size * outputs, _size * inputs], mask =>
            {
                int columns = _size * inputs;
                for (int i = 0; i < mask.Length; i++)
                    mask[i] = connected(i / columns / outputs, i % columns / inputs) ? 1 : 0;
            });
            return blocks.To(dtype);
        }
    }

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank == 0 || x.Shape[^1] != _size)
            throw new ArgumentException($"This map takes vectors of length {_size}, got shape {x.Shape}.", nameof(x));
        (Tensor n, Tensor slope) = Network(x);
        return (x * _rest + n * _share, (_rest + slope * _share).Log().Sum(^1));
    }

    /// <summary>
    /// Element by element: with those before it known, y_i increases in x_i. NaN where a parameter or y is not finite,
    /// or where 1 - a_i underflows to 0 and no x reaches y.
    /// </summary>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        Tensor zeros = y * 0;
        // A bias for each datum gives each its own x.
        foreach (Layer layer in _layers) zeros += layer.Bias.Slice(^1, 0, 1) * 0;
        Tensor target = y + zeros, share = _share + zeros, rest = _rest + zeros;
        // |n| <= |bias| + sum |weight|, as no hidden unit leaves [-1, 1], and (1 - a) x = y - a n.
        Tensor reach = y.Abs() + (y.Abs() + share * (_layers[^1].Weight.Abs().Sum(^1) + _layers[^1].Bias.Abs())) / rest;
        Tensor known = Tensor.Zeros(zeros.Shape, y.DType);
        for (int i = 0; i < _size; i++)
        {
            int at = i;
            Tensor before = known, moving = Element(share), still = Element(rest);
            Tensor x = MonotoneRoot.Of(
                value =>
                {
                    (Tensor n, Tensor slope) = Network(With(before, value));
                    return (value * still + Element(n) * moving, still + Element(slope) * moving);
                },
                Element(target), Element(reach));
            known = With(before, x);

            Tensor Element(Tensor t) => t.Slice(^1, at, 1);

            Tensor With(Tensor vector, Tensor value)
            {
                List<Tensor> parts = [value];
                if (at > 0) parts.Insert(0, vector.Slice(^1, 0, at));
                if (at + 1 < _size) parts.Add(vector.Slice(^1, at + 1, _size - at - 1));
                return Tensor.Concat(^1, parts);
            }
        }

        return (known, -Forward(known).LogDet);
    }

    /// <summary>n(x) and the slope of each element by itself, [..., D]. The blocks on the diagonal multiply up: a
    /// product of the same layers without what comes from other elements.</summary>
    private (Tensor Value, Tensor Slope) Network(Tensor x)
    {
        Tensor slope = Tensor.Ones([_size], x.DType);
        for (int i = 0; i < _layers.Length; i++)
        {
            x = Tensor.Linear(x, _layers[i].Weight) + _layers[i].Bias;
            slope = Tensor.Linear(slope, _layers[i].Own);
            if (i + 1 == _layers.Length) break;
            x = x.Tanh();
            slope *= 1 - x.Square();
        }

        return (x, slope);
    }

    /// <summary>A layer's weights, those of them within an element's block, and its bias.</summary>
    private readonly record struct Layer(Tensor Weight, Tensor Own, Tensor Bias);
}
