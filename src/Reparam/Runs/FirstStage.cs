using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Models.Diffusion;
using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Runs;

/// <summary>The trained autoencoder of a run with a <see cref="LatentDiffusion"/>: where its settings and weights come
/// from.</summary>
internal static class FirstStage
{
    private const int RowsAtOnce = 250;

    /// <summary>The settings with those of the autoencoder; unchanged for another model, and if they are
    /// known.</summary>
    /// <exception cref="InvalidConfigException">There is no autoencoder in the run that the settings name, or it was
    /// trained on other data.</exception>
    public static RunSettings Complete(RunSettings settings)
    {
        if (settings.Model is not LatentDiffusionSettings { HasAutoencoder: false } latent) return settings;
        if (latent.AutoencoderRun.Length == 0)
        {
            throw new InvalidConfigException("model.kind 'latent-diffusion' needs a trained autoencoder: set " +
                "model.autoencoder_run to the folder of its run.");
        }

        Run first = Run.Open(latent.AutoencoderRun);
        if (first.Config.Model is not VaeSettings vae || first.Table is not null)
        {
            throw new InvalidConfigException($"The run in '{latent.AutoencoderRun}' has a model " +
                $"'{first.Config.Model.Kind.Name}'{(first.Table is null ? "" : " of a table")}, and a diffusion of " +
                "codes needs a vae of pictures or arrays: set model.autoencoder_run to the run of one.");
        }

        DataSettings data = settings.Data, own = first.Config.Data;
        if ((data.Binarization ?? own.Binarization) != own.Binarization
            || (data.Standardize != StandardizeBy.Auto && data.Standardize != own.Standardize))
        {
            throw new InvalidConfigException("data.binarization and data.standardize must be those of the " +
                $"autoencoder's run, '{own.TextOf("binarization")}' and '{own.TextOf("standardize")}'; leave " +
                "them out.");
        }

        return settings with
        {
            Data = data with { Binarization = own.Binarization, Standardize = own.Standardize },
            Model = latent with
            {
                AutoencoderRun = System.IO.Path.GetFullPath(latent.AutoencoderRun), Autoencoder = vae,
                Likelihood = vae.Likelihood,
            },
        };
    }

    /// <summary>Gives a new model the weights of the autoencoder's run, and the means and deviations of the codes of
    /// the training data.</summary>
    /// <param name="model">The model at the start of training; another model than a latent diffusion is left as it
    /// is.</param>
    /// <param name="settings">The complete settings.</param>
    /// <param name="train">The standardised training data.</param>
    /// <exception cref="InvalidModelException">The autoencoder's run has no intact checkpoint.</exception>
    public static void Start(LatentVariableModel model, RunSettings settings, Dataset train)
    {
        if (model is not LatentDiffusion latent || settings.Model is not LatentDiffusionSettings given) return;
        IReadOnlyList<Parameter> trained = Run.Open(given.AutoencoderRun).LoadModel().State,
            own = latent.Autoencoder.State;
        for (int i = 0; i < own.Count; i++) own[i].Assign(trained[i].Value);
        Rng rng = RunFactory.RngOf(settings).Split("codes");
        (double[] mean, double[] deviation) = Statistics(latent, train.Binarize(
            settings.Data.Binarization ?? Binarization.None, rng.Split("binarize")), rng);
        latent.Standardize(mean, deviation);
    }

    /// <summary>
    /// The mean and the standard deviation of each component of the codes over all data: the mean of the posterior
    /// means, and the root of the variance of the posterior means plus the mean of the posterior variances. Two passes
    /// in Float64.
    /// </summary>
    private static (double[] Mean, double[] Deviation) Statistics(LatentDiffusion latent, Dataset data, Rng rng)
    {
        int size = latent.LatentShape[0];
        double[] sums = new double[size], squares = new double[size];
        var reader = new BatchReader(data, Binarization.None, rng, latent.DType);
        foreach (bool second in (bool[])[false, true])
        {
            for (int start = 0; start < data.Count; start += RowsAtOnce)
            {
                using var scope = new TensorScope();
                int count = Math.Min(RowsAtOnce, data.Count - start);
                (Tensor mean, Tensor variance) = latent.Moments(reader.Read(start, count, rng));
                for (int i = 0; i < count * size; i++)
                {
                    int j = i % size;
                    double deviation = mean.At(i) - sums[j];
                    if (second) squares[j] += (deviation * deviation + variance.At(i)) / data.Count;
                    else sums[j] += mean.At(i) / data.Count;
                }
            }
        }

        return (sums, [.. squares.Select(Math.Sqrt)]);
    }
}
