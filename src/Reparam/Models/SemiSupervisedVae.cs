using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A VAE with a class y in addition to its continuous latents z (M2 of Kingma, Rezende, Mohamed and Welling 2014): p(y)
/// p(z) p(x|y, z), where all C classes have equal probability, with the posterior q(y|x) q(z|x, y). Where the class of
/// a datum is known in training, y is that class, and q(y|x) learns from it (<see cref="Supervision"/>). Without any
/// known class the model is a joint continuous and discrete VAE.
/// Its z depends on y; in a <see cref="JointVae"/> the two are independent given x.
/// </summary>
/// <remarks>
/// With <see cref="DiscreteDraw.Enumerated"/> the objective sums over the classes: the K draws of the pass are the C
/// classes, weighted by q(y|x) (<see cref="InferencePass.DrawWeights"/>). A code is the C probabilities of the classes,
/// then z.
/// </remarks>
public sealed class SemiSupervisedVae : LatentVariableModel
{
    // The logit of a known class; all other classes have the negative logit. The probability is exactly 1 in both
    // element types.
    private const double Certain = 1000;

    private readonly Vae _vae;
    private readonly NetworkEncoder _classifier;
    private readonly UniformPrior _classes;

    /// <summary>Makes a model from a conditional VAE and a classifier.</summary>
    /// <param name="vae">q(z|x, y), p(x|y, z) and p(z): a VAE conditioned on C classes, with diagonal normal
    /// posteriors.</param>
    /// <param name="classifier">q(y|x): an encoder with one latent of C outcomes.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public SemiSupervisedVae(Vae vae, NetworkEncoder classifier)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(classifier);
        if (vae.Context < 2)
        {
            throw new ArgumentException("The model needs at least two classes. Make the Vae with a context of length " +
                "C, the number of classes.", nameof(vae));
        }

        if (vae.Encoder is not NetworkEncoder { Family: var family } || family != PosteriorFamily.Normal)
            throw new ArgumentException("The continuous latents need a diagonal normal posterior, from an encoder of " +
                "PosteriorFamily.Normal without a flow.", nameof(vae));
        if (classifier.Latent != 1 || classifier.Family.EventShape(1) != [1, vae.Context])
        {
            throw new ArgumentException($"The classifier must be an encoder with one latent of {vae.Context} " +
                $"outcomes, PosteriorFamily.Categorical({vae.Context}).", nameof(classifier));
        }

