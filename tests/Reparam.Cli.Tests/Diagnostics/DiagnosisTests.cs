using Reparam.Cli.Diagnostics;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Runs;
using Reparam.Testing;
using Reparam.Training.Optimizers;

namespace Reparam.Cli.Tests.Diagnostics;

public sealed class DiagnosisTests
{
    private static readonly RunSettings Plain = RunFactory.Complete(
        new RunSettings { Model = new VaeSettings { EventShape = [8, 8], Latent = 10,
        Network = new MlpNetworkSettings { Hidden = [40] } }, Training = new TrainingSettings { Epochs = 10 } });

    [Fact]
    public void Healthy_run_has_no_finding() => Assert.Empty(Diagnosis.Of(Healthy()));

    [Fact]
    public void Collapse_from_the_first_epoch_names_its_causes_and_commands()
    {
        Finding finding = Single(Collapsed(Plain, (_, _) => 0.1), "collapse", Severity.Severe);
        Says(finding, "0 of 10 units", "0.02 nats", "from the first epoch", "no warm-up and there are no free bits");
        Assert.Equal(0.02, finding.Numbers["kl"]);
        Assert.Equal(
            "reparam train --config runs/x/config.json --warmup 500 --out runs/x-warmup", finding.Remedies[0].Command);
        Assert.Contains(finding.Remedies, r => r.Command.Contains("--free-bits 0.25", StringComparison.Ordinal));
        Assert.Contains(finding.Remedies, r => r.Command.Contains("--cycle 250", StringComparison.Ordinal));
    }

    [Fact]
    public void Collapse_that_came_later_says_when()
    {
        Finding finding = Single(Collapsed(Plain, (epoch, name) => name == "active_units" ? (epoch < 4 ? 9 : 0)
            : epoch < 4 ? 12 - epoch : 0.1), "collapse", Severity.Severe);
        Says(finding, "came later", "the KL was 11.00 at the end of epoch 1", "last active in epoch 3");
    }

