using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>The prior under which all values of a discrete latent have equal probability, without learned
/// parameters.</summary>
public sealed class UniformPrior : Prior
{
    private readonly Tensor _logits;
    private readonly Func<Tensor, Distribution> _variables;

    private UniformPrior(Shape shape, DType dtype, Func<Tensor, Distribution> variables)
    {
        // Like parameters, the logits stay valid after the scope in which they are made.
        _logits = Tensor.Zeros(shape, dtype).Keep();
        _variables = variables;
    }

    /// <inheritdoc/>
    public override LatentSpace Space => LatentSpace.Discrete;

    /// <inheritdoc/>
    public override Independent Distribution => new(_variables(_logits), 1);

    /// <summary><paramref name="latent"/> Bernoulli variables of probability 1/2.</summary>
    public static UniformPrior Bernoulli(int latent, DType dtype = DType.Float32) =>
        new([latent], dtype, logits => new Bernoulli(logits));

    /// <summary><paramref name="latent"/> one-hot variables of <paramref name="classes"/> outcomes of equal
    /// probability.</summary>
    public static UniformPrior Categorical(int latent, int classes, DType dtype = DType.Float32) =>
        new([latent, classes], dtype, logits => new OneHotCategorical(logits));
}
