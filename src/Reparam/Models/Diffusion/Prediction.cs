namespace Reparam.Models.Diffusion;

/// <summary>
/// What the output of the network stands for, given z = alpha x + sigma e. All predictions describe one denoiser:
/// x = alpha z - sigma v, e = sigma z + alpha v. The bound is the same number for each of them; training differs.
/// </summary>
public enum Prediction
{
    /// <summary>v = alpha e - sigma x (Salimans and Ho 2022). It has an error of one size at all levels.</summary>
    Velocity,

    /// <summary>The noise e. The network's output is added to z, so that an untrained network predicts e = z (Kingma et
    /// al. 2021).</summary>
    Noise,

    /// <summary>The data x. For data of zeros and ones (that is, x = -1 or 1) the output o gives
    /// x = tanh(o + alpha z / sigma^2), which is optimal with o = 0 for independent fair bits.</summary>
    Data,
}
