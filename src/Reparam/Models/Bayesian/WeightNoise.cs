namespace Reparam.Models.Bayesian;

/// <summary>How a layer with uncertain weights draws its outputs. The distribution of a single output is the same for
/// all choices. The choices differ in the noise that the outputs of a batch share.</summary>
public enum WeightNoise
{
    /// <summary>One draw of the weights for the whole batch (Graves 2011; Blundell et al. 2015). All data share the
    /// noise, so it does not average out over the batch.</summary>
    Sampling,

    /// <summary>Independent draws of the outputs instead of the weights: a linear map with independent normal weights
    /// has normal outputs (Kingma, Salimans and Welling 2015). It needs two matrix products and has the least noise.
    /// The draw of a datum does not depend on the other data of the batch.</summary>
    LocalReparameterization,

    /// <summary>One draw of the weights, whose deviation from the mean is multiplied by random signs for each datum
    /// (Wen et al. 2018). The noise of different data is nearly independent. It needs two matrix products.</summary>
    Flipout,
}
