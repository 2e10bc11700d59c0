using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Evaluation;

/// <summary>
/// A VAE without hidden layers and with one learned variance, on data from a linear-Gaussian model: its ELBO and its
/// log-likelihood are known exactly, x ~ N(b, W W^T + s^2 I), and the best of them is probabilistic PCA (Tipping and
/// Bishop 1999).
/// </summary>
public sealed class LinearVae
{
    public const int D = 10, Z = 3, N = 1000;
    private const int Steps = 3000;

    /// <summary>Draws the data and trains to convergence, full batch; a few seconds.</summary>
    public LinearVae()
    {
        Data = Draw();
        Rows = [.. Enumerable.Range(0, N).Select(i => Data.Values(i, 1).ToArray().Select(v => (double)v).ToArray())];
        Model = Vae.Mlp([D], Z, [], Likelihood.GaussianLearned, new Rng(2), options: new() { DType = DType.Float64 });
        var objective = new Elbo(samples: 4);
        var adam = new Adam(Schedule.Cosine(0.03, 0, Steps));
        OptimizerState state = adam.Start(Model.Parameters);
        var noise = new Rng(3);
        Tensor x = new BatchReader(Data, Binarization.None, noise, DType.Float64).Read(0, N, noise);
        for (int step = 0; step < Steps; step++)
        {
            using var tape = new GradientTape();
            ObjectiveValue value = objective.Evaluate(Model.Infer(x, noise.At(step), objective.Samples), step);
            adam.Step(state, tape.Gradients(value.Loss, Model.Parameters));
        }
    }

    public Vae Model { get; }

    public Dataset Data { get; }

    public double[][] Rows { get; }

    /// <summary>The largest log-likelihood per datum of any N(b, W W^T + s^2 I): the Z leading eigenvalues of the
    /// data's covariance are fitted exactly, s^2 is the mean of the others.</summary>
    public double BestLogLikelihood()
    {
        double[] mean = [.. Enumerable.Range(0, D).Select(j => Rows.Average(r => r[j]))];
        double[,] covariance = new double[D, D];
        foreach (double[] row in Rows)
            for (int i = 0; i < D; i++)
                for (int j = 0; j < D; j++) covariance[i, j] += (row[i] - mean[i]) * (row[j] - mean[j]) / N;
        double[] eigenvalues = SmallMatrices.Eigenvalues(covariance);
        double variance = eigenvalues[Z..].Average();
        return -0.5 * (D * Math.Log(2 * Math.PI) + eigenvalues[..Z].Sum(Math.Log) + (D - Z) * Math.Log(variance) + D);
    }

    /// <summary>The model's exact mean log-likelihood per datum, whatever its encoder.</summary>
    public double ExactLogLikelihood()
    {
        (double[] w, double[] b, double variance) = Decoder();
        double[,] covariance = new double[D, D];
        for (int i = 0; i < D; i++)
        {
            covariance[i, i] = variance;
            for (int j = 0; j < D; j++)
                for (int k = 0; k < Z; k++) covariance[i, j] += w[i * Z + k] * w[j * Z + k];
        }

        double[,] factor = SmallMatrices.Cholesky(covariance);
        return Rows.Average(row => SmallMatrices.LogNormal(row, b, factor));
    }

    /// <summary>The model's exact mean ELBO per datum: every expectation over q is a polynomial of its
    /// moments.</summary>
    public double ExactElbo()
    {
        (double[] w, double[] b, double variance) = Decoder();
        double[] head = Named("encoder.head.weight"), offset = Named("encoder.head.bias");
        double total = 0;
        foreach (double[] row in Rows)
        {
            double Output(int j) => offset[j] + Enumerable.Range(0, D).Sum(i => head[j * D + i] * row[i]);
            double kl = 0, squares = 0;
            double[] m = new double[Z], v = new double[Z];
            for (int k = 0; k < Z; k++)
            {
                (m[k], v[k]) = (Output(k), Math.Exp(Output(Z + k)));
                kl += 0.5 * (m[k] * m[k] + v[k] - 1 - Math.Log(v[k]));
            }

            for (int i = 0; i < D; i++)
            {
                double residual = row[i] - b[i];
                for (int k = 0; k < Z; k++) residual -= w[i * Z + k] * m[k];
                squares += residual * residual;
                for (int k = 0; k < Z; k++) squares += w[i * Z + k] * w[i * Z + k] * v[k];
            }

            total += -0.5 * (squares / variance + D * Math.Log(2 * Math.PI * variance)) - kl;
        }

        return total / N;
    }

    private (double[] W, double[] B, double Variance) Decoder()
    {
        double floored = -12 + Math.Log(1 + Math.Exp(Named("decoder.log_variance")[0] + 12));
        return (Named("decoder.head.weight"), Named("decoder.head.bias"), Math.Exp(floored));
    }

    private double[] Named(string name) => Model.Parameters.Single(p => p.Name == name).Value.Doubles();

    private static Dataset Draw()
    {
        using var scope = new TensorScope();
        var rng = new Rng(1);
        Tensor w = rng.Normal([D, Z], DType.Float64), b = rng.Normal([D], DType.Float64),
            z = rng.Normal([N, Z], DType.Float64);
        Tensor x = Tensor.Linear(z, w, b) + rng.Normal([N, D], DType.Float64) * 0.5;
        return Dataset.FromValues("linear-gaussian", [D], x.To(DType.Float32).AsSpan<float>());
    }
}
