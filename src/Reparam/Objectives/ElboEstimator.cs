namespace Reparam.Objectives;

/// <summary>The two stochastic gradient variational Bayes estimators of Kingma and Welling (2013), section
/// 2.3.</summary>
public enum ElboEstimator
{
    /// <summary>SGVB B, equation 7: the KL in closed form where the pair has one, only the reconstruction
    /// sampled.</summary>
    ClosedFormKL,

    /// <summary>SGVB A, equation 6: every term sampled, log p(x, z) - log q(z|x).</summary>
    Sampled,

    /// <summary>SGVB A with the parameters of log q held where it is differentiated directly: sticking the landing
    /// (Roeder, Wu and Duvenaud 2017). Unbiased, and without noise where q is exact.</summary>
    StickingTheLanding,
}
