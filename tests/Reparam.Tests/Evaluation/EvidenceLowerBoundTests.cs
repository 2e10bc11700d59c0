using Reparam.Data;
using Reparam.Distributions;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Networks.Initialization;
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
        double[] kl =
            [.. q.Loc.Doubles().Zip(q.Scale.Doubles(), (m, s) => 0.5 * (m * m + s * s - 1 - 2 * Math.Log(s)))];
        Close.Require(kl.Sum() / 600, report.KL.Mean, 1e-12);
        for (int j = 0; j < 3; j++)
            Close.Require(MonteCarlo.Column(kl, 3, j).Average(), report.KLPerDimension[j], 1e-12);
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
        EvidenceLowerBound.Evaluate(SmallModel.Make(), Data, new Rng(4)).Elbo,
        EvidenceLowerBound.Evaluate(SmallModel.Make(), Data, new Rng(4)).Elbo);

    [Fact]
    public void Stop_keeps_the_data_that_are_done()
    {
        using var stop = new CancellationTokenSource();
        Vae vae = Counting(decoded => { if (decoded == 500) stop.Cancel(); }), calm = Counting(_ => { });
        BoundReport some = EvidenceLowerBound.EvaluateUntil(vae, Data, new Rng(4), 1, stop.Token)!,
            first = EvidenceLowerBound.Evaluate(calm, Data[..500], new Rng(4));
        Assert.Equal(500, some.Elbo.Count);
        Assert.Equal((first.Elbo, first.Reconstruction, first.KL, first.ActiveUnits),
            (some.Elbo, some.Reconstruction, some.KL, some.ActiveUnits));
        Assert.Equal(first.KLPerDimension, some.KLPerDimension);
        Assert.Null(EvidenceLowerBound.EvaluateUntil(vae, Data, new Rng(4), 1, stop.Token));
        Assert.Throws<OperationCanceledException>(
            () => EvidenceLowerBound.Evaluate(vae, Data, new Rng(4), cancellation: stop.Token));
    }

    private static Vae Counting(Action<long> counted)
    {
        var decoder = new CountingDecoder(
            new MlpDecoder([4, 4], 3, [6], Activation.Tanh, Likelihood.Bernoulli, Initializer.PyTorch, new Rng(1)))
        {
            Counted = counted,
        };
        return new Vae(new MlpEncoder([4, 4], 3, [6], Activation.Tanh, Initializer.PyTorch, new Rng(2)), decoder,
            new StandardNormalPrior(3));
    }

    private static Tensor Read() =>
        new BatchReader(Data, Binarization.None, new Rng(1), DType.Float64).Read(0, 600, new Rng(1));
}
