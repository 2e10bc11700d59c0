using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Runs;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Data.Images;

public sealed class AugmentationTests
{
    private const int Side = 16, Count = 40;

    private static readonly Dataset Images = Dataset.FromBytes("images", [Side, Side],
        [.. Enumerable.Range(0, Count * Side * Side).Select(i => (byte)(i % (Side * Side)))], DataKind.Grey);

    [Fact]
    public void Flips_mirror_half_of_the_images()
    {
        float[][] rows = Read(Images, Augmentation.Flip, 0);
        float[] plain = Read(Images, Augmentation.None, 0)[0];
        float[] mirrored = [.. plain.Chunk(Side).SelectMany(r => r.Reverse())];
        Assert.All(rows, row => Assert.True(row.SequenceEqual(plain) || row.SequenceEqual(mirrored)));
        Assert.InRange(rows.Count(row => row.SequenceEqual(mirrored)), 10, 30);
    }

    [Fact]
    public void Shifts_move_all_channels_alike_by_at_most_an_eighth_and_repeat_the_edge()
    {
        byte[] colours = [.. Enumerable.Range(0, Count * 3 * Side * Side).Select(i => (byte)(i % (Side * Side)))];
        var data = Dataset.FromBytes("colours", [3, Side, Side], colours, DataKind.Grey);
        HashSet<(int, int)> seen = [];
        foreach (float[] row in Read(data, Augmentation.Shift, 3))
        {
            int[] levels = [.. row.Select(v => (int)MathF.Round(255 * v))];
            Assert.Equal(levels[..256], levels[256..512]);
            Assert.Equal(levels[..256], levels[512..]);
            int middle = levels[8 * Side + 8], down = 8 - middle / Side, right = 8 - middle % Side;
            seen.Add((right, down));
            Assert.True(Math.Abs(right) <= 2 && Math.Abs(down) <= 2);
            for (int y = 0; y < Side; y++)
            {
                for (int x = 0; x < Side; x++)
                {
                    int expected = Math.Clamp(y - down, 0, 15) * Side + Math.Clamp(x - right, 0, 15);
                    Assert.Equal(expected, levels[y * Side + x]);
                }
            }
        }

        Assert.True(seen.Count > 10);
    }

    [Fact]
    public void Changes_depend_on_step_and_datum_and_not_on_the_batch()
    {
        Assert.Equal(Read(Images, Augmentation.FlipAndShift, 5), Read(Images, Augmentation.FlipAndShift, 5));
        Assert.NotEqual(Read(Images, Augmentation.FlipAndShift, 5), Read(Images, Augmentation.FlipAndShift, 6));
        using var scope = new TensorScope();
        var reader = new BatchReader(Images, Binarization.None, new Rng(1))
        {
            Augmentation = Augmentation.FlipAndShift,
        };
        Assert.Equal(Read(Images, Augmentation.FlipAndShift, 5)[7],
            reader.Read([7], new Rng(1).At(5)).ToArray<float>());
        float[] reals = new float[Images.Count * Images.EventShape.Size];
        Images.CopyValues(0, Images.Count, reals);
        Assert.Equal(Levels(Read(Images, Augmentation.FlipAndShift, 5)),
            Levels(Read(Dataset.FromValues("reals", Images.EventShape, reals), Augmentation.FlipAndShift, 5)));

        static IEnumerable<int> Levels(float[][] rows) =>
            rows.SelectMany(r => r.Select(v => (int)MathF.Round(255 * v)));
    }

    [Fact]
    public void Training_sees_the_changes_and_repeats_them()
    {
        double[] plain = Trained(Augmentation.None), first = Trained(Augmentation.FlipAndShift);
        Assert.Equal(first, Trained(Augmentation.FlipAndShift));
        Assert.NotEqual(plain, first);

        static double[] Trained(Augmentation augmentation)
        {
            using var scope = new TensorScope();
            var vae = Vae.Mlp(Images.EventShape, 2, [4], new BernoulliLikelihood(), new Rng(1));
            new Trainer(new Adam(1e-2), new TrainerOptions
            {
                Epochs = 2, BatchSize = 16, Augmentation = augmentation,
            }).Fit(vae, new Elbo(), Images, new Rng(2));
            return [.. vae.Parameters.SelectMany(p => p.Value.Doubles())];
        }
    }

    [Fact]
    public void Rows_without_an_image_are_refused()
    {
        using TemporaryFolder folder = new();
        var rows = Dataset.FromBytes("rows", [20], new byte[400], DataKind.Binary);
        Assert.Contains("data.augment changes images", Assert.Throws<InvalidConfigException>(() => Run.Create(
            folder.File("run"), new RunSettings { Data = new DataSettings { Augment = Augmentation.Flip } },
            new DataSplits(rows, null, rows))).Message, StringComparison.Ordinal);
    }

    private static float[][] Read(Dataset data, Augmentation augmentation, long step)
    {
        using var scope = new TensorScope();
        var reader = new BatchReader(data, Binarization.None, new Rng(1)) { Augmentation = augmentation };
        return [.. reader.Read(0, data.Count, new Rng(1).At(step)).ToArray<float>().Chunk(data.EventShape.Size)];
    }
}
