using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Models;

public sealed class VqVaeTests
{
    private static VqVae Make(bool autoregressive = false, double commitment = 0.25) => new(
        [4, 4], codes: 5, size: 3, [4], Likelihood.Bernoulli, new Rng(1), dtype: DType.Float64,
        prior: places => autoregressive ? new AutoregressivePrior(places, 5, new Rng(1).Split("prior"),
            dtype: DType.Float64) : UniformPrior.Categorical(places, 5, DType.Float64))
    {
        Commitment = commitment,
    };

    private static readonly Tensor X = GradientCheck.Values([6, 4, 4], 0, 1).Keep();

    [Fact]
    public void Codebook_follows_the_running_means_of_what_comes_to_it()
    {
        var book = new Codebook(2, 1, new Rng(1), decay: 0.5, dtype: DType.Float64);
        Tensor z = Tensor.From([0.0, 0.2, 10, 10.4], [4, 1]);
        book.Start(z, new Rng(2));
        double[] start = book.Vectors.Doubles();
        Assert.All(start, v => Assert.Contains(v, z.Doubles()));
        // Set them apart, one count each, then three steps by hand.
        book.Buffers[0].Assign(Tensor.From([1.0, 9], [2, 1]));
        book.Buffers[2].Assign(Tensor.From([1.0, 9], [2, 1]));
        double[] counts = [1, 1], sums = [1, 9];
        for (int step = 0; step < 3; step++)
        {
            Tensor nearest = book.Nearest(z);
            Assert.Equal([1.0, 0, 1, 0, 0, 1, 0, 1], nearest.Doubles());
            book.Follow(z, nearest, new Rng(3));
            (counts[0], counts[1]) = (0.5 * counts[0] + 1, 0.5 * counts[1] + 1);
            (sums[0], sums[1]) = (0.5 * sums[0] + 0.1, 0.5 * sums[1] + 10.2);
            Close.Require([sums[0] / counts[0], sums[1] / counts[1]], book.Vectors.Doubles(), 1e-14);
        }
    }

    [Fact]
    public void Code_that_nothing_comes_to_moves_to_a_vector_of_the_batch()
    {
        var book = new Codebook(2, 1, new Rng(1), decay: 0.5, dtype: DType.Float64);
        Tensor z = Tensor.From([3.0, 3.5], [2, 1]);
        book.Start(z, new Rng(2));
        book.Buffers[0].Assign(Tensor.From([3.2, 1000], [2, 1]));
        book.Buffers[2].Assign(Tensor.From([3.2, 1000], [2, 1]));
        for (int step = 0; step < 3; step++) book.Follow(z, book.Nearest(z), new Rng(3));
        Assert.True(book.Vectors.At(1) > 999, "an eighth of one datum's weight is left");
        book.Follow(z, book.Nearest(z), new Rng(3));
        Assert.Contains(book.Vectors.At(1), z.Doubles());
    }

    [Fact]
    public void Bound_is_the_reconstruction_less_the_choices_under_the_prior()
    {
        VqVae model = Make();
        model.SetMode(ModuleMode.Evaluation);
        InferencePass pass = model.Infer(X, new Rng(1));
        ObjectiveValue value = new Elbo().Evaluate(pass, 0);
        Close.Require(4 * Math.Log(5), value.KL.Item(), 1e-12);
        Close.Require(model.Likelihood(model.Encode(X)).LogProb(X).Mean().Item(), value.Reconstruction.Item(), 1e-12,
            "decoding the code");
        Close.Require((value.Reconstruction - value.KL).Item(), pass.LogWeights.Mean().Item(), 1e-12,
            "the weight of the one draw");
        Close.Require(value.Bound.Item() - 0.25 * Assert.Single(pass.Terms).Value.Mean().Item(), -value.Loss.Item(),
            1e-12, "the loss pays the commitment");
        Assert.All(model.Encode(X).Reshape([24, 5]).Sum(1).Doubles(), s => Assert.Equal(1, s));
        Assert.Equal(LatentSpace.Discrete, model.Space);
    }

    [Fact]
    public void Gradient_passes_the_choice_as_if_it_had_not_been_made()
    {
        VqVae model = Make(commitment: 0);
        model.SetMode(ModuleMode.Evaluation);
        using var tape = new GradientTape();
        InferencePass pass = model.Infer(X, new Rng(1));
        Gradients gradients = tape.Gradients(new Elbo().Evaluate(pass, 0).Loss, model.Parameters);
        // Vectors that already are codes: moving the last bias moves all of them, and the loss with them.
        Parameter bias = model.Parameters.Single(p => p.Name == "to_codes.bias");
        int index = model.Parameters.ToList().IndexOf(bias);
        Assert.Contains(gradients[index].Doubles(), g => Math.Abs(g) > 1e-6);
        // With the choices as they are, moving what the encoder gives is moving the vectors that stand for it.
        Tensor code = model.Encode(X), vectors = model.Codebook.Vectors.Keep();
        double Loss(double h)
        {
            model.Codebook.Buffers[0].Assign(vectors + Tensor.From([h, 0.0, 0], [3]));
            return -model.Likelihood(code).LogProb(X).Mean().Item();
        }

        Close.Require((Loss(1e-5) - Loss(-1e-5)) / 2e-5, gradients[index].At(0), 1e-7);
    }

    [Fact]
    public void Autoregressive_prior_is_a_distribution_over_all_sequences()
    {
        var prior = new AutoregressivePrior(3, 2, new Rng(4), [6], DType.Float64);
        foreach (Parameter p in prior.Parameters)
            p.Assign(p.Value + new Rng(8).Split(p.Name).Normal(p.Shape, DType.Float64) * 0.7);
        double[] all = new double[8 * 6];
        for (int i = 0; i < 8; i++)
        {
            for (int v = 0; v < 3; v++) all[(i * 3 + v) * 2 + (i >> v & 1)] = 1;
        }

        double[] log = prior.Distribution.LogProb(Tensor.From(all, [8, 3, 2])).Doubles();
        double[] probs = [.. log.Select(Math.Exp)];
        Close.Require(1, probs.Sum(), 1e-12);
        Assert.True(probs.Max() > 1.5 * probs.Min(), "the test's prior is not uniform");
        const int count = 40_000;
        double[] draws = prior.Distribution.Sample(new Rng(5), [count]).Doubles();
        double[] seen = new double[8];
        for (int i = 0; i < count; i++) seen[(int)(draws[i * 6 + 1] + 2 * draws[i * 6 + 3] + 4 * draws[i * 6 + 5])]++;
        for (int i = 0; i < 8; i++)
        {
            Assert.InRange(seen[i] / count, probs[i] - 5 * Math.Sqrt(probs[i] / count),
                probs[i] + 5 * Math.Sqrt(probs[i] / count));
        }

        Assert.Equal(0, new AutoregressivePrior(3, 2, new Rng(4), [6], DType.Float64).Distribution.LogProb(
            Tensor.From(all, [8, 3, 2])).Mean().Item() + 3 * Math.Log(2), 12);
    }

    [Fact]
    public void Codebook_learns_only_in_training()
    {
        VqVae model = Make();
        double[] before = model.Codebook.Vectors.Doubles();
        model.SetMode(ModuleMode.Evaluation);
        model.Infer(X, new Rng(1));
        Assert.Equal(before, model.Codebook.Vectors.Doubles());
        model.SetMode(ModuleMode.Training);
        model.Infer(X, new Rng(1));
        Assert.NotEqual(before, model.Codebook.Vectors.Doubles());
    }
}
