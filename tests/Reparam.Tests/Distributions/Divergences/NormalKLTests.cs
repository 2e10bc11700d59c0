using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions.Divergences;

public sealed class NormalKLTests() : KLContract(
    p => (new Normal(p[0], p[1]), new Normal(p[2], p[3])),
    [
        Tensor.From([0.0, -1.2, 3, 0.5], [4]), Tensor.From([1.0, 0.3, 2, 0.01], [4]),
        Tensor.From([0.5, 0.0, 2.5, 0.49], [4]), Tensor.From([2.0, 0.5, 1.8, 0.02], [4]),
    ]);
