using Reparam.Configuration;
using Reparam.Models;
using Reparam.Models.Flows;
using Reparam.Objectives;
using Reparam.Objectives.Penalties;
using Reparam.Training.Optimizers;

namespace Reparam.Runs;

/// <summary>The kinds that come with the library, in the order in which help lists them.</summary>
public static class BuiltInKinds
{
    private static readonly Catalog s_catalog = new(
    [
        DataSettings.Definition, TrainingSettings.Definition,
        VaeSettings.Definition, HierarchicalSettings.Definition, LadderSettings.Definition, VqVaeSettings.Definition, SemiSupervisedSettings.Definition,
        MlpNetworkSettings.Definition, ConvNetworkSettings.Definition, ResidualNetworkSettings.Definition,
        NormalPosteriorSettings.Definition, FullCovariancePosteriorSettings.Definition, LowRankPosteriorSettings.Definition, MixturePosteriorSettings.Definition,
        PlanarPosteriorSettings.Definition, SylvesterPosteriorSettings.Definition, InverseAutoregressivePosteriorSettings.Definition, CouplingPosteriorSettings.Definition,
        SplinePosteriorSettings.Definition, BlockNeuralPosteriorSettings.Definition,
        VonMisesFisherPosteriorSettings.Definition, PowerSphericalPosteriorSettings.Definition,
        BernoulliPosteriorSettings.Definition, CategoricalPosteriorSettings.Definition, PointPosteriorSettings.Definition,
        StandardPriorSettings.Definition, MixturePriorSettings.Definition, VampPriorSettings.Definition, FlowPriorSettings.Definition, AutoregressivePriorSettings.Definition,
        AutomaticLikelihoodSettings.Definition, BernoulliLikelihoodSettings.Definition, GaussianLikelihoodSettings.Definition, GaussianLearnedLikelihoodSettings.Definition,
        GaussianOptimalLikelihoodSettings.Definition, GaussianSigmoidLikelihoodSettings.Definition, DiscretizedLogisticLikelihoodSettings.Definition,
        ElboSettings.Definition, BetaTcvaeSettings.Definition, FactorVaeSettings.Definition, DipVaeOneSettings.Definition, DipVaeTwoSettings.Definition, InfoVaeSettings.Definition,
        WaeMmdSettings.Definition, AdversarialAutoencoderSettings.Definition, VaeGanSettings.Definition,
        IwaeSettings.Definition, MiwaeSettings.Definition, PiwaeSettings.Definition, CiwaeSettings.Definition, RenyiSettings.Definition,
        ReweightedWakeSleepSettings.Definition, WakeSleepSettings.Definition,
        AutomaticGradientSettings.Definition, GumbelSoftmaxSettings.Definition, StraightThroughGumbelSoftmaxSettings.Definition, StraightThroughSettings.Definition,
        ScoreFunctionSettings.Definition, EnumerationSettings.Definition,
        AdamSettings.Definition, AdamWSettings.Definition, AdagradSettings.Definition, AdamaxSettings.Definition, RmsPropSettings.Definition, SgdSettings.Definition,
        ConstantRateSettings.Definition, StepRateSettings.Definition, ExponentialRateSettings.Definition, CosineRateSettings.Definition, StagesRateSettings.Definition,
    ]);

    extension(Catalog)
    {
        /// <summary>The kinds that come with the library.</summary>
        public static Catalog BuiltIn => s_catalog;
    }
}
