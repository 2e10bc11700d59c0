using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks.Denoising;

/// <summary>
/// The embedding e of a noise level and a context: e = W2 a(W1 s + b1) + b2 + V [y, m]. s holds sines and cosines of
/// the level t in [0, 1] at F / 2 frequencies, sin(1000 t w_j) and cos(1000 t w_j) with w_j = 10000^(-j / (F/2 - 1))
/// (Vaswani et al. 2017; Ho, Jain and Abbeel 2020). y is the context, and m is 1 where the context is hidden.
/// </summary>
public sealed class LevelEmbedding : Module
{
    private const double Steps = 1000, LongestWave = 10_000, SmallestShown = 1e-30;

    private readonly Linear _first, _second;
    private readonly Linear? _context;
    private readonly Activation _activation;
    private readonly double[] _frequencies;
    private readonly bool _cosineFirst;

    /// <summary>An embedding of length <paramref name="width"/>.</summary>
    /// <param name="features">F, the number of sines and cosines; even.</param>
    /// <param name="width">The length of the embedding.</param>
    /// <param name="context">C, the length of the context; 0 for none.</param>
    /// <param name="activation">a, the nonlinearity.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="cosineFirst">Whether the cosines precede the sines.</param>
    /// <param name="endsAtLongestWave">Whether the last frequency is 1/10000, that is, j is divided by F/2 - 1.
    /// Otherwise j is divided by F/2, as diffusers does by default.</param>
    /// <exception cref="ArgumentException">The number of sines and cosines is odd or below 4.</exception>
    public LevelEmbedding(int features, int width, int context, Activation activation, Initializer initializer, Rng rng,
        DType dtype = DType.Float32, bool cosineFirst = false, bool endsAtLongestWave = true)
    {
        ArgumentNullException.ThrowIfNull(activation);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        if (features < 4 || features % 2 != 0)
        {
            throw new ArgumentException(
                $"A level is embedded by an even number of at least 4 sines and cosines, not {features}.",
                nameof(features));
        }

        int half = features / 2;
        double last = endsAtLongestWave ? half - 1 : half;
        _frequencies = [.. Enumerable.Range(0, half).Select(
            j => Steps * PortableMath.Exp(-PortableMath.Log(LongestWave) * j / last))];
        (_activation, _cosineFirst) = (activation, cosineFirst);
        _first = Child("first", new Linear(features, width, initializer, rng.Split("first"), dtype));
        _second = Child("second", new Linear(width, width, initializer, rng.Split("second"), dtype));
        _context = context == 0 ? null
            : Child("context", new Linear(context + 1, width, initializer, rng.Split("context"), dtype, bias: false));
    }

    /// <summary>The embedding, [N, width], of levels [N] and contexts [N, C]. A row of zeros, or null, hides the
    /// context.</summary>
    public Tensor Forward(Tensor level, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(level);
        using LayerName name = LayerName.Enter(Path);
        int count = level.Shape[0];
        // The angles reach 1000, where a Float32 has steps of 6e-5. So they are computed in Float64.
        Tensor angles = level.To(DType.Float64).Reshape([count, 1]) * Tensor.From(_frequencies, [_frequencies.Length]);
        Tensor features = (_cosineFirst ? Tensor.Concat(1, angles.Cos(), angles.Sin())
            : Tensor.Concat(1, angles.Sin(), angles.Cos())).To(_first.Weight.Value.DType);
        Tensor e = _second.Forward(_activation.Apply(_first.Forward(features)));
        return _context is null ? e : e + _context.Forward(Marked(context, count, e.DType));
    }

    /// <summary>The contexts with a mark for those that are hidden, [N, C + 1].</summary>
    private Tensor Marked(Tensor? context, int count, DType dtype)
    {
        int length = _context!.Weight.Shape[1] - 1;
        Tensor shown = context ?? Tensor.Zeros([count, length], dtype);
        return Tensor.Concat(1, shown, Tensor.Less(shown.Abs().Max(1, keepAxis: true), SmallestShown));
    }
}
