using Reparam.Models;
using Reparam.Models.Diffusion;
using Reparam.Networks;
using Reparam.Networks.Denoising;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Models.Diffusion;

/// <summary>What holds for a diffusion model of any network: identities, gradients, independence of batches, and what
/// is refused.</summary>
public sealed class DiffusionModelTests
{
    private static readonly Tensor X = Tensor.GreaterOrEqual(new Rng(1).Uniform([6, 4, 4], DType.Float64), 0.5).Keep();

    public static TheoryData<Prediction> Predictions => [.. Enum.GetValues<Prediction>()];

    [Theory]
    [MemberData(nameof(Predictions))]
    public void Views_of_a_prediction_agree(Prediction prediction)
    {
        DiffusionModel model = Make(prediction);
        Tensor z = new Rng(2).Normal([6, 4, 4], DType.Float64);
        foreach (double gamma in (double[])[-4, 0, 8])
        {
            Tensor level = Tensor.Full([6], gamma, DType.Float64);
            Denoised d = model.Denoiser.Denoise(z, level);
            // z = alpha x + sigma e for every prediction.
            Close.Require(z.Doubles(), (d.Alpha * d.Data + d.Sigma * d.Noise).Doubles(), 1e-12);
        }
    }

    [Fact]
    public void Loss_of_an_untrained_network_is_known()
    {
        // The output is 0: e' = z, so |e - e'|^2 = |(1 - sigma) e - alpha x|^2; v' = 0 gives x' = alpha z.
        foreach (Prediction prediction in (Prediction[])[Prediction.Noise, Prediction.Velocity])
        {
            DiffusionModel model = Make(prediction, trained: false);
            using var scope = new TensorScope();
            double value = model.Infer(X, new Rng(3).At(0), samples: 2000).KLParts[1].Value.Mean().Item();
            double expected = 0;
            const int Parts = 4000;
            for (int i = 0; i < Parts; i++)
            {
                var level = new NoiseLevel(-4 + 12 * (i + 0.5) / Parts);
                double error = prediction == Prediction.Noise
                    ? Math.Pow(1 - level.Sigma, 2) + level.Alpha * level.Alpha : level.Alpha * level.Alpha;
                expected += 0.5 * 12 / Parts * 16 * error;
            }

            // 12,000 passes of 16 elements; the evenly spread times leave the noise alone.
            Close.Require(expected, value, 0.01);
        }
    }

    [Fact]
    public void Weightings_change_the_loss_in_training_alone()
    {
        double[] Values(Weighting weighting, ModuleMode mode)
        {
            DiffusionModel model = Make(Prediction.Velocity, weighting: weighting);
            model.SetMode(mode);
            using var scope = new TensorScope();
            KLPart part = model.Infer(X, new Rng(3).At(0)).KLParts[1];
            return [.. part.Value.Doubles(), .. part.Loss.Doubles()];
        }

        double[] bound = Values(Weighting.Bound, ModuleMode.Training);
        foreach (Weighting weighting in Weighting.All)
        {
            Assert.Equal(bound, Values(weighting, ModuleMode.Evaluation));
            double[] trained = Values(weighting, ModuleMode.Training);
            Assert.Equal(bound[..6], trained[..6]);
            if (!weighting.IsBound) Assert.NotEqual(bound[6..], trained[6..]);
        }

        // By hand at gamma = 1 and gamma' = 12: min(SNR, 5) / SNR = 1 at little signal; 5 e^gamma at much.
        Tensor gamma = Tensor.From([1.0, -3], [2]), slope = Tensor.From([12.0, 12], [2]);
        Close.Require([1 / 12.0, 5 * Math.Exp(-3) / 12], Weighting.MinSnr.Of(gamma, slope).Doubles(), 1e-14);
        Close.Require([1 / 12.0, 1 / 12.0], Weighting.Simple.Of(gamma, slope).Doubles(), 1e-14);
        Close.Require([1 / (1 + Math.Exp(-3)), 1 / (1 + Math.Exp(1))],
            Weighting.Sigmoid.Of(gamma, slope).Doubles(), 1e-14);
    }

