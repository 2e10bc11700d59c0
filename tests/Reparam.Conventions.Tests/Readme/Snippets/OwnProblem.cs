// begin
using Reparam.Distributions;
using Reparam.Objectives.Estimators;
using Reparam.Tensors;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/concepts/reparameterization.md, C# block 2.</summary>
internal static class OwnProblem
{
    public static void Run()
    {
        // begin
        // P(z > 1) for z ~ N(mu, 1). Its derivative by mu at mu = 0 is the density at 1, 0.24197.
        Tensor mu = Tensor.Zeros([1]);
        Normal Q() => new(mu, Tensor.Ones([1]));
        Tensor Step(Tensor z) => Tensor.Where(Tensor.Less(z, 1), z * 0, z * 0 + 1);

        var problem = new EstimatorProblem(
            "step", "P(z > 1), z ~ N(mu, 1)", [mu], [Tensor.Full([1], 0.24197)], "the density at 1",
            [
                EstimatorTrial.Of(new Pathwise(), Q, Step),
                EstimatorTrial.Of<Distribution>(new ScoreFunction(), Q, Step),
                EstimatorTrial.Of<Distribution>(new ScoreFunction(new LeaveOneOutBaseline()), Q, Step),
            ]);
        IReadOnlyList<EstimatorResult> results = problem.Study(new Rng(seed: 1), samples: 4, replicates: 5000);
        foreach (EstimatorResult r in results)
            Console.WriteLine($"{r.Estimator}: bias {100 * r.Study.Bias:F1} %, variance {r.Study.Variance:F3}");
        EstimatorResult.WriteCsv("step.csv", results);
        // end
    }
}
