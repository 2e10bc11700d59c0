using Reparam.Distributions;
using Reparam.Testing;

namespace Reparam.Tests.Distributions.Divergences;

public sealed class BernoulliKLTests() : KLContract(
    p => (new Bernoulli(p[0]), new Bernoulli(p[1])),
    [GradientCheck.Values([6], -3, 3), GradientCheck.Values([6], -3, 3, seed: 2)]);
