namespace Reparam.Objectives;

/// <summary>How the gradient of an importance-weighted bound reaches the encoder through its draws. The value of the
/// bound and the decoder's gradient are the same for all.</summary>
public enum PathGradient
{
    /// <summary>All of it: the derivative of log w by everything it depends on. Its signal fades against its noise as K
    /// grows (Rainforth et al. 2018).</summary>
    Total,

    /// <summary>Without the derivative of log q by its own parameters, as if its expectation were zero here as it is in
    /// the ELBO: sticking the landing (Roeder, Wu and Duvenaud 2017). BIASED for K > 1.</summary>
    StickingTheLanding,

    /// <summary>That derivative reparameterized once more: each draw's path weighs its normalised weight squared (DReG:
    /// Tucker et al. 2019, equation 8). Unbiased, and without noise where q is exact.</summary>
    DoublyReparameterized,
}