        _vae = Child("vae", vae);
        _classifier = Child("classifier", classifier);
        _classes = UniformPrior.Categorical(1, vae.Context, DType);
    }

    /// <summary>
    /// The weight of -log q(y|x) of each datum whose class is known (alpha of Kingma et al. 2014, equation 9, as a
    /// weight of each such datum); 0 by default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Supervision
    {
        get;
        init => field = PassTerm.Weighed(value);
    }

    /// <inheritdoc/>
    public override int Classes => _vae.Context;

    /// <inheritdoc/>
    public override Shape LatentShape => [Classes + _vae.LatentShape.Size];

    /// <summary>One for the class, plus the number of continuous latents.</summary>
    public override int Units => 1 + _vae.Units;

    /// <inheritdoc/>
    public override bool LearnsPrior => _vae.LearnsPrior;

    /// <inheritdoc/>
    public override bool RecognitionIsApart => _vae.RecognitionIsApart;

    /// <inheritdoc/>
    public override LatentSpace Space => LatentSpace.Mixed;

    /// <inheritdoc/>
    public override Shape DiscreteShape => [1, Classes];

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> RecognitionParameters =>
        [.. _vae.Encoder.Parameters, .. _classifier.Parameters];

    /// <summary>q(y|x), [B, C].</summary>
    public Tensor Classify(Tensor x) => new OneHotCategorical(Logits(x)).Probs;

    /// <inheritdoc cref="LatentVariableModel.Infer"/>
    /// <param name="x">Data, [B] + event.</param>
    /// <param name="rng">Source of the noise.</param>
    /// <param name="samples">K, draws for each datum. Where the classes are enumerated it must be 1, and there is one
    /// draw of z for each class.</param>
    /// <param name="discrete">How classes are drawn, or <see cref="DiscreteDraw.Enumerated"/>.</param>
    /// <param name="context">Known classes as one-hot rows [B, C], with a row of zeros where the class is unknown; null
    /// if no class is known.</param>
    public override InferencePass Infer(
        Tensor x, Rng rng, int samples = 1, DiscreteDraw? discrete = null, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        int count = x.Shape[0];
        if (context is not null && context.Shape != [count, Classes])
        {
            throw new ArgumentException($"Classes must be one-hot rows of shape [{count}, {Classes}], with zeros " +
                $"where the class is unknown, got {context.Shape}.", nameof(context));
        }

        Tensor logits = Logits(x), told = logits;
        Tensor? score = null;
        if (context is not null)
        {
            score = (new OneHotCategorical(logits).Logits * context).Sum(^1);
            Tensor known = context.Sum(^1, keepAxis: true);
            told = Tensor.Where(known, (context * 2 - 1) * Certain, logits);
        }

        var posterior = new Independent(new OneHotCategorical(told.Reshape([count, 1, Classes])), 1);
        bool enumerated = discrete?.IsEnumerated == true;
        if (enumerated && samples != 1)
        {
            throw new ArgumentException("With enumerated classes there is exactly one draw of z for each class. Set " +
                "samples to 1.", nameof(samples));
        }

        int draws = enumerated ? Classes : samples;
        LatentTerm y = enumerated
            ? new LatentTerm("y", posterior, _classes.Distribution,
                Tensor.Eye(Classes, DType).Reshape([Classes, 1, 1, Classes]).BroadcastTo([Classes, count, 1, Classes]))
            : LatentTerm.Draw("y", posterior, _classes.Distribution, rng, draws, discrete);
        Tensor classes = y.Value.Reshape([draws, count, Classes]);
        Distribution prior = _vae.Prior.Distribution;
        var z = LatentTerm.Draw("z", GivenClasses(x, classes), prior, rng, draws);
        Distribution likelihood;
        using (LayerName.Enter(_vae.Decoder.Path))
            likelihood = _vae.Decoder.Given(Tensor.Concat(^1, z.Value, classes), rng);
        Tensor logLikelihood;
        using (LayerName.Enter("likelihood")) logLikelihood = likelihood.LogProb(x);
        return new InferencePass(logLikelihood, [y, z])
        {
            Terms = [new PassTerm("-log q(y|x) of told classes", score is null ? Tensor.Zeros([count], DType) : -score,
                score is null ? 0 : Supervision)],
            Points = () => [posterior.Mean, MeanOverClasses(x, new OneHotCategorical(told).Probs)],
            DrawWeights = enumerated ? new OneHotCategorical(told).Probs.Permute(1, 0) : null,
        };
    }

    /// <summary>The probabilities of the classes and the mean of z averaged over them, [B, C + Z].</summary>
    public override Tensor Encode(Tensor x, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireNoContext(context);
        Tensor probs = Classify(x);
        return Tensor.Concat(^1, probs, MeanOverClasses(x, probs));
    }

    /// <inheritdoc/>
    public override Tensor Encode(Tensor x, Rng rng, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireNoContext(context);
        InferencePass pass = Infer(x, rng);
        return Tensor.Concat(
            ^1, [.. pass.Latents.Select(l => l.Value.Reshape([x.Shape[0], l.Posterior.EventShape.Size]))]).Detach();
    }

    /// <summary>p(x|y, z) for codes [..., B, C + Z].</summary>
    public override Distribution Likelihood(Tensor z, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(z);
        RequireNoContext(context);
        return _vae.Decoder.Given(
            Tensor.Concat(^1, z.Slice(^1, Classes, z.Shape[^1] - Classes), z.Slice(^1, 0, Classes)));
    }

    /// <inheritdoc/>
    public override Tensor SamplePrior(int count, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        return Tensor.Concat(^1, _classes.Distribution.Sample(rng.Split("classes"), [count]).Reshape([count, Classes]),
            _vae.SamplePrior(count, rng));
    }

    private Tensor Logits(Tensor x)
    {
        using (LayerName.Enter(_classifier.Path))
        {
            return ((OneHotCategorical)((Independent)_classifier.Given(x)).Components).Logits.Reshape(
                [x.Shape[0], Classes]);
        }
    }

    /// <summary>The mean of z averaged over the classes with probabilities [B, C]; the result is [B, Z].</summary>
    private Tensor MeanOverClasses(Tensor x, Tensor probs)
    {
        int count = x.Shape[0];
        Tensor each = GivenClasses(
            x, Tensor.Eye(Classes, DType).Reshape([Classes, 1, Classes]).BroadcastTo([Classes, count, Classes])).Loc;
        return (each * probs.Permute(1, 0).Reshape([Classes, count, 1])).Sum(0);
    }

    /// <summary>q(z|x, y) for classes [K, B, C], with batch shape [K, B].</summary>
    private DiagonalNormal GivenClasses(Tensor x, Tensor classes)
    {
        int draws = classes.Shape[0], count = x.Shape[0];
        Tensor repeated = x.BroadcastTo([draws, .. x.Shape]).Reshape([draws * count, .. x.Shape[1..]]);
        using (LayerName.Enter(_vae.Encoder.Path))
        {
            var q = (DiagonalNormal)_vae.Posterior(repeated, classes.Reshape([draws * count, Classes]));
            Shape shape = [draws, count, q.EventShape.Size];
            return DiagonalNormal.FromLogVariance(q.Loc.Reshape(shape), (q.LogScale * 2).Reshape(shape));
        }
    }
}

