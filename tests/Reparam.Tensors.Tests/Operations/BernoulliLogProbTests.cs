namespace Reparam.Tensors.Tests.Operations;

public sealed class BernoulliLogProbTests
{
    [Theory]
    [InlineData(20f, 1f, -2.0611536e-9)]
    [InlineData(-20f, 0f, -2.0611536e-9)]
    [InlineData(50f, 1f, -1.9287499e-22)]
    [InlineData(20f, 0f, -20.000000002)]
    [InlineData(3e38f, 0f, -3e38)]
    [InlineData(3e38f, 1f, 0)]
    public void Confident_logits_lose_no_precision(float logit, float x, double expected)
    {
        double actual = Tensor.BernoulliLogProb(Tensor.From([logit], [1]), Tensor.From([x], [1])).Item();
        Assert.Equal(expected, actual, Math.Abs(expected) * 1e-6);
    }
}