    [Fact]
    public void Gradients_are_those_of_the_loss()
    {
        DiffusionModel model = Make(Prediction.Data);
        double Loss() => new Elbo().Evaluate(model.Infer(X, new Rng(3).At(5)), 0).Loss.Item();
        double[][] analytic;
        using (var tape = new GradientTape())
        {
            Tensor loss = new Elbo().Evaluate(model.Infer(X, new Rng(3).At(5)), 0).Loss;
            Gradients gradients = tape.Gradients(loss, model.Parameters);
            analytic = [.. Enumerable.Range(0, gradients.Count).Select(i => gradients[i].Doubles())];
        }

        const double Step = 1e-6;
        for (int i = 0; i < model.Parameters.Count; i++)
        {
            // The first element of every parameter.
            Parameter p = model.Parameters[i];
            double[] values = p.Value.Doubles();
            double Moved(double by)
            {
                p.Assign(Tensor.From([values[0] + by, .. values[1..]], p.Shape));
                using var scope = new TensorScope();
                return Loss();
            }

            double numeric = (Moved(Step) - Moved(-Step)) / (2 * Step);
            p.Assign(Tensor.From(values, p.Shape));
            // A loss of about 100 has the rounding 1e-14, so a difference quotient has the error 1e-8 of the loss.
            Assert.True(Math.Abs(numeric - analytic[i][0]) <= 1e-5 * (1 + Math.Abs(numeric)),
                $"{p.Name}: {analytic[i][0]} and {numeric}");
        }
    }

    [Fact]
    public void Results_of_a_datum_do_not_depend_on_its_batch()
    {
        DiffusionModel model = Make(Prediction.Velocity);
        using var scope = new TensorScope();
        Rng rng = new(5);
        InferencePass whole = model.Infer(X, rng.At(3), samples: 2), part = model.Infer(
            X.Slice(0, 4, 2), rng.At(3, 4), samples: 2);
        for (int k = 0; k < 2; k++)
        {
            for (int i = 0; i < 2; i++)
            {
                Assert.Equal(whole.LogLikelihood.At(k * 6 + 4 + i), part.LogLikelihood.At(k * 2 + i));
                // Products of other heights round differently in the last bits of a Float64.
                Close.Require(whole.KLParts[1].Value.At(k * 6 + 4 + i), part.KLParts[1].Value.At(k * 2 + i), 1e-12);
            }
        }

        foreach (DiffusionSampler sampler in (DiffusionSampler[])[new AncestralSampler(5), new DdimSampler(5, 0.5)])
        {
            Tensor z = new Rng(6).Normal([6, 16], DType.Float64);
            double[] all = model.Generated(z, sampler, rng.At(0)).Mean.Doubles();
            double[] last = model.Generated(z.Slice(0, 4, 2), sampler, rng.At(0, 4)).Mean.Doubles();
            Close.Require(all.AsSpan(^32..), last, 1e-10);
        }
    }

    [Fact]
    public void Steps_are_as_many_calls_at_as_many_levels()
    {
        foreach (int steps in (int[])[1, 2, 3, 9, 27, 100, 1000])
        {
            NoiseLevel[] levels = DiffusionSampler.Levels(new CosineSchedule(-4, 8), steps);
            Assert.Equal(steps + 1, levels.Length);
            Assert.Equal((8.0, -4.0), (levels[0].Gamma, levels[^1].Gamma));
            Assert.Equal(levels.OrderByDescending(l => l.Gamma).Distinct(), levels);
        }

        foreach (DiffusionSampler sampler in (DiffusionSampler[])[new AncestralSampler(7), new DdimSampler(7),
            new DpmSolverSampler(7), new FlowSampler(7), new FlowSampler(7, FlowMethod.RungeKutta4)])
        {
            var counted = new Counted();
            sampler.Run(counted, new LinearSchedule(-4, 8), Tensor.Zeros([2, 3], DType.Float64), new Rng(1));
            Assert.Equal(7 * sampler.CallsPerStep, counted.Calls);
        }
    }

