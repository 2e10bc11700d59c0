using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training;

namespace Reparam.Testing.Host;

/// <summary>
/// SHA-256 of what three small models are after ten training steps and of what they compute then: parameters and
/// moments (straight through, and saved to files and resumed), codes, decoded means, draws from the prior and from the
/// decoder, and bounds.
/// </summary>
public static class ModelFingerprint
{
    private const int Batch = 6, ResumedAt = 3;

    private static readonly (string Name, Func<Vae> Make, Shape EventShape, Binarization Binarization)[] s_models =
    [
        ("mlp", () => Vae.Mlp([40], 3, [20], Likelihood.Bernoulli, new Rng(1)), [40], Binarization.Dynamic),
        ("conv", () => Vae.Conv([12, 12], 4, [5, 9], Likelihood.GaussianSigmoid, new Rng(2), []),
            [12, 12], Binarization.None),
        ("residual",
            () => Vae.Residual([8, 8], 3, [6], Likelihood.DiscretizedLogistic, new Rng(3), attention: true),
            [8, 8], Binarization.None),
    ];

    /// <summary>A name and a hash for every model and result.</summary>
    public static IReadOnlyList<(string Name, string Hash)> Compute()
    {
        List<(string, string)> hashes = [];
        foreach (var (name, make, eventShape, binarization) in s_models)
        {
            TrainingState state = Train(-1), resumed = Train(ResumedAt);
            hashes.Add(($"{name} weights", TrainingMatrix.Hash(state)));
            hashes.Add(($"{name} weights, resumed", TrainingMatrix.Hash(resumed)));
            var model = (Vae)state.Model;
            Dataset data = TrainingMatrix.Noise(eventShape, Batch);
            if (binarization != Binarization.None) data = data.Binarize(Binarization.Static, new Rng(12));
            using var scope = new TensorScope();
            Tensor x = new BatchReader(data, Binarization.None, new Rng(11)).Read(0, data.Count, new Rng(11));
            Tensor z = model.Encode(x), prior = model.SamplePrior(9, new Rng(13));
            hashes.Add(($"{name} codes", Hash(z)));
            hashes.Add(($"{name} decoded means", Hash(model.Decode(z))));
            hashes.Add(($"{name} draws of the prior", Hash(prior)));
            hashes.Add(($"{name} draws of the decoder", Hash(model.Likelihood(prior).Sample(new Rng(14)))));
            double[] bounds = ImportanceWeightedBound.PerDatum(model, data, 5, new Rng(15));
            hashes.Add(($"{name} bounds", Hash(MemoryMarshal.AsBytes<double>(bounds))));

            TrainingState Train(int stop) =>
                TrainingMatrix.Train(make, new Elbo(), eventShape, Batch, stop, binarization);
        }

        return hashes;
    }

    private static string Hash(Tensor x) => Hash(MemoryMarshal.AsBytes<float>(x.ToArray<float>()));

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
