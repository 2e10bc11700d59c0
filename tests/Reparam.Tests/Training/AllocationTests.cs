using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Tests.Models;
using Reparam.Training;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Training;

/// <summary>After the first step a step allocates a small and constant number of bytes: tensors come from the
/// pool.</summary>
[Collection(nameof(Undisturbed))]
public sealed class AllocationTests(ITestOutputHelper output)
{
    [Fact]
    public void Steady_step_allocates_little_and_no_more_for_a_larger_batch()
    {
        long small = BytesPerStep(batch: 16, samples: 1), large = BytesPerStep(batch: 256, samples: 1),
            many = BytesPerStep(batch: 256, samples: 8);
        output.WriteLine($"bytes a step: {small} at batch 16, {large} at batch 256, {many} with 8 samples too");
        Assert.InRange(small, 1, 64 * 1024);
        Assert.InRange(many, 1, 64 * 1024);
        // Four bytes a datum for the batch's list of indices, nothing else.
        Assert.InRange(large - small, -512, 240 * 4 + 512);
        Assert.InRange(many - large, -512, 512);
    }

    private static long BytesPerStep(int batch, int samples)
    {
        const int Batches = 12;
        Dataset data = SmallModel.Ramps(batch * Batches);
        List<long> marks = new(Batches);
        // The callback runs on the training thread, which is this one.
        var spy = new Spy(onStep: (_, _) => marks.Add(GC.GetAllocatedBytesForCurrentThread()));
        Vae vae = SmallModel.Make();
        new Trainer(new Adam(1e-3),
            new TrainerOptions { Epochs = 1, BatchSize = batch, Binarization = Binarization.Dynamic }, spy)
            .Fit(vae, new Elbo(samples), data, new Rng(1));
        return (marks[^1] - marks[3]) / (marks.Count - 4);
    }
}
