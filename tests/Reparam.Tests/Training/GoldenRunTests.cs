using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Tests.Models;
using Reparam.Training;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Training;

/// <summary>
/// The first 64 bits of the SHA-256 of all parameters after a short run, as committed constants: the same on every
/// machine and vector width. A change that alters them changes everyone's results, and says so in the changelog.
/// </summary>
public sealed class GoldenRunTests
{
    [Theory]
    [InlineData("bernoulli", "d7e4c0399d8da6ff")]
    [InlineData("gaussian-sigmoid", "0f5040e8f53f41c5")]
    [InlineData("logistic256", "134c6479aecfae7b")]
    public void Fifty_steps_end_in_the_committed_bits(string likelihood, string hash)
    {
        Vae vae = SmallModel.Make(Likelihood.All.Single(l => l.Name == likelihood));
        Binarization binarization = likelihood == "bernoulli" ? Binarization.Dynamic : Binarization.None;
        new Trainer(new Adam(Schedule.Cosine(3e-3, 0, 50)),
            new TrainerOptions { Epochs = 10, BatchSize = 16, Binarization = binarization })
            .Fit(vae, new Elbo { Beta = Schedule.Linear(0, 1, 20) }, SmallModel.Ramps(80), new Rng(7),
                SmallModel.Ramps(20, seed: 6));
        Assert.Equal(hash, WeightsFile.Sha256(vae.Parameters)[..16]);
    }
}
