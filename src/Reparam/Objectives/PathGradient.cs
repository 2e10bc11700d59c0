namespace Reparam.Objectives;

/// <summary>How the gradient of an importance-weighted bound reaches the encoder through the draws. The value of the
/// bound and the gradient of the decoder are the same for all members.</summary>
public enum PathGradient
{
    /// <summary>The total gradient: the derivative of log w by everything that log w depends on. Its signal-to-noise
    /// ratio falls as K grows (Rainforth et al. 2018).</summary>
    Total,

    /// <summary>
    /// Sticking the landing (Roeder, Wu and Duvenaud 2017): the gradient without the derivative of log q by its own
    /// parameters. The expectation of this derivative is zero in the ELBO, but not here. BIASED for K > 1.
    /// </summary>
    StickingTheLanding,

    /// <summary>
    /// Doubly reparameterized (DReG: Tucker et al. 2019, equation 8): the derivative of log q by its own parameters is
    /// reparameterized once more. The gradient through the path of each draw is multiplied by the square of the draw's
    /// normalised weight. Unbiased, and without noise if q is the exact posterior.
    /// </summary>
    DoublyReparameterized,
}
