using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// How the training of a diffusion model weights the noise levels: the loss is
/// 1/2 E[w(gamma) gamma'(t) |e - e'|^2] over times t and noise e with its prediction e'. w = 1 is the bound. Other
/// weightings trade likelihood for the look of samples (Kingma and Gao 2023); their loss is no bound. Evaluation always
/// reports the bound.
/// </summary>
public sealed class Weighting
{
    private readonly Func<Tensor, Tensor, Tensor> _weight;

    private Weighting(string name, Func<Tensor, Tensor, Tensor> weight) => (Name, _weight) = (name, weight);

    /// <summary>The name of the weighting in configurations.</summary>
    public string Name { get; }

    /// <summary>w = 1: the loss is the evidence lower bound.</summary>
    public static Weighting Bound { get; } = new("bound", (gamma, _) => Tensor.Ones(gamma.Shape, gamma.DType));

    /// <summary>w = 1 / gamma'(t): every time counts the noise's error alike (L_simple of Ho, Jain and Abbeel
    /// 2020).</summary>
    public static Weighting Simple { get; } = new("simple", (_, slope) => 1 / slope);

    /// <summary>w = min(SNR, 5) / (SNR gamma'(t)): levels with little noise count less (Hang et al. 2023, with their
    /// 5).</summary>
    public static Weighting MinSnr { get; } = new(
        "min-snr", (gamma, slope) => (gamma + PortableMath.Log(5)).Clamp(double.NegativeInfinity, 0).Exp() / slope);

    /// <summary>w = sigmoid(gamma + 2), which increases with the noise. The loss is then a mean of bounds on noisy data
    /// (Kingma and Gao 2023).</summary>
    public static Weighting Sigmoid { get; } = new("sigmoid", (gamma, _) => (gamma + 2).Sigmoid());

    /// <summary>All weightings.</summary>
    public static IReadOnlyList<Weighting> All { get; } = [Bound, Simple, MinSnr, Sigmoid];

    /// <summary>Whether the loss is the evidence lower bound.</summary>
    public bool IsBound => this == Bound;

    /// <summary>w for levels and slopes [N] in Float64.</summary>
    public Tensor Of(Tensor gamma, Tensor slope) => _weight(gamma, slope);
}
