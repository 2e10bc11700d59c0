using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Models;
using Reparam.Training;
using Reparam.Training.Optimizers;
using Reparam.Runs;

namespace Reparam.Tests.Training;

/// <summary>A NaN stops the step it appears in, is named, and leaves parameters and moments as they were.</summary>
public sealed class DivergenceTests
{
    private static readonly Dataset Train = SmallModel.Ramps(32);

    public static TheoryData<string, string, string> EveryParameter
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (Likelihood likelihood in new[] {
                Likelihood.Bernoulli, Likelihood.GaussianLearned, Likelihood.DiscretizedLogistic })
                foreach (Activation activation in Activation.All)
                    foreach (Parameter parameter in SmallModel.Make(likelihood).Parameters)
                        cases.Add(likelihood.Name, activation.Name, parameter.Name);
            return cases;
        }
    }

    [Theory]
    [InlineData("full", "standard")]
    [InlineData("low-rank:2", "standard")]
    [InlineData("mixture:3", "standard")]
    [InlineData("normal", "mixture:3")]
    [InlineData("normal", "vamp:3")]
    public void Scale_that_training_drove_to_zero_is_a_divergence(string posterior, string prior)
    {
        RunSettings config = Configured.With("model.event_shape=4,4", "model.latent=4", "model.network.hidden=8",
            $"model.posterior={posterior}", $"model.prior={prior}");
        LatentVariableModel vae = RunFactory.Model(config);
        var failure = Assert.Throws<TrainingDivergedException>(() => new Trainer(
            new Adam(300), new TrainerOptions { Epochs = 50, BatchSize = 8 }).Fit(vae, new Elbo(), Train, new Rng(1)));
        Assert.Contains("lower learning rate", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(EveryParameter))]
    public void NaN_in_a_parameter_is_named_by_operation_and_layer(
        string likelihood, string activation, string parameter)
    {
        Vae vae = SmallModel.Make(
            Likelihood.All.Single(l => l.Name == likelihood), Activation.All.Single(a => a.Name == activation));
        Plant(vae, parameter, float.NaN);
        var failure = Assert.Throws<TrainingDivergedException>(() => Fit(vae, new Adam(1e-3)));
        string layer = parameter[..parameter.LastIndexOf('.')];
        Assert.EndsWith($" in {layer}", failure.Origin, StringComparison.Ordinal);
        Assert.Equal((0, 1), ((int)failure.Step, failure.Epoch));
        Assert.Equal(8, failure.Indices.Count);
        Assert.Contains(failure.Origin, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("encoder.head.bias", 5, 1e4f, "Exp in encoder")]
    [InlineData("decoder.log_variance", 0, float.PositiveInfinity, "Affine in decoder")]
    public void Overflow_between_layers_is_named_by_the_network_it_is_in(
        string parameter, int element, float value, string origin)
    {
        // The last of the head's six outputs is a log-variance; its exponential overflows.
        Vae vae = SmallModel.Make(Likelihood.GaussianLearned);
        Plant(vae, parameter, value, element);
        Assert.Equal(origin, Assert.Throws<TrainingDivergedException>(() => Fit(vae, new Adam(1e-3))).Origin);
    }

    [Fact]
    public void Failing_step_leaves_parameters_and_moments_as_they_were()
    {
        Vae vae = SmallModel.Make();
        var adam = new Adam(1e-3);
        var state = new TrainingState(vae, adam);
        string weights = "", moments = "";
        var spy = new Spy(onStep: (s, report) =>
        {
            if (report.Step != 3) return;
            Plant(vae, "decoder.head.bias", float.PositiveInfinity);
            (weights, moments) = (WeightsFile.Sha256(vae.Parameters), WeightsFile.Sha256(s.Optimizer.AllSlots));
        });
        var failure = Assert.Throws<TrainingDivergedException>(
            () => new Trainer(adam, new TrainerOptions { Epochs = 2, BatchSize = 8 }, spy)
            .Fit(vae, new Elbo(), Train, new Rng(1), resumeFrom: state));
        Assert.Equal(3, failure.Step);
        Assert.Equal(3, state.Step);
        Assert.Equal(
            (weights, moments), (WeightsFile.Sha256(vae.Parameters), WeightsFile.Sha256(state.Optimizer.AllSlots)));
    }

    [Fact]
    public void Gradient_that_overflows_while_the_loss_is_finite_names_the_parameter()
    {
        // d/d(log-variance) of (x - m)^2 / s^2 overflows in the squares of the gradient, not in the loss.
        Vae vae = SmallModel.Make(Likelihood.Gaussian(1));
        Plant(vae, "decoder.head.weight", 1e18f);
        var failure = Assert.Throws<TrainingDivergedException>(() => Fit(vae, new Adam(1e-3)));
        Assert.True(double.IsFinite(failure.Loss));
        Assert.False(double.IsFinite(failure.GradientNorm));
    }

    [Fact]
    public void Update_that_ruins_the_last_step_is_a_divergence_without_any_checkpoint()
    {
        Vae vae = SmallModel.Make();
        int last = 0;
        // Planted after the last step of the training, as an update that overflows would leave it.
        var spy = new Spy(onStep: (_, report) =>
        {
            if (++last == report.Batches) Plant(vae, "encoder.head.bias", float.NaN);
        });
        var failure = Assert.Throws<TrainingDivergedException>(() => new Trainer(
            new Adam(1e-3), new TrainerOptions { Epochs = 1, BatchSize = 8 }, spy).Fit(vae, new Elbo(), Train,
            new Rng(1)));
        Assert.Equal("the update of encoder.head.bias", failure.Origin);
        Assert.Equal(1, failure.Epoch);
    }

    [Fact]
    public void Diverged_state_is_never_saved()
    {
        using var folder = new TemporaryFolder();
        Vae vae = SmallModel.Make();
        var state = new TrainingState(vae, new Adam(1e-3));
        var checkpoints = new Reparam.Serialization.CheckpointFolder(folder.Path);
        TrainingCheckpoint.Save(checkpoints, state, best: false, keep: 0);
        Plant(vae, "encoder.head.bias", float.NaN);
        var failure = Assert.Throws<InvalidOperationException>(
            () => TrainingCheckpoint.Save(checkpoints, state, best: false, keep: 0));
        Assert.Contains("encoder.head.bias", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(checkpoints.OpenLatest());
    }

    private static void Fit(Vae vae, Optimizer rule) =>
        new Trainer(rule, new TrainerOptions { Epochs = 1, BatchSize = 8 }).Fit(vae, new Elbo(), Train, new Rng(1));

    private static void Plant(Vae vae, string parameter, float value, int element = 0)
    {
        Parameter target = vae.Parameters.Single(p => p.Name == parameter);
        float[] values = target.Value.ToArray<float>();
        values[element] = value;
        target.Assign(Tensor.From(values, target.Shape));
    }
}
