using Reparam.Cli.Runs;
using Reparam.Data;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Cli.Diagnostics;

/// <summary>Compares the learned or fitted scale of a decoder with the residuals x - E[x|z] of data, where z is the
/// mean of q(z|x).</summary>
/// <param name="Fitted">The standard deviation of p(x|z): the root of its mean square over elements and data.</param>
/// <param name="Residual">The root mean square of the residuals.</param>
/// <param name="Ratio">The root mean square of the residuals divided by their own standard deviations: 1 where the
/// scale fits.</param>
internal sealed record ScaleFit(double Fitted, double Residual, double Ratio)
{
    private const int Rows = 250;

    /// <summary>Measures the fit on data that are prepared for the model; null where the likelihood neither learns nor
    /// tracks a scale.</summary>
    public static ScaleFit? Of(TrainedRun run, Dataset data)
    {
        if (!run.Likelihood.LearnsScale && run.Likelihood.TrackedScalars.Count == 0) return null;
        double variance = 0, residual = 0, ratio = 0, count = 0;
        for (int start = 0; start < data.Count; start += Rows)
        {
            using var scope = new TensorScope();
            Dataset some = data.Slice(start, Math.Min(Rows, data.Count - start));
            Distribution decoded = run.Model.Likelihood(
                Latents.Encode(run.Model, some), Latents.Labels(run.Model, some));
            Tensor square = (Latents.Data(some) - decoded.Mean).Square(), spread = decoded.Variance;
            variance += spread.To(DType.Float64).Sum().Item();
            residual += square.To(DType.Float64).Sum().Item();
            ratio += (square / spread).To(DType.Float64).Sum().Item();
            count += square.Size;
        }

        return new ScaleFit(Math.Sqrt(variance / count), Math.Sqrt(residual / count), Math.Sqrt(ratio / count));
    }
}
