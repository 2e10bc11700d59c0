namespace Reparam.Objectives.Penalties;

/// <summary>How the density of the aggregate posterior is estimated from a batch of B of N data (Chen et al. 2018,
/// section 4.1 and appendix C).</summary>
public enum AggregateSampling
{
    /// <summary>
    /// Minibatch stratified sampling: the draw's own datum weighs 1/N, one other (N - M)/(N M), the rest 1/M, M = B -
    /// 1, a row summing to 1. q(z) is estimated without bias, and so log q(z) with one downwards.
    /// </summary>
    Stratified,

    /// <summary>Minibatch weighted sampling: every datum weighs 1/(N B). Biased, the more the smaller the batch; what
    /// most published numbers used.</summary>
    Weighted,
}
