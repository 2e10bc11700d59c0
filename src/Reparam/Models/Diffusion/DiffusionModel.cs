using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// A diffusion model as a VAE with a chain of latents z_t = alpha_t x + sigma_t e (Sohl-Dickstein et al. 2015; Ho, Jain
/// and Abbeel 2020; Kingma, Salimans, Poole and Ho 2021). q is fixed: it adds noise. The generative model starts at
/// p(z_1) = N(0, I) and removes noise with a <see cref="Denoiser"/>. Its evidence lower bound has three parts:
/// -log p(x) &lt;= KL(q(z_1|x) || N(0, I)) + E[-log p(x|z_0)] + D.
/// </summary>
/// <remarks>
/// <para>
/// D is the KL of all steps. With T steps it is T/2 E[expm1(gamma_t - gamma_s) |e - e'|^2] over a step s &lt; t, with
/// the noise e and its prediction e'. In the limit of infinitely many steps it is 1/2 E[gamma'(t) |e - e'|^2] over a
/// time t in [0, 1] (equations 13 to 17 of Kingma et al.). A pass draws one time for each draw and datum, so D is an
/// unbiased estimate in nats (<see cref="InferencePass.KLParts"/>). The times of a pass are spread evenly: datum i
/// and draw k of K have the time u + (i K + k) / golden ratio modulo 1, with one uniform u.
/// </para>
/// <para>A code in the sense of <see cref="LatentVariableModel"/> is z_1, which has as many numbers as a datum. The
/// probability-flow equation maps it to data and back without noise.</para>
/// </remarks>
public sealed class DiffusionModel : LatentVariableModel
{
    // 2^64 divided by the golden ratio: multiples of the ratio modulo 1, without rounding.
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    private readonly Shape _event;
    private readonly int _size;

    /// <summary>Makes a model from its parts.</summary>
    /// <param name="eventShape">The shape of a datum.</param>
    /// <param name="denoiser">The denoiser.</param>
    /// <param name="schedule">The noise levels.</param>
    /// <param name="end">How data become the array that noise is added to, and back.</param>
    /// <param name="dtype">Element type of the noise; that of the denoiser's parameters.</param>
    public DiffusionModel(
        Shape eventShape, Denoiser denoiser, NoiseSchedule schedule, DiffusionEnd end, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(end);
        Denoiser = Child("denoiser", denoiser);
        Schedule = Child("schedule", schedule);
        (_event, _size, End, DType) = (eventShape, eventShape.Size, end, dtype);
        Prior = DiagonalNormal.Standard(_size, dtype);
    }

    /// <summary>The denoiser.</summary>
    public Denoiser Denoiser { get; }

    /// <summary>The noise levels.</summary>
    public NoiseSchedule Schedule { get; }

    /// <summary>How data become the array that noise is added to, and back.</summary>
    public DiffusionEnd End { get; }

    /// <summary>p(z_1) = N(0, I).</summary>
    public DiagonalNormal Prior { get; }

    /// <summary>T, the number of steps of the model that the bound belongs to; null for the limit of infinitely many
    /// steps. One denoiser serves every number of steps, so T may change after training.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? Steps
    {
        get;
        set => field = value is null or > 0 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A diffusion has at least one step.");
    }

    /// <summary>The weights of the noise levels in training; the bound's by default.</summary>
    public Weighting Weighting { get; init; } = Weighting.Bound;