    [Fact]
    public void Collapse_by_beta_a_deep_decoder_and_a_fast_rate_is_put_down_to_them()
    {
        RunSettings config = Plain with
        {
            Objective = new ElboSettings { Beta = 20 },
            Model = Plain.Model with
            {
                Network = new MlpNetworkSettings { Hidden = [40], DecoderHidden = [40, 40, 40, 40] },
            },
            Optimizer = new AdamSettings { LearningRate = 0.01 },
        };
        Finding finding = Single(Collapsed(config, (_, _) => 0.1), "collapse", Severity.Severe);
        Says(finding, "beta is 20", "the decoder has 4 hidden layers", "a learning rate of 0.01 is high");
        Assert.EndsWith("--beta 1 --out runs/x-beta1", finding.Remedies[0].Command, StringComparison.Ordinal);
        Assert.Contains("--lr 0.001 ", finding.Remedies[1].Command, StringComparison.Ordinal);
        Assert.Contains(finding.Remedies, r => r.Command.Contains("--initializer he ", StringComparison.Ordinal));
        Assert.Contains(finding.Remedies, r => r.Command.Contains("--decoder-hidden 40 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Beta_is_the_price_of_a_distance_where_there_is_a_capacity()
    {
        RunSettings config = Plain with { Objective = new ElboSettings { Beta = 1000, Capacity = 0.1 } };
        Finding finding = Single(Collapsed(config, (_, _) => 0.1), "collapse", Severity.Severe);
        Says(finding, "objective.capacity holds the KL at 0.1 nats");
        Assert.DoesNotContain("beta is 1000", finding.Text, StringComparison.Ordinal);
        Assert.Contains(
            finding.Remedies, r => r.Command.Contains("--capacity 20 --capacity-steps 500 ", StringComparison.Ordinal));
        Assert.DoesNotContain(finding.Remedies, r => r.Command.Contains("--beta 1 ", StringComparison.Ordinal));
        Assert.Empty(Diagnosis.Of(
            With(Plain with { Objective = new ElboSettings { Beta = 1000, Capacity = 8, CapacitySteps = 500 } })));
    }

    [Fact]
    public void Run_of_few_steps_is_first_of_all_too_short()
    {
        RunSettings brief = Plain with { Training = Plain.Training with { Epochs = 2 } };
        Finding finding = Single(Collapsed(brief, (_, _) => 0.1), "collapse", Severity.Severe);
        Says(finding, "the run was 200 steps long");
        Assert.Equal("reparam train --resume runs/x --epochs 20", finding.Remedies[0].Command);
    }

    [Fact]
    public void KL_that_says_nothing_of_the_data_is_a_collapse_too() => Single(
        Healthy() with { Bound = Bound(-70, 5, 10), Split = new AggregatePosterior(
            1000, 0.01, 5, 0, [5, 0, 0, 0, 0, 0, 0, 0, 0, 0]) }, "collapse", Severity.Severe);

    [Fact]
    public void Codebook_that_all_data_share_is_not_put_down_to_a_price()
    {
        // Every code costs the same, log of their number: beta has no part in it.
        Evidence quantised = With(Plain with { Model = new VqVaeSettings { EventShape = [8, 8] } })
            with { Bound = Bound(-70, 136, 0), Split = new AggregatePosterior(600, 0, 136, null, []) };
        Finding finding = Single(quantised, "collapse", Severity.Severe);
        Says(finding, "the distance of all codes together from the prior");
        Assert.DoesNotContain("warm-up", finding.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(finding.Remedies, r => r.Command.Contains("--warmup", StringComparison.Ordinal));
    }

    [Fact]
    public void Remedies_that_the_run_cannot_take_are_left_out()
    {
        RunSettings flow = Plain.With("model.posterior=iaf:2"), weighted = Plain with
        {
            Objective = new IwaeSettings { Samples = 5 },
        };
        // A flow's KL has no parts to give bits to; a bound of several draws has no KL to weigh.
        Assert.DoesNotContain(Single(Collapsed(flow, (_, _) => 0.1), "collapse", Severity.Severe).Remedies,
            r => r.Command.Contains("--free-bits", StringComparison.Ordinal));
        Assert.Empty(Single(Collapsed(weighted, (_, _) => 0.1), "collapse", Severity.Severe).Remedies);
    }

    [Fact]
    public void Units_that_were_lost_are_told_from_units_that_were_never_needed()
    {
        Says(Single(Healthy() with { Bound = Bound(-70, 8, 4) }, "partial-collapse", Severity.Warning), "Only 4 of 10",
            "10 were active at the end of an earlier epoch");
        Evidence pruned = Healthy() with
        {
            Bound = Bound(-70, 8, 7), History = History(Plain, (_, name) => name == "active_units" ? 7 : null),
        };
        Says(Single(pruned, "inactive-units", Severity.Note), "3 of 10 units are inactive", "Inactive units are usual");
    }

    [Fact]
    public void Beta_above_one_and_unfinished_schedules_are_named()
    {
        Evidence heavy = With(
            Plain with { Objective = new ElboSettings { Beta = 4 } }) with { Bound = Bound(-70, 3, 10) };
        Says(Single(heavy, "beta-above-one", Severity.Note), "beta = 4", "3.00 nats");
        // 1,000 steps of a warm-up of 1,500, which ends in epoch 15.
        Finding warming = Single(With(Plain with { Objective = new ElboSettings { WarmupSteps = 1500 } }),
            "warm-up-unfinished", Severity.Warning);
        Says(warming, "1000 steps", "beta at 0.67 of 1");
        Assert.Equal(["reparam train --resume runs/x --epochs 18", "reparam train --config runs/x/config.json " +
            "--warmup 333 --out runs/x-warmup"], warming.Remedies.Select(r => r.Command));
        // 1,000 steps are a cycle of 800 and a quarter of the next, whose beta is 1 from its half on.
        Finding cycling = Single(With(Plain with { Objective = new ElboSettings { CycleSteps = 800 } }),
            "cycle-ended-low", Severity.Warning);
        Assert.Equal("reparam train --resume runs/x --epochs 12", cycling.Remedies[0].Command);
    }

    [Fact]
    public void Learned_scale_is_compared_with_the_residuals_it_leaves()
    {
        RunSettings learned = Plain with
        {
            Model = Plain.Model with { Likelihood = new GaussianLearnedLikelihoodSettings() },
        };
        Finding late = Single(
            With(learned) with { Scale = new ScaleFit(0.8, 0.2, 0.25) }, "learned-scale-large", Severity.Warning);
        Says(late, "came to 0.8", "standard deviation of 0.2", "0.25 times the decoder's", "learning rate (0.002)");
        Assert.Equal("reparam train --config runs/x/config.json --likelihood gaussian-optimal --out runs/x-optimal",
            late.Remedies[0].Command);
        Single(With(learned) with { Scale = new ScaleFit(0.1, 0.25, 2.5) }, "learned-scale-small", Severity.Warning);
        Assert.Empty(Diagnosis.Of(With(learned) with { Scale = new ScaleFit(0.2, 0.25, 1.25) }));
    }

    [Fact]
    public void Divergence_on_data_of_a_large_range_is_put_down_to_it()
    {
        RunSettings reals = Plain with
        {
            Model = Plain.Model with { Likelihood = new GaussianLearnedLikelihoodSettings() },
            Data = new DataSettings { Standardize = StandardizeBy.None },
        };
        Finding finding = Single(
            With(reals) with { Divergence = (2000, 3, "the loss", (-5, 1000)) }, "divergence", Severity.Severe);
        Says(finding, "range from -5 to 1000", "numbers of about 1");
        Assert.Equal("reparam train --config runs/x/config.json --standardize columns --out runs/x-standardised",
            finding.Remedies[0].Command);
        Finding outliers = Single(With(reals with { Data = new DataSettings { Standardize = StandardizeBy.Columns } })
            with { Divergence = (2000, 3, "the loss", (-5, 1000)) }, "divergence", Severity.Severe);
        Says(outliers, "outliers");
        Assert.DoesNotContain("range", Single(With(reals) with { Divergence = (2000, 3, "the loss", (-5, 3)) },
            "divergence", Severity.Severe).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Fixed_scale_is_compared_with_the_residuals_it_leaves()
    {
        // 64 elements of residual 0.1 under a scale of 1.
        double reconstruction = -32 * Math.Log(2 * Math.PI) - 0.5 * 64 * 0.01;
        Evidence wide = With(Plain with { Model = Plain.Model with { Likelihood = new GaussianLikelihoodSettings() } })
            with { Bound = Bound(reconstruction, 8, 10) };
        Finding finding = Single(wide, "decoder-scale-large", Severity.Warning);
        Says(finding, "fixed at 1", "0.1", "100 times too little");
        Assert.Contains("--likelihood gaussian-learned", finding.Remedies[0].Command, StringComparison.Ordinal);
        Assert.Contains("--likelihood gaussian:0.1 ", finding.Remedies[1].Command, StringComparison.Ordinal);
        double narrow = -32 * Math.Log(2 * Math.PI * 0.01) - 0.5 * 64 * 0.25 / 0.01;
        Single(With(
            Plain with { Model = Plain.Model with { Likelihood = new GaussianLikelihoodSettings { Scale = 0.1 } } })
            with { Bound = Bound(narrow, 8, 10) }, "decoder-scale-small", Severity.Warning);
        Assert.Empty(Diagnosis.Of(With(
            Plain with { Model = Plain.Model with { Likelihood = new GaussianLikelihoodSettings { Scale = 0.1 } } })
            with { Bound = Bound(-32 * Math.Log(2 * Math.PI * 0.01) - 32, 8, 10) }));
    }

    [Fact]
    public void Codes_far_from_the_prior_are_judged_dimension_by_dimension()
    {
        Evidence far = Healthy() with
        {
            Split = new AggregatePosterior(1000, 6.5, 20, 15, [3, 0.5, 1.5, 0, 0, 0, 0, 0, 0, 0]),
        };
        Finding finding = Single(far, "far-from-prior", Severity.Warning);
        Says(finding, "5.00 nats", "0 (3.00), 2 (1.50), 1 (0.50)");
        Assert.Contains("--prior vamp:100", finding.Remedies[0].Command, StringComparison.Ordinal);
        // The joint estimate of few data is an upper bound that says nothing.
        Assert.Empty(Diagnosis.Of(Healthy() with { Split = new AggregatePosterior(1000, 6.5, 20, null, []) }));
        Single(Healthy() with { Split = new AggregatePosterior(1000, 3, 5, null, []) }, "far-from-prior",
            Severity.Warning);
        // Free bits spent on a correlation of the codes that tells nothing of the data.
        Evidence hollow = With(Plain with { Objective = new ElboSettings { FreeBits = 0.5 } })
            with { Split = new AggregatePosterior(1000, 2, 6, 6, new double[10]) };
        Assert.Contains("--free-bits 0.25", Single(hollow, "far-from-prior", Severity.Warning).Remedies[0].Command,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Overfitting_is_a_validation_bound_that_falls_while_training_rises()
    {
        Evidence over = Healthy() with
        {
            History = History(Plain, (epoch, name) => name == "elbo" ? -80 - Math.Max(epoch - 5, 0) : null),
        };
        Finding finding = Single(over, "overfitting", Severity.Warning);
        Says(finding, "best in epoch 1, at -80.00", "-85.00 in epoch 10");
        Assert.Contains("--patience 3", finding.Remedies[0].Command, StringComparison.Ordinal);
        Assert.Contains(finding.Remedies, r => r.Command.Contains("--hidden 20 ", StringComparison.Ordinal));
        Assert.Contains(finding.Remedies, r => r.Command.Contains("--weight-decay 0.0001 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_that_was_still_improving_is_to_go_on()
    {
        Finding finding = Single(
            Healthy() with { History = History(Plain, (epoch, name) => name == "elbo" ? -100 + epoch : null) },
            "still-improving", Severity.Note);
        Says(finding, "by 1.00 nats in the last epoch");
        Assert.Equal("reparam train --resume runs/x --epochs 20", finding.Remedies.Single().Command);
    }

    [Fact]
    public void Bound_that_falls_from_one_epoch_to_the_next_is_unstable()
    {
        Evidence jumping = Healthy() with
        {
            History = History(Plain, (epoch, name) => name == "elbo" ? (epoch == 6 ? -120 : -80) : null),
        };
        Finding finding = Single(jumping, "unstable", Severity.Warning);
        Says(finding, "1 of 10 epochs", "epoch 6, by 40.00 nats on the validation data");
        Assert.Contains("--lr 0.000667", finding.Remedies[0].Command, StringComparison.Ordinal);
    }

    [Fact]
    public void Divergence_and_grey_coins_are_named()
    {
        Evidence diverged = new(Plain, "runs/x") { Divergence = (12, 1, "the loss", null) };
        Says(Single(diverged, "divergence", Severity.Severe), "step 12", "the loss");
        // A report of before the run was mended and went on.
        Assert.Empty(Diagnosis.Of(Healthy() with { Divergence = (12, 1, "the loss", null), CheckpointStep = 1000 }));
        Finding grey = Single(Healthy() with { IsGreyBernoulli = true }, "grey-bernoulli", Severity.Note);
        Assert.Contains(grey.Remedies, r => r.Command.Contains("--binarization dynamic", StringComparison.Ordinal));
    }

    private static Evidence Healthy() => With(Plain);

    private static Evidence With(RunSettings config) => new(config, "runs/x")
    {
        History = History(config, (_, _) => null), Bound = Bound(-70, 8, 10),
        Split = new AggregatePosterior(1000, 6.5, 2, 1.5, new double[10]), CheckpointStep = 1000,
    };

    private static Evidence Collapsed(RunSettings config, Func<int, string, double> epoch) => new(config, "runs/x")
    {
        History = History(config, (e, name) => name is "active_units" or "kl" ? epoch(e, name) : null),
        Bound = Bound(-80, 0.02, 0),
        Split = new AggregatePosterior(1000, 0.001, 0.01, 0, new double[10]),
        CheckpointStep = 1000,
    };

    /// <summary>Ten epochs of 100 steps that have found their level, but for what is said.</summary>
    private static RunMetrics History(RunSettings config, Func<int, string, double?> validation)
    {
        var history = new RunMetrics();
        for (int epoch = 1; epoch <= config.Training.Epochs; epoch++)
        {
            history.Add(epoch, 100 * epoch, "train/elbo", -80 + 0.01 * epoch);
            history.Add(epoch, 100 * epoch, "validation/elbo", validation(epoch, "elbo") ?? -80 + 0.01 * epoch);
            history.Add(epoch, 100 * epoch, "validation/kl", validation(epoch, "kl") ?? 8);
            history.Add(epoch, 100 * epoch, "validation/active_units", validation(epoch, "active_units") ?? 10);
        }

        return history;
    }

    private static BoundReport Bound(double reconstruction, double kl, int active)
    {
        Estimate Of(double mean) => new(mean, 0.1, 2000, 1);
        return new BoundReport(Of(reconstruction - kl), Of(reconstruction), Of(kl), active, []);
    }

    private static Finding Single(Evidence evidence, string name, Severity severity)
    {
        Finding finding = Assert.Single(Diagnosis.Of(evidence));
        Assert.Equal((name, severity), (finding.Name, finding.Severity));
        return finding;
    }

    private static void Says(Finding finding, params string[] words)
    {
        foreach (string word in words) Assert.Contains(word, finding.Text, StringComparison.Ordinal);
    }
}
