using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Models;
using Reparam.Training;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Training;

/// <summary>A loop of one's own takes the steps that a trainer takes.</summary>
public sealed class TrainingStepTests
{
    private static readonly Tensor X = Tensor.Less(
        new Rng(2).Uniform([8, .. SmallModel.Event]), Tensor.Scalar(0.4f)).Keep();

    public static TheoryData<string> Objectives => ["elbo", "wake-sleep", "rws", "piwae", "vae-gan", "factor-vae"];

    private static Objective Make(string kind) => kind switch
    {
        "wake-sleep" => new WakeSleep(),
        "rws" => new ReweightedWakeSleep(4),
        "piwae" => new ImportanceWeightedElbo(4) { Groups = 2, Partial = true },
        "vae-gan" => new VaeGan(new Discriminator(SmallModel.Event.Size, new Rng(4), [5])),
        "factor-vae" => new Elbo
        {
            Penalties = [
                new Reparam.Objectives.Penalties.AdversarialTotalCorrelation(3, new Discriminator(3, new Rng(5), [5]))],
        },
        _ => new Elbo(),
    };

    [Theory]
    [MemberData(nameof(Objectives))]
    public void Steps_of_one_s_own_loop_are_a_trainer_s(string kind)
    {
        Dataset data = Dataset.FromBytes(
            "x", SmallModel.Event, [.. X.ToArray<float>().Select(v => (byte)v)], DataKind.Binary);
        (Vae trained, Vae looped) = (SmallModel.Make(), SmallModel.Make());
        var rng = new Rng(3);
        new Trainer(new Adam(1e-2), new TrainerOptions { Epochs = 3, BatchSize = 8 }).Fit(
            trained, Make(kind), data, rng);
        var step = new TrainingStep(looped, Make(kind), new Adam(1e-2));
        for (int i = 0; i < 3; i++)
        {
            using var scope = new TensorScope();
            int[] order = rng.Split("order").At(i).Permutation(8);
            Tensor batch = new BatchReader(data, Binarization.None, rng).Read(order, rng);
            StepResult taken = step.Take(batch, rng.Split("noise").At(step.State.Step));
            Assert.True(double.IsFinite(taken.Loss) && taken.GradientNorm > 0);
        }

        Assert.Equal(3, step.State.Step);
        Assert.Equal(ModuleMode.Training, looped.Mode);
        foreach ((Parameter a, Parameter b) in trained.Parameters.Zip(looped.Parameters))
            Assert.Equal(a.Value.Doubles(), b.Value.Doubles());
    }

    [Fact]
    public void Step_that_is_not_finite_changes_nothing()
    {
        Vae vae = SmallModel.Make();
        double[][] before = [.. vae.Parameters.Select(p => p.Value.Doubles())];
        var step = new TrainingStep(vae, new Elbo(), new Adam(1e-2));
        Assert.Throws<TrainingDivergedException>(() => step.Take(X * float.NaN, new Rng(1)));
        Assert.Equal(0, step.State.Step);
        Assert.Equal(before, vae.Parameters.Select(p => p.Value.Doubles()));
    }

    [Fact]
    public void Model_and_objective_that_do_not_go_together_are_refused_as_in_a_configuration()
    {
        Vae vamp = Vae.Mlp(SmallModel.Event, 2, [3], Likelihood.Bernoulli, new Rng(1),
            options: new() { Prior = e => new VampPrior(e, SmallModel.Event, 3, bounded: true, new Rng(2)) });
        Assert.Contains("its own loss", Assert.Throws<NotSupportedException>(
            () => new TrainingStep(vamp, new WakeSleep(), new Adam(1e-3)).Take(X, new Rng(1))).Message,
            StringComparison.Ordinal);
        Dataset data = Dataset.FromBytes(
            "x", SmallModel.Event, [.. X.ToArray<float>().Select(v => (byte)v)], DataKind.Binary);
        var discrepancy = new Elbo { Penalties = [new Reparam.Objectives.Penalties.AggregateDiscrepancy(1)] };
        Assert.Contains("no gradient reaches a learned prior", Assert.Throws<NotSupportedException>(
            () => new Trainer(new Adam(1e-3), new TrainerOptions { BatchSize = 4 }).Fit(
                vamp, discrepancy, data, new Rng(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_state_is_saved_and_loaded_and_a_file_of_another_model_changes_nothing()
    {
        using TemporaryFolder folder = new();
        Vae vae = Vae.Mlp(
            SmallModel.Event, 2, [3], Likelihood.Bernoulli, new Rng(1), options: new() { BatchNorm = true }),
            other = Vae.Mlp(
                SmallModel.Event, 2, [3], Likelihood.Bernoulli, new Rng(9), options: new() { BatchNorm = true });
        new TrainingStep(vae, new Elbo(), new Adam(1e-2)).Take(X, new Rng(1));
        vae.Save(folder.File("vae.safetensors"));
        other.Load(folder.File("vae.safetensors"));
        Assert.NotEmpty(vae.Buffers);
        foreach ((Parameter a, Parameter b) in vae.State.Zip(other.State))
            Assert.Equal(a.Value.Doubles(), b.Value.Doubles());
        Vae wider = Vae.Mlp(
            SmallModel.Event, 2, [4], Likelihood.Bernoulli, new Rng(1), options: new() { BatchNorm = true });
        double[][] before = [.. wider.State.Select(p => p.Value.Doubles())];
        Assert.Throws<Reparam.Serialization.InvalidModelException>(() => wider.Load(folder.File("vae.safetensors")));
        Assert.Equal(before, wider.State.Select(p => p.Value.Doubles()));
    }
}
