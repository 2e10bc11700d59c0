// begin
using Reparam.Distributions;
using Reparam.Objectives.Estimators;
using Reparam.Tensors;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/concepts/reparameterization.md, C# block 1.</summary>
internal static class Estimators
{
    public static void Run()
    {
        // begin
        var rng = new Rng(seed: 1);
        var loc = new Parameter("loc", Tensor.Zeros([3]));
        Tensor LogJoint(Tensor z) => (z - 1).Square().Sum(^1) * -0.5;

        using var tape = new GradientTape();
        var q = new DiagonalNormal(loc, Tensor.Ones([3]));
        // gradients through z
        Tensor bound = new Pathwise().Estimate(q, z => LogJoint(z) - q.LogProb(z), rng, samples: 2);
        Tensor other = new ScoreFunction(new LeaveOneOutBaseline()).Estimate(
            q, z => LogJoint(z) - q.LogProb(z), rng, samples: 2);
        // new Pathwise().Estimate(new Bernoulli(logits), ...) does not compile
        foreach (Tensor estimate in new[] { bound, other })
        {
            Tensor gradient = tape.Gradients(estimate.Sum(), new[] { loc })[0];
            Console.WriteLine($"{gradient.At(0):F2} {gradient.At(1):F2} {gradient.At(2):F2}");
        }
        // end
    }
}
