using Reparam.Distributions;
using Reparam.Testing;

namespace Reparam.Tests.Distributions.Divergences;

public sealed class VonMisesKLTests() : KLContract(
    p => (new VonMises(p[0], p[1]), new VonMises(p[2], p[3])),
    [GradientCheck.Values([4], -2, 2), GradientCheck.Values([4], 0.3, 5, seed: 2),
        GradientCheck.Values([4], -2, 2, seed: 3), GradientCheck.Values([4], 0.3, 5, seed: 4)]);
