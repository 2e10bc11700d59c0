using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// A block neural autoregressive map (De Cao, Titov and Aziz 2019): y_i = (1 - a_i) x_i + a_i n_i(x_1 ... x_i), where n
/// is a network of tanh layers with several units for each element and a_i = sigmoid(gate_i). The weights within the
/// block of an element pass through an exponential (equation 8 of the paper), so that n_i increases in x_i. The weights
/// from earlier elements are free; the weights from later elements are 0. n is bounded, so the term (1 - a_i) x_i makes
/// every vector an image of the map. log det = sum_i log((1 - a_i) + a_i dn_i/dx_i), computed by a second pass through
/// the weights of the blocks, next to the first pass.
/// </summary>
/// <remarks>
/// The forward direction costs two passes of the network. The inverse has no formula: it finds a monotone root for each
/// element, and each step of the search is a pass. If you compute densities more often than draws, use a spline
/// coupling (<see cref="Coupling"/> with a <see cref="SplineTransformer"/>) or <see cref="Autoregressive.OnOutputs"/>.
/// </remarks>
public sealed class BlockNeuralAutoregressive : Bijector
{
    private readonly int _size;
    private readonly Layer[] _layers;
    private readonly Tensor _share, _rest;

    /// <summary>
    /// Creates the map from the free parameters of the network. The map is differentiable in all of them.
    /// </summary>
    /// <param name="weights">The weights of each layer, [D * out, D * in]. in and out are the numbers of units of an
    /// element before and after the layer; in of the first layer and out of the last layer are 1. Within the block of
    /// an element these are logarithms of the weights. Entries above the blocks are ignored.</param>
    /// <param name="biases">The biases of each layer, [..., D * out]. Biases with batch axes condition the map on a
    /// data point.</param>
    /// <param name="gate">The gates, [..., D].</param>
    /// <exception cref="ArgumentException">There are fewer than two layers, the numbers of weights and biases differ,
    /// or the shape of a layer does not fit.</exception>
    public BlockNeuralAutoregressive(IReadOnlyList<Tensor> weights, IReadOnlyList<Tensor> biases, Tensor gate)
        : base(1)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(biases);
        ArgumentNullException.ThrowIfNull(gate);
        if (weights.Count < 2 || biases.Count != weights.Count)
        {
            throw new ArgumentException(
                "A block neural autoregressive map needs at least two layers and one bias for each.", nameof(weights));
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
                    $"{biases[i].Shape} does not fit {units} input units for each of {_size} elements.",
                    nameof(weights));
            }

            int outputs = shape[0] / _size;
            Tensor within = Blocks(outputs, units, (row, column) => row == column, weights[i].DType),
                before = Blocks(outputs, units, (row, column) => row > column, weights[i].DType);
            Tensor own = (weights[i] * within).Exp() * within;
            _layers[i] = new Layer(own + weights[i] * before, own, biases[i]);
            units = outputs;
        }

        // Each share is computed directly, so that neither is a difference from 1.
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
    /// Solves for the elements of x one after another. Given the elements before it, y_i increases in x_i. The result
    /// is NaN where a parameter or y is not finite, or where 1 - a_i underflows to 0 and no x gives y.
    /// </summary>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        Tensor zeros = y * 0;
        // If the biases differ between data points, each data point has its own x.
        foreach (Layer layer in _layers) zeros += layer.Bias.Slice(^1, 0, 1) * 0;
        Tensor target = y + zeros, share = _share + zeros, rest = _rest + zeros;
        // The bound is |n| <= |bias| + sum |weight|, because every hidden unit stays in [-1, 1]. Also (1 - a) x = y - a
        // n.
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

    /// <summary>
    /// n(x), and for each element the slope of n with respect to that element, [..., D]. The slope is a product through
    /// the same layers with only the blocks on the diagonal.
    /// </summary>
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

    /// <summary>The weights of a layer, the weights within the blocks of the elements, and the bias.</summary>
    private readonly record struct Layer(Tensor Weight, Tensor Own, Tensor Bias);
}