/// <summary>Settings of a <see cref="SemiSupervisedVae"/>.</summary>
public sealed record SemiSupervisedSettings : ModelSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<SemiSupervisedSettings>(
        "semi-supervised", "a class in addition to the latents; the class is known or inferred",
        Shared(
            Setting.Whole<SemiSupervisedSettings>(
                "classes", s => s.Classes, (s, v) => s with { Classes = v },
                "number of labels; set from the data", 0, 10_000),
            Setting.Real<SemiSupervisedSettings>(
                "supervision", s => s.Supervision, (s, v) => s with { Supervision = v },
                "alpha: the weight of log q(y|x), summed over all labels, is alpha times the number of " +
                "data", Bounds.NonNegative)));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>Number of classes. A run sets it from the known labels.</summary>
    public int Classes { get; init; }

    /// <summary>alpha: the weights of log q(y|x), summed over all labelled data, are alpha times the number of all data
    /// (Kingma et al. 2014).</summary>
    public double Supervision { get; init; } = 0.1;

    /// <inheritdoc/>
    public override int ContextWidth => Classes;

    /// <inheritdoc/>
    public override Shape CodeShape => [Latent + Classes];

    /// <inheritdoc/>
    public override bool TakesLabels => true;

    /// <inheritdoc/>
    public override bool TakesHiddenLabels => true;

    /// <inheritdoc/>
    public override bool HasDiscreteLatents => true;

    /// <inheritdoc/>
    public override SemiSupervisedSettings WithContext(int width) => this with { Classes = width };

    /// <inheritdoc/>
    public override SemiSupervisedVae Make(ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (Classes == 0)
        {
            throw new InvalidConfigException("model.kind 'semi-supervised' takes the number of classes from the " +
                "known labels. No label is known here, so set the number of classes, for example --classes 10.");
        }

        if (Classes == 1)
        {
            throw new InvalidConfigException("model.kind 'semi-supervised' needs at least two classes, but the " +
                "labels of the data have only one (0). Use model.kind 'vae', or data with more classes.");
        }

        if (Network.HasUncertainWeights)
        {
            throw new InvalidConfigException("model.network.weights 'bayesian' works with model.kind 'vae', not with " +
                "'semi-supervised'; set it to point.");
        }

        if (Network.ComparesBatch)
        {
            throw new InvalidConfigException("model.network.normalization 'batch' does not work with model.kind " +
                "'semi-supervised', because the model evaluates each datum with every class in one batch; set it to " +
                "none.");
        }

        if (Likelihood.Input(Shape, parts.Weights) is not null)
        {
            throw new InvalidConfigException($"model.kind 'semi-supervised' does not take data of the likelihood " +
                $"'{Likelihood.Word}', whose inputs have another form than the data; use model.kind vae with " +
                "model.condition labels.");
        }

        var conditional = new VaeSettings
        {
            EventShape = EventShape, Latent = Latent, Network = Network, Prior = Prior, Likelihood = Likelihood,
            Condition = VaeSettings.LabelCondition, Context = Classes,
        };
        NetworkEncoder classifier = Network.Encoder(
            Shape, 0, 1, PosteriorFamily.Categorical(Classes), parts.Weights.Split("classifier"));
        return new SemiSupervisedVae(conditional.Make(parts), classifier)
        {
            Supervision = parts.Told > 0 ? Supervision * parts.DataCount / parts.Told : 0,
        };
    }
}
