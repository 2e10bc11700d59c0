using Reparam.Distributions;
using Reparam.Testing;

namespace Reparam.Tests.Distributions.Divergences;

public sealed class DiagonalNormalKLTests() : KLContract(
    p => (new DiagonalNormal(p[0], p[1]), new DiagonalNormal(p[2], p[3])),
    [
        GradientCheck.Values([2, 3], -1, 1), GradientCheck.Values([2, 3], 0.2, 1.5, seed: 2),
        GradientCheck.Values([2, 3], -1, 1, seed: 3), GradientCheck.Values([2, 3], 0.4, 2, seed: 4),
    ]);
