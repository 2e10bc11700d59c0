using Reparam.Models;
using Reparam.Models.Diffusion;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Models.Diffusion;

/// <summary>Diffusion models whose optimal denoiser is known, so that bounds, samplers and densities have exact
/// values.</summary>
public sealed class DiffusionOracleTests
{
    private const double First = -13.3, Last = 5;

    private static readonly NoiseSchedule[] s_schedules =
        [new LinearSchedule(First, Last), new CosineSchedule(First, Last), new GeometricSchedule(First, Last)];

    public static TheoryData<int> Schedules => [0, 1, 2];

    // The published values of the closed form at gamma from -13.3 to 5: the diffusion term, the prior term, and the
    // distance of the bound from the entropy.
    [Theory]
    [InlineData(1, 6.646643163, .003357674, 8.37e-7)]
    [InlineData(.25, 5.956014634, .000847855, 9.669e-6)]
    [InlineData(4, 7.329849897, .013396951, 9.9667e-5)]
    public void Bound_of_normal_data_is_exact(double variance, double diffusion, double prior, double gap)
    {
        // The denoiser's error is v SNR / (1 + v SNR), so the integral over the time needs no data.
        double entropy = 0.5 * Math.Log(2 * Math.PI * Math.E * variance);
        double reconstruction = 0.5 * Math.Log(2 * Math.PI * Math.E) + 0.5 * First;
        foreach (NoiseSchedule schedule in s_schedules)
        {
            double integral = Integral(schedule, variance);
            Close.Require(diffusion, integral, 1e-9 / diffusion);
            Assert.InRange(integral + prior + reconstruction - entropy - gap, -2e-9, 2e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Passes_estimate_the_exact_bound(int index)
    {
        const double Variance = 0.25;
        const int Size = 100, Count = 500;
        NoiseSchedule schedule = s_schedules[index];
        DiffusionModel model = Normal(Size, Variance, schedule);
        Tensor x = new Rng(3).Normal([Count, Size], DType.Float64) * Math.Sqrt(Variance);
        (double diffusion, double prior, double reconstruction) = Parts(model, x, passes: 1, samples: 16);
        using var scope = new TensorScope();
        ObjectiveValue value = new Elbo().Evaluate(model.Infer(x.Slice(0, 0, 50), new Rng(4).At(0)), 0);
        // 50,000 values of x and 800,000 of the noise. The error of the diffusion term has the relative deviation
        // sqrt(2 / 800,000) = 0.0016; the evenly spread times add less. 5 deviations. The cosine schedule is steep at
        // the data: a sixth of the term lies in t < 0.002, where 16 of the 8,000 times fall.
        Close.Require(5.956014634, diffusion, schedule is CosineSchedule ? 0.05 : 0.008);
        // x^2 has the relative deviation sqrt(2 / 50,000) = 0.0063, and the prior term is linear in it.
        Close.Require(.000847855, prior, 0.05);
        Assert.InRange(reconstruction - (-5.231061467), -0.005, 0.005);
        InferencePass few = model.Infer(x.Slice(0, 0, 50), new Rng(4).At(0));
        Close.Require(few.KLParts.Sum(p => p.Value.Mean().Item()), value.KL.Item(), 1e-12);
        Close.Require(-value.Bound.Item(), value.Loss.Item(), 1e-12);
    }

    [Theory]
    [InlineData(10, 11.061209)]
    [InlineData(100, .597150)]
    [InlineData(250, .230452)]
    [InlineData(1000, .056603)]
    [InlineData(10000, .005631)]
    public void Finite_steps_cost_the_known_excess(int steps, double excess)
    {
        // L_T = 1/2 sum (SNR_s - SNR_t) v / (1 + v SNR_t) at v = 1.
        NoiseLevel[] levels = DiffusionSampler.Levels(new LinearSchedule(First, Last), steps);
        double bound = 0;
        for (int i = 0; i < steps; i++)
        {
            double noisier = levels[i].SignalToNoise, cleaner = levels[i + 1].SignalToNoise;
            bound += 0.5 * (cleaner - noisier) / (1 + noisier);
        }

        Assert.InRange(bound - 6.646643163 - excess, -1e-6, 1e-6);

        // The model's estimate of the same number.
        const int Size = 200, Count = 1000;
        DiffusionModel model = Normal(Size, 1, new LinearSchedule(First, Last), steps);
        Tensor x = new Rng(5).Normal([Count, Size], DType.Float64);
        Close.Require(bound, Parts(model, x, passes: 4).Diffusion, 0.01);
    }

    [Theory]
    [InlineData(-1, .563482787, .126306720)]
    [InlineData(-3, .689778454, .000011053)]
    public void Fair_bit_costs_a_bit(double first, double diffusion, double reconstruction)
    {
        // x = +-1 with probability 1/2, and the denoiser tanh(alpha z / sigma^2): the parts add up to log 2 at every
        // gamma_0.
        const double Prior = .003357674;
        Assert.InRange(diffusion + reconstruction + Prior - Math.Log(2), -2e-9, 2e-9);
        const int Size = 400, Count = 500;
        var model = new DiffusionModel([Size], new Signs(), new LinearSchedule(first, Last), DiffusionEnd.Binary,
            DType.Float64);
        Tensor x = Tensor.GreaterOrEqual(new Rng(7).Uniform([Count, Size], DType.Float64), 0.5);
        (double estimate, double prior, double read) = Parts(model, x, passes: 8);
        // 1.6 million draws. The relative deviation of the squared error of one draw is about 2.
        Close.Require(diffusion, estimate, 0.01);
        // A wrong bit is rare at gamma_0 = -3 but costs much; its deviation over the draws is about 0.002 / 1265.
        Assert.InRange(read - reconstruction, -1e-3 * Math.Exp(first + 1), 1e-3 * Math.Exp(first + 1));
        Close.Require(Prior, prior, 1e-6);
    }

    [Theory]
    [InlineData(-13.3, .007246)]
    [InlineData(-12, .4183 * 0.69314718)]
    public void Grey_levels_are_read_at_the_known_cost(double first, double nats)
    {
        // Level 100 of 256 is an inner level.
        const int Size = 1000, Count = 40;
        var model = new DiffusionModel([Size], new GaussianDenoiser(Tensor.Zeros([1], DType.Float64),
            Tensor.Ones([1], DType.Float64)), new LinearSchedule(first, Last), DiffusionEnd.Levels, DType.Float64);
        double read = Parts(
            model, Tensor.Full([Count, Size], 100 / 255.0, DType.Float64), passes: 10).Reconstruction;
        // 400,000 draws; the deviation of one is below 10 times its mean, so 3 % are more than 2 deviations.
        Close.Require(nats, read, 0.04);
    }

    // Variances after 10, 50, 250 and 1000 steps at v = 1/4 from N(0, 1) at gamma 5 to -13.3.
    [Theory]
    [InlineData(10, .159103672, .114599194)]
    [InlineData(50, .229327767, .209359552)]
    [InlineData(250, .246713838, .241072650)]
    [InlineData(1000, .250117534, .247729777)]
    public void Samplers_have_the_known_variances(int steps, double ddim, double ancestral)
    {
        const double Variance = 0.25;
        DiffusionModel model = Normal(1, Variance, new LinearSchedule(First, Last));
        Tensor one = Tensor.Ones([1, 1], DType.Float64);
        // DDIM is linear in z_1, so its factor is its value at 1.
        double factor = new DdimSampler(steps).Run(model.Denoiser, model.Schedule, one, null).At(0);
        Close.Require(ddim, factor * factor, 1e-7);
        // The ancestral sampler is linear in z_1 and in each step's noise; the variances follow from its factors.
        NoiseLevel[] levels = DiffusionSampler.Levels(model.Schedule, steps);
        double variance = 1;
        for (int i = 0; i < steps; i++)
        {
            var pair = new LinearSchedule(levels[i + 1].Gamma, levels[i].Gamma);
            double keep = new AncestralSampler(1).Run(model.Denoiser, pair, one, new Rng(1)).At(0)
                - new AncestralSampler(1).Run(model.Denoiser, pair, one * 0, new Rng(1)).At(0);
            double c = levels[i + 1].NewShare(levels[i]);
            double added = levels[i + 1].Sigma * Math.Sqrt(c);
            variance = variance * keep * keep + added * added;
        }

        Close.Require(ancestral, variance, 1e-7);
    }

    [Fact]
    public void Ancestral_sampling_adds_the_noise_of_its_formula()
    {
        DiffusionModel model = Normal(1, 0.25, new LinearSchedule(First, Last));
        Tensor z = Tensor.Zeros([20000, 1], DType.Float64);
        double[] drawn = new AncestralSampler(1).Run(model.Denoiser, model.Schedule, z, new Rng(2)).Doubles();
        (NoiseLevel s, NoiseLevel t) = (model.Schedule.First, model.Schedule.Last);
        // Relative deviation of a variance of 20,000 draws: 0.01.
        Close.Require(s.Sigma * s.Sigma * s.NewShare(t), drawn.Select(d => d * d).Average(), 0.05);
    }

    [Fact]
    public void Solvers_have_their_order()
    {
        // The exact flow multiplies z by sqrt(m_0 / m_1), with m = alpha^2 v + sigma^2.
        const double Exact = .501260913;
        DiffusionModel model = Normal(1, 0.25, new LinearSchedule(First, Last));
        Tensor one = Tensor.Ones([1, 1], DType.Float64);
        double Error(DiffusionSampler sampler) =>
            sampler.Run(model.Denoiser, model.Schedule, one, null).At(0) - Exact;
        Close.Require(-5.3e-5, Error(new FlowSampler(10, FlowMethod.RungeKutta4)), 0.02);
        Close.Require(-5.2e-8, Error(new FlowSampler(40, FlowMethod.RungeKutta4)), 0.02);
        Close.Require(1.05e-4, Error(new FlowSampler(20)), 0.01);
        Close.Require(4.1e-5, Error(new FlowSampler(80)), 0.02);
        Close.Require(1.15e-5, Error(new FlowSampler(160)), 0.01);
        Close.Require(6.0e-3, Error(new DpmSolverSampler(20)), 0.02);
        Close.Require(1.6e-3, Error(new DpmSolverSampler(40)), 0.04);
        Close.Require(4.05e-4, Error(new DpmSolverSampler(80)), 0.01);
        Close.Require(1.02e-4, Error(new DpmSolverSampler(160)), 0.01);
    }

    [Fact]
    public void Noise_of_ddim_is_that_of_its_eta()
    {
        DiffusionModel model = Normal(3, 0.25, new LinearSchedule(First, Last));
        Tensor z = new Rng(1).Normal([5, 3], DType.Float64);
        Tensor Run(DiffusionSampler sampler, ulong seed) =>
            sampler.Run(model.Denoiser, model.Schedule, z, new Rng(seed));
        Assert.Equal(Run(new DdimSampler(20), 1).Doubles(), Run(new DdimSampler(20), 2).Doubles());
        Close.Require(Run(new AncestralSampler(20), 3).Doubles(), Run(new DdimSampler(20, 1), 3).Doubles(), 1e-9);
        // The way to the noise and back with the same step sizes, by a solver of order 4.
        Tensor back = ProbabilityFlow.Run(model.Denoiser, model.Schedule, z, null, 40, forward: false);
        Tensor there = ProbabilityFlow.Run(model.Denoiser, model.Schedule, back, null, 40, forward: true);
        Close.Require(z.Doubles(), there.Doubles(), 1e-6);
    }

    [Fact]
    public void Flow_density_of_normal_data_is_exact()
    {
        DiffusionModel model = Normal(4, 0.25, new LinearSchedule(First, Last));
        Tensor z = new Rng(11).Normal([6, 4], DType.Float64) * 0.5;
        (Tensor log, _) = ProbabilityFlow.LogDensity(model.Denoiser, model.Schedule, z, new Rng(12), steps: 60);
        // The flow from N(0, 1) has the variance m_0 / m_1 at gamma_0.
        double variance = .251262503;
        double[] expected = [.. Enumerable.Range(0, 6).Select(n => Enumerable.Range(0, 4).Sum(i =>
            -0.5 * (z.At(n * 4 + i) * z.At(n * 4 + i) / variance + Math.Log(2 * Math.PI * variance))))];
        Close.Require(expected, log.Doubles(), 2e-7);
    }

    [Fact]
    public void Samplers_return_known_points()
    {
        Tensor points = new Rng(13).Normal([5, 3], DType.Float64) * 2;
        var denoiser = new PointsDenoiser(points);
        var schedule = new LinearSchedule(-13.3, 8);
        Tensor z = new Rng(14).Normal([200, 3], DType.Float64);
        foreach (DiffusionSampler sampler in (DiffusionSampler[])[new AncestralSampler(100), new DdimSampler(100),
            new DpmSolverSampler(100), new FlowSampler(100), new FlowSampler(50, FlowMethod.RungeKutta4)])
        {
            double[] made = (sampler.Run(denoiser, schedule, z, new Rng(15)) / schedule.First.Alpha).Doubles();
            int[] hits = new int[5];
            for (int n = 0; n < 200; n++)
            {
                (double distance, int nearest) = Enumerable.Range(0, 5).Select(p => (Enumerable.Range(0, 3).Max(
                    i => Math.Abs(made[n * 3 + i] - points.At(p * 3 + i))), p)).Min();
                // The noise left at gamma_0 has the deviation 0.0013.
                Assert.InRange(distance, 0, 0.02);
                hits[nearest]++;
            }

            Assert.All(hits, h => Assert.InRange(h, 10, 90));
        }
    }

    /// <summary>1/2 of the integral of gamma' v SNR / (1 + v SNR) over t = 3 s^2 - 2 s^3, which has more nodes at the
    /// ends, where the cosine schedule is steep.</summary>
    private static double Integral(NoiseSchedule schedule, double variance)
    {
        const int Parts = 5000;
        // Three nodes of Gauss-Legendre on [0, 1].
        (double Node, double Weight)[] rule =
            [(0.5 - Math.Sqrt(0.15), 5 / 18.0), (0.5, 8 / 18.0), (0.5 + Math.Sqrt(0.15), 5 / 18.0)];
        double[] places = [.. Enumerable.Range(0, Parts).SelectMany(p => rule.Select(r => (p + r.Node) / Parts))];
        using var scope = new TensorScope();
        Tensor t = Tensor.From([.. places.Select(s => s * s * (3 - 2 * s))], [places.Length]);
        double[] gamma = schedule.Gamma(t).Doubles(), slope = schedule.Slope(t).Doubles();
        double total = 0;
        for (int i = 0; i < places.Length; i++)
        {
            double u = variance * Math.Exp(-gamma[i]), stretch = 6 * places[i] * (1 - places[i]);
            total += rule[i % 3].Weight / Parts * stretch * 0.5 * slope[i] * u / (1 + u);
        }

        return total;
    }

    /// <summary>The parts of the bound for each element, means over some passes. Each pass frees its memory.</summary>
    private static (double Diffusion, double Prior, double Reconstruction) Parts(
        DiffusionModel model, Tensor x, int passes, int samples = 1)
    {
        double diffusion = 0, prior = 0, reconstruction = 0, share = 1.0 / passes / x.Shape[1];
        for (int i = 0; i < passes; i++)
        {
            using var scope = new TensorScope();
            InferencePass pass = model.Infer(x, new Rng(8).At(i), samples);
            diffusion += pass.KLParts[1].Value.Mean().Item() * share;
            prior += pass.KLParts[0].Value.Mean().Item() * share;
            reconstruction -= pass.LogLikelihood.Mean().Item() * share;
        }

        return (diffusion, prior, reconstruction);
    }

    private static DiffusionModel Normal(int size, double variance, NoiseSchedule schedule, int? steps = null) => new(
        [size], new GaussianDenoiser(Tensor.Zeros([1], DType.Float64), Tensor.Full([1], variance, DType.Float64)),
        schedule, DiffusionEnd.Real, DType.Float64)
    {
        Steps = steps,
    };

    /// <summary>The optimal denoiser of independent fair bits.</summary>
    private sealed class Signs : Denoiser
    {
        public override Prediction Prediction => Prediction.Data;

        protected override Tensor Predict(
            Tensor z, Tensor gamma, Tensor alpha, Tensor sigma, Tensor? context) =>
            (z * alpha / sigma.Square()).Tanh();
    }
}
