using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class ContinuousBernoulliTests() : ReparameterizedContract<ContinuousBernoulli>(
    p => new ContinuousBernoulli(p["logits"]), "distributions/continuous_bernoulli.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from logits in new[] { 0, 1e-10, 0.0999, 0.1001, -0.5, 100, -100 }
        select new Dictionary<string, Tensor> { ["logits"] = Tensor.Full([2], logits, DType.Float64) };

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Gradients_of_moments_and_entropy_stay_finite_where_an_exponential_would_not(DType dtype)
    {
        Tensor logits = Tensor.From([-1e4, -800, -100, 100, 800, 1e4], [6]).To(dtype);
        foreach (Func<ContinuousBernoulli, Tensor> property in new Func<ContinuousBernoulli, Tensor>[] {
            d => d.Mean, d => d.Variance, d => d.Entropy() })
        {
            using var tape = new GradientTape();
            Tensor y = property(new ContinuousBernoulli(logits));
            Assert.True(y.IsFinite());
            Assert.True(tape.Gradients(y.Sum(), [logits])[0].IsFinite());
        }
    }
}
