using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Models;

public sealed class ConditionalVaeTests
{
    public static TheoryData<string> Kinds => ["mlp", "conv", "resnet"];

    private static Vae Make(string kind, Shape eventShape) => kind switch
    {
        "mlp" => Vae.Mlp(eventShape, 2, [16], Likelihood.Bernoulli, new Rng(1), options: new() { Context = 3 }),
        "conv" => Vae.Conv(eventShape, 2, [4], Likelihood.Bernoulli, new Rng(1), options: new() { Context = 3 }),
        _ => Vae.Residual(eventShape, 2, [8], Likelihood.Bernoulli, new Rng(1), options: new() { Context = 3 }),
    };

    /// <summary>A third of the data each all bright at the top, in the middle and at the bottom: the class says
    /// everything.</summary>
    private static Dataset Stripes(int count)
    {
        byte[] levels = new byte[count * 16];
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 3)];
        for (int i = 0; i < count; i++) levels.AsSpan(i * 16 + labels[i] * 4, 4).Fill(1);
        return Dataset.FromBytes("stripes", [4, 4], levels, DataKind.Binary, labels);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Model_learns_what_the_class_says_and_makes_it_when_asked(string kind)
    {
        Dataset data = Stripes(300);
        Assert.Equal(3, data.Classes);
        Vae vae = Make(kind, data.EventShape);
        new Trainer(new Adam(0.01), new TrainerOptions { Epochs = 20, BatchSize = 30 }).Fit(
            vae, new Elbo(), data, new Rng(3));
        vae.SetMode(ModuleMode.Evaluation);
        // Given its class a datum holds no surprise: log p(x|y) is 0. Without, it would be -log 3.
        Assert.InRange(EvidenceLowerBound.Evaluate(vae, data, new Rng(1)).Elbo.Mean, -0.4, 0);
        Assert.InRange(ImportanceWeightedBound.Evaluate(vae, data, 20, new Rng(1)).Mean, -0.4, 0);
        Tensor classes = Tensor.Eye(3);
        double[] made = vae.Generate(3, new Rng(4), classes).Doubles();
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 16; j++) Assert.Equal(j / 4 == i ? 1.0 : 0.0, made[i * 16 + j], 0.2);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Context_reaches_encoder_and_decoder_and_belongs_to_its_datum(string kind)
    {
        Vae vae = Make(kind, [4, 4]);
        Tensor x = new BatchReader(SmallModel.Ramps(2), Binarization.None, new Rng(1)).Read(0, 2, new Rng(1));
        Tensor y = Tensor.From([1f, 0, 0, 0, 0, 1], [2, 3]), other = Tensor.From([1f, 0, 0, 0, 1, 0], [2, 3]);
        double[] first = vae.Encode(x, y).Doubles(), second = vae.Encode(x, other).Doubles();
        Assert.Equal(first[..2], second[..2]);
        Assert.NotEqual(first[2..], second[2..]);
        Tensor z = Tensor.Zeros([2, 2]);
        double[] a = vae.Decode(z, y).Doubles(), b = vae.Decode(z, other).Doubles();
        Assert.Equal(a[..16], b[..16]);
        Assert.NotEqual(a[16..], b[16..]);
        Assert.Equal([4, 2], vae.Infer(x, new Rng(2), 4, context: y).LogWeights.Shape);
    }

    [Fact]
    public void Context_that_does_not_fit_is_refused_in_words()
    {
        Vae conditional = Make("mlp", [4, 4]), plain = Vae.Mlp([4, 4], 2, [3], Likelihood.Bernoulli, new Rng(1));
        Tensor x = Tensor.Zeros([2, 4, 4]);
        Assert.Contains("one-hot label", Assert.Throws<ArgumentException>(() => conditional.Encode(x)).Message,
            StringComparison.Ordinal);
        Assert.Contains("not conditioned", Assert.Throws<ArgumentException>(
            () => plain.Encode(x, Tensor.Eye(3).Slice(0, 0, 2))).Message, StringComparison.Ordinal);
        Assert.Contains("shape [B, 3]", Assert.Throws<ArgumentException>(
            () => conditional.Decode(Tensor.Zeros([2, 2]), Tensor.Zeros([2, 4]))).Message, StringComparison.Ordinal);
        Dataset unlabelled = SmallModel.Ramps(5);
        Assert.Contains("no labels", Assert.Throws<ArgumentException>(
            () => EvidenceLowerBound.Evaluate(conditional, unlabelled, new Rng(1))).Message, StringComparison.Ordinal);
        Dataset more = Dataset.FromBytes("more", [4, 4], new byte[16], DataKind.Binary, [3]);
        Assert.Contains("label 3; the model knows 0 to 2", Assert.Throws<ArgumentException>(
            () => EvidenceLowerBound.Evaluate(conditional, more, new Rng(1))).Message, StringComparison.Ordinal);
    }
}
