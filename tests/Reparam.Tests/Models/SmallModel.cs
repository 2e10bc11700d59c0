using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Tests.Models;

/// <summary>A model and a data set small enough to check every number of.</summary>
internal static class SmallModel
{
    public static readonly Shape Event = [4, 4];

    public static Vae Make(
        Likelihood? likelihood = null, Activation? activation = null, DType dtype = DType.Float32, ulong seed = 3) =>
        Vae.Mlp(Event, latent: 3, hidden: [8, 6], likelihood ?? Likelihood.Bernoulli, new Rng(seed), activation,
            options: new() { DType = dtype });

    /// <summary>Grey images, each a ramp in a direction and of a brightness of its own, with every level from 0 to 255
    /// somewhere.</summary>
    public static Dataset Ramps(int count, ulong seed = 5)
    {
        var rng = new Rng(seed);
        byte[] levels = new byte[count * Event.Size];
        for (int i = 0; i < count; i++)
        {
            double across = rng.NextDouble() * 2 - 1, down = rng.NextDouble() * 2 - 1, bright = rng.NextDouble() * 255;
            for (int j = 0; j < 16; j++)
            {
                levels[i * 16 + j] = (byte)Math.Clamp(
                    bright + 60 * (across * (j % 4 - 1.5) + down * (j / 4 - 1.5)), 0, 255);
            }
        }

        return Dataset.FromBytes("ramps", Event, levels, DataKind.Grey);
    }
}
