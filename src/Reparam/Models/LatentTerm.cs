using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>One latent variable of an inference pass.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Posterior">q(z|x), batch [B].</param>
/// <param name="Prior">p(z).</param>
/// <param name="Value">The draws z ~ q, [K, B, Z], with pathwise gradients.</param>
public sealed record LatentTerm(string Name, ReparameterizedDistribution Posterior, Distribution Prior, Tensor Value);
