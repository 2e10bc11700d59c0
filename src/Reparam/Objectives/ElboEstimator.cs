namespace Reparam.Objectives;

/// <summary>The estimators of the ELBO: the two stochastic gradient variational Bayes estimators of Kingma and Welling
/// (2013), section 2.3, and a variant of SGVB A.</summary>
public enum ElboEstimator
{
    /// <summary>SGVB B, equation 7: the KL is in closed form if posterior and prior have one; only the reconstruction
    /// is sampled.</summary>
    ClosedFormKL,

    /// <summary>SGVB A, equation 6: every term is sampled, log p(x, z) - log q(z|x).</summary>
    Sampled,

    /// <summary>
    /// Sticking the landing (Roeder, Wu and Duvenaud 2017): SGVB A without the direct derivative of log q by its
    /// parameters; only the gradient through the draws remains. Unbiased, and without noise if q is the exact
    /// posterior.
    /// </summary>
    StickingTheLanding,
}