    [Fact]
    public void Guidance_of_0_and_1_makes_one_call_and_2_extrapolates()
    {
        Tensor z = new Rng(6).Normal([2, 3], DType.Float64), context = Tensor.Ones([2, 1], DType.Float64);
        Tensor Run(double guidance, bool given, out int calls)
        {
            var counted = new Counted();
            Tensor result = new DdimSampler(1) { Guidance = guidance }.Run(
                counted, new LinearSchedule(-4, 8), z, null, given ? context : null);
            calls = counted.Calls;
            return result;
        }

        double[] with = Run(1, true, out int one).Doubles(), without = Run(0, true, out int zero).Doubles();
        Assert.Equal((1, 1), (one, zero));
        Assert.Equal(without, Run(1, false, out _).Doubles());
        Assert.NotEqual(with, without);
        double[] twice = Run(2, true, out int two).Doubles();
        Assert.Equal(2, two);
        Close.Require([.. with.Zip(without, (c, u) => u + 2 * (c - u))], twice, 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DdimSampler(1) { Guidance = double.NaN });
    }

    [Fact]
    public void Data_come_back_from_their_codes()
    {
        DiffusionModel model = Make(Prediction.Velocity, sampler: new FlowSampler(100, FlowMethod.RungeKutta4));
        Tensor code = model.Encode(X);
        Assert.Equal([6, 16], code.Shape);
        Close.Require(X.Doubles(), model.Likelihood(code).Mean.Doubles(), 1e-6);
    }

    [Fact]
    public void Learned_schedule_lowers_the_variance_and_keeps_the_mean()
    {
        var schedule = new LearnedSchedule(-13.3, 5);
        var denoiser = new GaussianDenoiser(Tensor.Zeros([1], DType.Float64), Tensor.Ones([1], DType.Float64));
        var model = new DiffusionModel([50], denoiser, schedule, DiffusionEnd.Real, DType.Float64);
        Tensor x = new Rng(1).Normal([500, 50], DType.Float64);
        (double Mean, double Variance) Measure()
        {
            model.SetMode(ModuleMode.Evaluation);
            using var scope = new TensorScope();
            double[] values = model.Infer(x, new Rng(2).At(0), samples: 8).KLParts[1].Value.Doubles();
            double mean = values.Average();
            return (mean, values.Average(v => (v - mean) * (v - mean)));
        }

        Assert.Equal((-13.3, 5.0), (schedule.At(0).Gamma, schedule.At(1).Gamma));
        (double before, double spread) = Measure();
        for (int step = 0; step < 20; step++)
        {
            model.SetMode(ModuleMode.Training);
            using var scope = new TensorScope();
            model.Infer(x, new Rng(3).At(step));
        }

        (double after, double smaller) = Measure();
        Assert.Equal((-13.3, 5.0), (schedule.At(0).Gamma, schedule.At(1).Gamma));
        double[] gammas = [.. Enumerable.Range(0, 201).Select(i => schedule.At(i / 200.0).Gamma)];
        Assert.Equal(gammas.Order().Distinct(), gammas);
        // 4,000 draws of about 332 nats.
        Close.Require(50 * 6.646643163, before, 0.02);
        Close.Require(before, after, 0.02);
        // The denoiser of N(0, 1) has the error 1/2 until the noise begins, so an even schedule wastes the noisy end.
        Assert.True(smaller < 0.8 * spread, $"{smaller} of {spread}");
    }

