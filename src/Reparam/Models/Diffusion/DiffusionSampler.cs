using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// A way from the noise z_1 to the data z_0 of a diffusion model, in N steps between the noise levels at the times
/// 1, 1 - 1/N, ..., 0. The levels are real numbers: no step is rounded or made twice. A sample depends on the seed and
/// on its number alone, not on the batch.
/// </summary>
public abstract class DiffusionSampler
{
    /// <summary>A sampler with <paramref name="steps"/> steps.</summary>
    protected DiffusionSampler(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        Steps = steps;
    }

    /// <summary>The name of the sampler in configurations.</summary>
    public abstract string Name { get; }

    /// <summary>N, the number of steps.</summary>
    public int Steps { get; }

    /// <summary>Calls of the denoiser for each step.</summary>
    public virtual int CallsPerStep => 1;

    /// <summary>Whether z_0 is a function of z_1, without further noise.</summary>
    public virtual bool IsDeterministic => true;

    /// <summary>
    /// The strength w of guidance by the context (Ho and Salimans 2022): the prediction is u + w (c - u), with the
    /// prediction c given the context and the prediction u without. 1, the default, is the conditional model, 0 the
    /// unconditional one; both make one call of the denoiser. Above 1 samples show the context more clearly and vary
    /// less. A guided denoiser belongs to no normalised model, so samples with another w have no likelihood. The model
    /// must have been trained with hidden contexts.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Guidance
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(value), value, "The strength of guidance is finite and not negative.");
    } = 1;

    /// <summary>Computes z_0 from z_1.</summary>
    /// <param name="denoiser">The denoiser.</param>
    /// <param name="schedule">The noise levels.</param>
    /// <param name="z">z_1, [N] + event.</param>
    /// <param name="rng">Source of further noise, at the position of the first sample; null for a sampler without
    /// noise.</param>
    /// <param name="context">The context of each sample, [N, C]; null for none.</param>
    /// <exception cref="ArgumentException">The sampler adds noise and gets no source of noise.</exception>
    public Tensor Run(Denoiser denoiser, NoiseSchedule schedule, Tensor z, Rng? rng, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(z);
        if (rng is null && !IsDeterministic)
        {
            throw new ArgumentException(
                $"The sampler '{Name}' adds noise, so it needs a source of noise.", nameof(rng));
        }

        NoiseLevel[] levels = Levels(schedule, Steps);
        Denoised Denoise(Tensor at, NoiseLevel level) => Guided(denoiser, at, level, context);
        Func<Tensor, int, Tensor> step = Start(Denoise, levels, rng);
        for (int i = 0; i < Steps; i++)
        {
            using var scope = new TensorScope();
            z = step(z, i).Keep();
        }

        return z;
    }

    /// <summary>Begins a path: returns the function that takes step i from the noisier level i to level i +
    /// 1.</summary>
    /// <param name="denoise">The denoiser at noisy data and a level.</param>
    /// <param name="levels">The N + 1 noise levels, the noisiest first.</param>
    /// <param name="rng">Source of noise at the position of the first sample; null for a sampler without noise.</param>
    protected abstract Func<Tensor, int, Tensor> Start(
        Func<Tensor, NoiseLevel, Denoised> denoise, IReadOnlyList<NoiseLevel> levels, Rng? rng);

    /// <summary>The noise levels at the times 1, 1 - 1/N, ..., 0.</summary>
    internal static NoiseLevel[] Levels(NoiseSchedule schedule, int steps) =>
    [
        schedule.Last, .. Enumerable.Range(1, steps - 1).Select(i => schedule.At(1 - i / (double)steps)),
        schedule.First,
    ];

    private Denoised Guided(Denoiser denoiser, Tensor z, NoiseLevel level, Tensor? context)
    {
        Tensor gamma = Tensor.Full([z.Shape[0]], level.Gamma, DType.Float64);
        if (context is null || Guidance == 0) return denoiser.Denoise(z, gamma);
        Denoised given = denoiser.Denoise(z, gamma, context);
        if (Guidance == 1) return given;
        Denoised free = denoiser.Denoise(z, gamma);
        // The three predictions are affine in each other at one z, so any of them may be mixed.
        return given with { Value = free.Value + (given.Value - free.Value) * Guidance };
    }
}
