using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// The probability-flow equation of a diffusion model (Song et al. 2021): the differential equation without noise whose
/// solutions have the densities of the diffusion at every level. In gamma it is dz/dgamma = sigma / 2 (e' - sigma z),
/// with the predicted noise e'. It maps data to codes and back, and gives an exact log-density of its own model.
/// </summary>
public static class ProbabilityFlow
{
    /// <summary>Solves the equation from one end of the schedule to the other.</summary>
    /// <param name="denoiser">The denoiser.</param>
    /// <param name="schedule">The noise levels.</param>
    /// <param name="z">The start, [N] + event: z_0 for the way to the noise, z_1 for the way to the data.</param>
    /// <param name="context">The context of each datum, [N, C]; null for none.</param>
    /// <param name="steps">The number of steps of equal length in the schedule's time.</param>
    /// <param name="forward">Whether the way leads from the data to the noise.</param>
    /// <param name="method">The method of a step.</param>
    public static Tensor Run(Denoiser denoiser, NoiseSchedule schedule, Tensor z, Tensor? context, int steps,
        bool forward, FlowMethod method = FlowMethod.RungeKutta4)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(z);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        NoiseLevel[] levels = DiffusionSampler.Levels(schedule, steps);
        if (forward) Array.Reverse(levels);
        for (int i = 0; i < steps; i++)
        {
            using var scope = new TensorScope();
            z = Step(Slope, z, levels[i].Gamma, levels[i + 1].Gamma, method).Keep();
        }

        return z;

        Tensor Slope(Tensor at, double gamma) =>
            Velocity(denoiser.Denoise(at, Tensor.Full([at.Shape[0]], gamma, DType.Float64), context), at, gamma);
    }

    /// <summary>
    /// log p(z_0) of the flow's own model, [N], in nats: the log-density N(z_1; 0, I) at the end of the flow, plus the
    /// integral over gamma of the divergence, sigma / 2 (tr de'/dz - sigma D). The trace is estimated without bias by
    /// v' (de'/dz) v with a vector v of random signs for each datum, the same along the whole path (Grathwohl et al.
    /// 2019); it is exact where de'/dz is diagonal. The result has no gradient.
    /// </summary>
    /// <remarks>The flow's model is another one than that of the evidence lower bound, although both use one
    /// denoiser.</remarks>
    /// <param name="denoiser">The denoiser.</param>
    /// <param name="schedule">The noise levels.</param>
    /// <param name="z">z_0, [N] + event.</param>
    /// <param name="rng">Source of the signs, at the position of the first datum.</param>
    /// <param name="context">The context of each datum, [N, C]; null for none.</param>
    /// <param name="steps">The number of steps, each with four calls of the denoiser and of its gradient.</param>
    /// <returns>The log-density, [N], and z_1.</returns>
    public static (Tensor LogDensity, Tensor Code) LogDensity(Denoiser denoiser, NoiseSchedule schedule, Tensor z,
        Rng rng, Tensor? context = null, int steps = 50)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(z);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        Tensor signs = (Tensor.GreaterOrEqual(rng.Uniform(z.Shape, z.DType), 0.5) * 2 - 1).Keep();
        int size = z.Shape[1..].Size;
        double[] integral = new double[z.Shape[0]];
        NoiseLevel[] levels = DiffusionSampler.Levels(schedule, steps);
        Array.Reverse(levels);
        for (int i = 0; i < steps; i++)
        {
            double from = levels[i].Gamma, width = levels[i + 1].Gamma - from;
            // The four stages of the classical method, for z and for the integral together.
            Tensor[] slopes = new Tensor[4];
            double[] share = [1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0], place = [0, 0.5, 0.5, 1];
            for (int stage = 0; stage < 4; stage++)
            {
                using var scope = new TensorScope();
                Tensor at = stage == 0 ? z : z + slopes[stage - 1] * (width * place[stage]);
                (slopes[stage], double[] divergence) = Divergence(at, from + width * place[stage]);
                for (int n = 0; n < integral.Length; n++) integral[n] += width * share[stage] * divergence[n];
            }

            using var sum = new TensorScope();
            z = (z + (slopes[0] + (slopes[1] + slopes[2]) * 2 + slopes[3]) * (width / 6)).Keep();
        }

        using (new TensorScope())
        {
            Tensor square = z.To(DType.Float64).Square().SumFrom(1);
            for (int n = 0; n < integral.Length; n++)
                integral[n] -= 0.5 * (square.At(n) + size * PortableMath.Log(2 * Math.PI));
        }

        return (Tensor.From(integral, [integral.Length]), z);

        // The slope at z, and v' (d slope / dz) v.
        (Tensor Slope, double[] Divergence) Divergence(Tensor at, double gamma)
        {
            using var tape = new GradientTape();
            var variable = new Parameter("z", at);
            Tensor level = Tensor.Full([at.Shape[0]], gamma, DType.Float64);
            Tensor slope = Velocity(denoiser.Denoise(variable.Value, level, context), variable.Value, gamma);
            Tensor product = tape.Gradients((slope * signs).Sum(), [variable])[0];
            Tensor divergence = (product * signs).To(DType.Float64).SumFrom(1);
            double[] values = new double[at.Shape[0]];
            for (int n = 0; n < values.Length; n++) values[n] = divergence.At(n);
            return (slope.Keep(), values);
        }
    }

    /// <summary>dz/dgamma at z.</summary>
    internal static Tensor Velocity(Denoised denoised, Tensor z, double gamma)
    {
        double sigma = new NoiseLevel(gamma).Sigma;
        return (denoised.Noise - z * sigma) * (sigma / 2);
    }

    /// <summary>A step of the equation with a slope function of z and gamma.</summary>
    internal static Tensor Step(
        Func<Tensor, double, Tensor> slope, Tensor z, double from, double to, FlowMethod method)
    {
        double width = to - from;
        Tensor first = slope(z, from);
        if (method == FlowMethod.Heun) return z + (first + slope(z + first * width, to)) * (width / 2);
        Tensor second = slope(z + first * (width / 2), from + width / 2);
        Tensor third = slope(z + second * (width / 2), from + width / 2);
        Tensor fourth = slope(z + third * width, to);
        return z + (first + (second + third) * 2 + fourth) * (width / 6);
    }
}
