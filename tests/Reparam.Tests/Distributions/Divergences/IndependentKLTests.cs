using Reparam.Distributions;
using Reparam.Testing;

namespace Reparam.Tests.Distributions.Divergences;

public sealed class IndependentKLTests() : KLContract(
    p => (new Independent(new Normal(p[0], p[1]), 2), new Independent(new Normal(p[2], p[3]), 2)),
    [
        GradientCheck.Values([2, 2, 2], -1, 1), GradientCheck.Values([2, 2, 2], 0.4, 1.5, seed: 2),
        GradientCheck.Values([2, 2, 2], -1, 1, seed: 3), GradientCheck.Values([2, 2, 2], 0.6, 2, seed: 4),
    ]);