    [Fact]
    public void Objectives_that_need_all_latents_are_refused()
    {
        DiffusionModel model = Make(Prediction.Velocity);
        InferencePass pass = model.Infer(X, new Rng(3).At(0));
        Assert.Contains("Train this model with the ELBO", Assert.Throws<NotSupportedException>(
            () => new ImportanceWeightedElbo(2).Evaluate(pass, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("no importance weights", Assert.Throws<NotSupportedException>(() => pass.LogWeights).Message,
            StringComparison.Ordinal);
        Assert.Contains("remove these settings", Assert.Throws<NotSupportedException>(
            () => new Elbo { FreeBits = FreeBits.Total(1) }.Evaluate(pass, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Averages_follow_the_parameters_and_training_does_not_see_them()
    {
        double[] Trained(double decay, out TrainingState state)
        {
            DiffusionModel model = Make(Prediction.Velocity);
            var step = new TrainingStep(model, new Elbo(), new Adam(1e-2) { AverageDecay = decay });
            state = step.State;
            for (int i = 0; i < 3; i++)
            {
                step.Take(X, new Rng(9).At(i));
                // What evaluation does between steps must not change training.
                state.UseAverages();
            }

            state.UseTrained();
            return [.. model.Parameters.SelectMany(p => p.Value.Doubles())];
        }

        double[] start = [.. Make(Prediction.Velocity).Parameters.SelectMany(p => p.Value.Doubles())];
        double[] with = Trained(0.9, out TrainingState state);
        Assert.Equal(Trained(0, out _), with);
        double[] averages = [.. state.Optimizer.Averages.SelectMany(p => p.Value.Doubles())];
        state.UseAverages();
        Assert.Equal(averages, state.Model.Parameters.SelectMany(p => p.Value.Doubles()));
        // After n steps the decay is (1 + n) / (10 + n): 2/11, 3/12, 4/13. A parameter that moved by d in each of the
        // three steps has the average start + d (w1 + 2 w2 + 3 w3).
        Assert.NotEqual(start, averages);
        Assert.NotEqual(with, averages);
        double w3 = 9 / 13.0, w2 = 4 / 13.0 * 9 / 12, w1 = 4 / 13.0 * 3 / 12 * 9 / 11;
        var one = new Parameter("p", Tensor.Scalar(1, DType.Float64));
        var sgd = new Sgd(1) { AverageDecay = 0.9 };
        OptimizerState simple = sgd.Start([one]);
        for (int i = 0; i < 3; i++)
        {
            using var tape = new GradientTape();
            sgd.Step(simple, tape.Gradients(one.Value * 2, [one]));
        }

        Close.Require(1 - 2 * (w1 + 2 * w2 + 3 * w3), simple.Averages[0].Value.Item(), 1e-14);
    }

    private static DiffusionModel Make(Prediction prediction, bool trained = true, Weighting? weighting = null,
        DiffusionSampler? sampler = null)
    {
        var network = new UNet(1, 4, 4, new UNetOptions { Channels = [8, 8] }, 0, Initializer.PyTorch, new Rng(1),
            dtype: DType.Float64);
        // The ends start at zero; other weights make the network read its inputs.
        var rng = new Rng(4);
        foreach (Parameter p in trained ? network.Parameters : [])
        {
            if (p.Value.Doubles().All(v => v == 0)) p.Assign(rng.Normal(p.Shape, DType.Float64) * 0.1);
        }

        var schedule = new LinearSchedule(-4, 8);
        return new DiffusionModel([4, 4],
            new NetworkDenoiser(network, prediction, schedule.First, schedule.Last, signs: true), schedule,
            DiffusionEnd.Binary, DType.Float64)
        {
            Weighting = weighting ?? Weighting.Bound, Sampler = sampler ?? new DpmSolverSampler(20),
        };
    }

    private sealed class Counted : Denoiser
    {
        public int Calls { get; private set; }

        public override Prediction Prediction => Prediction.Data;

        public override int Context => 1;

        protected override Tensor Predict(Tensor z, Tensor gamma, Tensor alpha, Tensor sigma, Tensor? context)
        {
            Calls++;
            return z * 0.5 + (context is null ? 0 : 1);
        }
    }
}
