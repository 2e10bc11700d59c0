using Reparam.Data;
using Reparam.Distributions;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Models;

namespace Reparam.Tests.Evaluation;

public sealed class EvidenceLowerBoundTests
{
    // 600 data make three groups of 250.
    private static readonly Dataset Data = SmallModel.Ramps(600);

    [Fact]
    public void Reported_KL_is_the_formula_over_the_encoder()
    {
        Vae vae = SmallModel.Make(dtype: DType.Float64);
        BoundReport report = EvidenceLowerBound.Evaluate(vae, Data, new Rng(1));
        var q = (DiagonalNormal)vae.Encoder.Given(Read());
        double[] kl = [.. q.Loc.Doubles().Zip(q.Scale.Doubles(), (m, s) => 0.5 * (m * m + s * s - 1 - 2 * Math.Log(s)))];
        Close.Require(kl.Sum() / 600, report.KL.Mean, 1e-12);
        for (int j = 0; j < 3; j++) Close.Require(MonteCarlo.Column(kl, 3, j).Average(), report.KLPerDimension[j], 1e-12);
        Close.Require(report.KL.Mean, report.KLPerDimension.Sum(), 1e-12);
    }

    [Fact]
    public void Bound_is_reconstruction_minus_KL_over_all_data()
    {
        Vae vae = SmallModel.Make(dtype: DType.Float64);
        BoundReport report = EvidenceLowerBound.Evaluate(vae, Data, new Rng(1), samples: 2);
        Close.Require(report.Reconstruction.Mean - report.KL.Mean, report.Elbo.Mean, 1e-12);
        Assert.Equal((600, 2), (report.Elbo.Count, report.Elbo.Samples));
        ObjectiveValue whole = new Elbo(2).Evaluate(vae.Infer(Read(), new Rng(1).At(0), 2), 0);
        // One pass over all data uses the same noise: a draw is a function of its datum's index.
        Close.Require(whole.Bound.Item(), report.Elbo.Mean, 1e-11);
        Close.Require(whole.Reconstruction.Item(), report.Reconstruction.Mean, 1e-11);
    }

    [Fact]
    public void Same_stream_gives_the_same_report() => Assert.Equal(
        EvidenceLowerBound.Evaluate(SmallModel.Make(), Data, new Rng(4)).Elbo, EvidenceLowerBound.Evaluate(SmallModel.Make(), Data, new Rng(4)).Elbo);

    private static Tensor Read() => new BatchReader(Data, Binarization.None, new Rng(1), DType.Float64).Read(0, 600, new Rng(1));
}
