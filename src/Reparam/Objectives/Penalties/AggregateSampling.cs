namespace Reparam.Objectives.Penalties;

/// <summary>How the density of the aggregate posterior of N data is estimated from a batch of B data (Chen et al. 2018,
/// section 4.1 and appendix C).</summary>
public enum AggregateSampling
{
    /// <summary>
    /// Minibatch stratified sampling. With M = B - 1, the data point of the draw has the weight 1/N, one other data
    /// point has the weight (N - M)/(N M), and the rest have the weight 1/M; the weights of a row sum to 1. The
    /// estimate of q(z) is unbiased, so the estimate of log q(z) is biased downwards.
    /// </summary>
    Stratified,

    /// <summary>Minibatch weighted sampling: every data point has the weight 1/(N B). Biased; the bias grows as the
    /// batch becomes smaller. Most published numbers used this estimator.</summary>
    Weighted,
}