    /// <summary>The probability that the context of a datum is hidden in training. The denoiser then also learns to do
    /// without, which guidance needs (Ho and Salimans 2022). 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double ContextDropout
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(value), value, "The probability that a context is hidden lies in [0, 1).");
    }

    /// <summary>How samples and reconstructions are computed. It may change after training.</summary>
    public DiffusionSampler Sampler { get; set; } = new DpmSolverSampler(50);

    /// <inheritdoc/>
    public override DiffusionModel Chain => this;

    /// <inheritdoc/>
    public override DType DType { get; }

    /// <inheritdoc/>
    public override int Context => Denoiser.Context;

    /// <inheritdoc/>
    public override Shape LatentShape => [_size];

    /// <inheritdoc/>
    public override int Units => 0;

    /// <inheritdoc/>
    public override LatentSpace Space => LatentSpace.Euclidean;

    /// <summary>False: the latents between z_0 and z_1 are not drawn, so a pass has no importance weights.</summary>
    public override bool DrawsAllLatents => false;

    /// <summary>16 times for each datum.</summary>
    public override int UsualSamples => 16;

    /// <inheritdoc/>
    public override string? Surrogate => Weighting.IsBound ? null
        : $"the noise levels are weighted by '{Weighting.Name}'";

    /// <summary>Empty: q adds noise and has no parameters.</summary>
    public override IReadOnlyList<Parameter> RecognitionParameters => [];

    /// <inheritdoc/>
    public override InferencePass Infer(
        Tensor x, Rng rng, int samples = 1, DiscreteDraw? discrete = null, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        RequireContext(context);
        int count = x.Shape[0];
        Tensor scaled = End.Scaled(x);
        Distribution likelihood;
        Tensor logLikelihood;
        using (LayerName.Enter("likelihood"))
        {
            // z_0 / alpha_0 = x + exp(gamma_0 / 2) e.
            Tensor noise = rng.Split("z0").Normal([samples, .. x.Shape], x.DType, sampleAxis: 1);
            double gamma = Schedule.First.Gamma;
            likelihood = Given(scaled + noise * PortableMath.Exp(gamma / 2));
            logLikelihood = likelihood.LogProb(x);
        }

        using (LayerName.Enter("diffusion"))
        {
            Tensor last = LastKL(scaled).BroadcastTo([samples, count]);
            return new InferencePass(logLikelihood, [])
            {
                Data = x,
                Reconstructed = likelihood,
                KLParts = [new KLPart("z1", last), Diffusion(scaled, rng, samples, count, context)],
            };
        }
    }

    /// <summary>KL(q(z_1|x) || N(0, I)) = 1/2 sum(alpha_1^2 x_i^2 + sigma_1^2 - 1 - log sigma_1^2), [B].</summary>
    private Tensor LastKL(Tensor scaled)
    {
        // sigma^2 - 1 - log sigma^2 = log(1 + exp(-gamma)) - alpha^2, without cancellation for a large gamma.
        double alpha = Schedule.Last.Alpha;
        double rest = PortableMath.LogP1(Schedule.Last.SignalToNoise) - alpha * alpha;
        return scaled.Square().SumFrom(1).Affine(0.5 * alpha * alpha, 0.5 * _size * rest);
    }

    /// <summary>
    /// The integrand of D in nats at one time for each datum, [B]: gamma'(t) |e - e'|^2 / 2, or its counterpart with T
    /// steps. Its mean over t in (0, 1] is D; its course over t shows at which noise levels the model pays.
    /// </summary>
    /// <param name="x">Data, [B] + event.</param>
    /// <param name="time">The times, [B], in Float64.</param>
    /// <param name="rng">Source of the noise, at the position of the first datum.</param>
    /// <param name="context">y, [B, C]; null for none.</param>
    public Tensor CostAt(Tensor x, Tensor time, Rng rng, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(rng);
        RequireContext(context);
        return Cost(End.Scaled(x), time, rng.Normal(x.Shape, x.DType), context, out _);
    }

    /// <summary>The KL of the steps of the diffusion, at one time for each draw and datum.</summary>
    private KLPart Diffusion(Tensor scaled, Rng rng, int samples, int count, Tensor? context)
    {
        int total = samples * count;
        Tensor time = Tensor.From(Times(rng, samples, count), [total]);
        Tensor noise = rng.Split("noise").Normal([samples, .. scaled.Shape], scaled.DType, sampleAxis: 1);
        Tensor data = scaled.BroadcastTo([samples, .. scaled.Shape]).Reshape([total, .. scaled.Shape[1..]]);
        if (context is not null && ContextDropout > 0 && Mode == ModuleMode.Training)
        {
            Tensor shown = rng.Split("context").Uniform([count, 1], context.DType);
            context *= Tensor.GreaterOrEqual(shown, ContextDropout);
        }

        Tensor? contexts = context?.BroadcastTo([samples, .. context.Shape]).Reshape([total, context.Shape[1]]);
        Tensor value = Cost(data, time, noise.Reshape(data.Shape), contexts, out Tensor loss);
        Shape both = [samples, count];
        Tensor shaped = value.Reshape(both);
        return new KLPart("diffusion", shaped, ReferenceEquals(loss, value) ? shaped : loss.Reshape(both));
    }

    /// <summary>The integrand for scaled data and noise e at times, [N], and what training pays for it.</summary>
    private Tensor Cost(Tensor data, Tensor time, Tensor e, Tensor? context, out Tensor loss)
    {
        Tensor gamma = Schedule.Gamma(time), slope = Schedule.Slope(time);
        Tensor weight = Steps is not { } steps ? slope * 0.5
            : (gamma - Schedule.Gamma(time - 1.0 / steps)).ExpM1() * (0.5 * steps);
        Shape each = [data.Shape[0], .. Enumerable.Repeat(1, data.Rank - 1)];
        Tensor alpha = (-gamma).Sigmoid().Sqrt().To(data.DType).Reshape(each);
        Tensor sigma = gamma.Sigmoid().Sqrt().To(data.DType).Reshape(each);
        Denoised denoised = Denoiser.Denoise(alpha * data + sigma * e, gamma, context);
        // |e - e'|^2 = alpha^2 |v - v'|^2 = alpha^2 / sigma^2 |x - x'|^2, so each prediction is compared in its own
        // terms.
        (Tensor target, Tensor factor) = denoised.Prediction switch
        {
            Prediction.Noise => (e, Tensor.Ones(gamma.Shape, gamma.DType)),
            Prediction.Data => (data, (-gamma).Exp()),
            _ => (alpha * e - sigma * data, (-gamma).Sigmoid()),
        };
        Tensor error = (target - denoised.Value).Square().SumFrom(1);
        Tensor value = error * (weight * factor).To(error.DType);
        bool isTraining = Mode == ModuleMode.Training;
        loss = Weighting.IsBound || !isTraining ? value
            : error * (weight * factor * Weighting.Of(gamma, slope)).To(error.DType);
        if (isTraining) Schedule.Observe(gamma, (error.To(DType.Float64) * factor * 0.5).Detach());
        return value;
    }

    /// <summary>The times of K draws of B data in (0, 1], or, with T steps, in {1/T, ..., 1}.</summary>
    private double[] Times(Rng rng, int samples, int count)
    {
        // One offset for all data of the step, wherever the batch begins.
        Rng times = rng.Split("times");
        ulong offset = times.At(0).NextUInt64(), first = (ulong)times.FirstSample;
        double[] result = new double[samples * count];
        for (int k = 0; k < samples; k++)
        {
            for (int i = 0; i < count; i++)
            {
                ulong place = offset + ((first + (ulong)i) * (ulong)samples + (ulong)k) * GoldenRatio;
                // In (0, 1], in steps of 2^-53.
                double t = ((place >> 11) + 1) * (1.0 / (1UL << 53));
                result[k * count + i] = Steps is { } steps ? Math.Ceiling(t * steps) / steps : t;
            }
        }

        return result;
    }

    /// <summary>p(x|z_0) for z_0 / alpha_0, [...] + event.</summary>
    private Independent Given(Tensor ratio) => new(End.Elements(ratio, Schedule.First.Gamma), _event.Rank);

    /// <summary>p(x|z_0), where z_0 is the end of the probability flow that starts at z_1 = <paramref name="z"/>. The
    /// map has no noise.</summary>
    /// <inheritdoc cref="LatentVariableModel.Likelihood" path="/param"/>
    public override Distribution Likelihood(Tensor z, Tensor? context = null) =>
        Generated(z, Sampler.IsDeterministic ? Sampler : new DpmSolverSampler(Sampler.Steps), null, context);

    /// <summary>p(x|z_0), where the sampler of the model makes z_0 from z_1 = <paramref name="z"/>.</summary>
    /// <inheritdoc cref="LatentVariableModel.Generated" path="/param"/>
    public override Distribution Generated(Tensor z, Rng rng, Tensor? context = null) =>
        Generated(z, Sampler, rng, context);

    /// <summary>p(x|z_0), where a sampler makes z_0 from z_1.</summary>
    /// <param name="z">z_1, [..., B, Z].</param>
    /// <param name="sampler">The sampler.</param>
    /// <param name="rng">Source of the sampler's noise, at the position of the first sample; null for a sampler without
    /// noise.</param>
    /// <param name="context">y, [B, C]; null for a model without.</param>
    public Distribution Generated(Tensor z, DiffusionSampler sampler, Rng? rng, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(z);
        ArgumentNullException.ThrowIfNull(sampler);
        RequireContext(context);
        if (sampler.Guidance != 1 && (Context == 0 || ContextDropout == 0))
        {
            throw new NotSupportedException(Context == 0
                ? "Guidance needs a model with a condition; leave the guidance out."
                : "Guidance needs a denoiser that also knows data without their context, and this one was trained " +
                    "with every context shown; train with a context dropout, such as 0.1.");
        }

        Shape leading = z.Shape[..^1];
        Tensor rows = z.Reshape([leading.Size, .. _event]);
        Tensor? contexts = context?.BroadcastTo(leading + [context.Shape[1]]).Reshape([leading.Size, context.Shape[1]]);
        Tensor ratio = sampler.Run(Denoiser, Schedule, rows, rng, contexts) / Schedule.First.Alpha;
        return Given(ratio.Reshape(leading + _event));
    }

    /// <summary>The code of x, [B, Z]: the end at t = 1 of the probability flow that starts at alpha_0 x.</summary>
    public override Tensor Encode(Tensor x, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireContext(context);
        Tensor z = End.Scaled(x) * Schedule.First.Alpha;
        return ProbabilityFlow.Run(Denoiser, Schedule, z, context, Sampler.Steps, forward: true)
            .Reshape([x.Shape[0], _size]);
    }

    /// <summary>The code of x, [B, Z]: the end at t = 1 of the probability flow that starts at a draw of
    /// q(z_0|x).</summary>
    public override Tensor Encode(Tensor x, Rng rng, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(rng);
        RequireContext(context);
        Tensor scaled = End.Scaled(x);
        Tensor z = scaled * Schedule.First.Alpha + rng.Normal(scaled.Shape, scaled.DType) * Schedule.First.Sigma;
        return ProbabilityFlow.Run(Denoiser, Schedule, z, context, Sampler.Steps, forward: true)
            .Reshape([x.Shape[0], _size]);
    }

    /// <inheritdoc/>
    public override Tensor SamplePrior(int count, Rng rng) => Prior.Sample(rng, [count]);

    private void RequireContext(Tensor? context)
    {
        if (Context == 0) RequireNoContext(context);
        else if (context is not null && (context.Rank != 2 || context.Shape[1] != Context))
        {
            throw new ArgumentException(
                $"The context must have shape [B, {Context}], got {context.Shape}.", nameof(context));
        }
    }
}
