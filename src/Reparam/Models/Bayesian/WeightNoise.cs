namespace Reparam.Models.Bayesian;

/// <summary>How a layer with uncertain weights draws its outputs. The distribution of one output is the same for all;
/// they differ in what the outputs of a batch share.</summary>
public enum WeightNoise
{
    /// <summary>One draw of the weights for the whole batch (Graves 2011; Blundell et al. 2015): what all data share
    /// does not average out.</summary>
    Sampling,

    /// <summary>The outputs are drawn instead of the weights, each on its own: a linear map of independent normal
    /// weights is normal (Kingma, Salimans and Welling 2015). Two products, least noise; a datum's draw does not depend
    /// on the data beside it.</summary>
    LocalReparameterization,

    /// <summary>One draw of the weights, its deviation turned by random signs for each datum (Wen et al. 2018): nearly
    /// independent at the price of two products.</summary>
    Flipout,
}
