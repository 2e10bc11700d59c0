using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>The three views of a denoiser's answer at noisy data z (<see cref="Prediction"/>), each [N] + event. They
/// are computed when they are read.</summary>
/// <param name="Prediction">What <paramref name="Value"/> stands for.</param>
/// <param name="Value">The predicted noise, data or velocity.</param>
/// <param name="Z">The noisy data.</param>
/// <param name="Alpha">alpha of each datum, [N, 1, ...].</param>
/// <param name="Sigma">sigma of each datum, [N, 1, ...].</param>
public sealed record Denoised(Prediction Prediction, Tensor Value, Tensor Z, Tensor Alpha, Tensor Sigma)
{
    /// <summary>The predicted data x.</summary>
    public Tensor Data => Prediction switch
    {
        Prediction.Data => Value,
        Prediction.Noise => (Z - Sigma * Value) / Alpha,
        _ => Alpha * Z - Sigma * Value,
    };

    /// <summary>The predicted noise e.</summary>
    public Tensor Noise => Prediction switch
    {
        Prediction.Noise => Value,
        Prediction.Data => (Z - Alpha * Value) / Sigma,
        _ => Sigma * Z + Alpha * Value,
    };
}
