using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>The prior under which every value of a discrete latent is as likely: nothing to learn.</summary>
public sealed class UniformPrior : Prior
{
    private readonly Tensor _logits;
    private readonly Func<Tensor, Distribution> _variables;

    private UniformPrior(Shape shape, DType dtype, Func<Tensor, Distribution> variables)
    {
        // Like a parameter they outlive the scope they are made in.
        _logits = Tensor.Zeros(shape, dtype).Keep();
        _variables = variables;
    }

    /// <inheritdoc/>
    public override LatentSpace Space => LatentSpace.Discrete;

    /// <inheritdoc/>
    public override Independent Distribution => new(_variables(_logits), 1);

    /// <summary><paramref name="latent"/> even coins.</summary>
    public static UniformPrior Bernoulli(int latent, DType dtype = DType.Float32) =>
        new([latent], dtype, logits => new Bernoulli(logits));

    /// <summary><paramref name="latent"/> one-hot variables of <paramref name="classes"/> outcomes.</summary>
    public static UniformPrior Categorical(int latent, int classes, DType dtype = DType.Float32) =>
        new([latent, classes], dtype, logits => new OneHotCategorical(logits));
}
