using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A VAE with a class beside its continuous latents (M2 of Kingma, Rezende, Mohamed and Welling 2014): p(y) p(z) p(x|y,
/// z) with all C classes as likely, inferred by q(y|x) q(z|x, y). Where training is told the class of a datum, y is
/// what it was told, and q(y|x) has that to learn from (<see cref="Supervision"/>). Told no class at all it is a joint
/// continuous and discrete VAE whose z depends on y; in <see cref="JointVae"/> the two are independent given x.
/// </summary>
/// <remarks>
/// The class is summed over where the objective asks for it (<see cref="DiscreteDraw.Enumerated"/>): the K draws of the
/// pass are then the C classes, weighted by q(y|x) (<see cref="InferencePass.DrawWeights"/>). A code is the C
/// probabilities of the classes, then z.
/// </remarks>
public sealed class SemiSupervisedVae : LatentVariableModel
{
    // Log-odds at which a class that training was told is certain, to the last bit of either element type.
    private const double Certain = 1000;

    private readonly Vae _vae;
    private readonly NetworkEncoder _classifier;
    private readonly UniformPrior _classes;

    /// <summary>Puts a model together from a conditional one and a classifier.</summary>
    /// <param name="vae">q(z|x, y), p(x|y, z) and p(z), conditional on C classes, with diagonal normal
    /// posteriors.</param>
    /// <param name="classifier">q(y|x): an encoder with one latent of C outcomes.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other.</exception>
    public SemiSupervisedVae(Vae vae, NetworkEncoder classifier)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(classifier);
        if (vae.Context < 2)
        {
            throw new ArgumentException("The model is conditional on two classes at least: make the Vae with a " +
                "context of as many.", nameof(vae));
        }

        if (vae.Encoder is not NetworkEncoder { Family: var family } || family != PosteriorFamily.Normal)
            throw new ArgumentException("The continuous latents have a diagonal normal posterior here.", nameof(vae));
        if (classifier.Latent != 1 || classifier.Family.EventShape(1) != [1, vae.Context])
        {
            throw new ArgumentException($"The classifier has one latent of {vae.Context} outcomes, " +
                $"PosteriorFamily.Categorical({vae.Context}).", nameof(classifier));
        }

        _vae = Child("vae", vae);
        _classifier = Child("classifier", classifier);
        _classes = UniformPrior.Categorical(1, vae.Context, DType);
    }

    /// <summary>
    /// The weight of -log q(y|x) of the classes that training was told (alpha of Kingma et al. 2014, equation 9, as a
    /// weight of each datum that has one); 0 by default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double Supervision
    {
        get;
        init => field = PassTerm.Weighed(value);
    }

    /// <inheritdoc/>
    public override int Classes => _vae.Context;

    /// <inheritdoc/>
    public override Shape LatentShape => [Classes + _vae.LatentShape.Size];

    /// <summary>The class, and the continuous ones.</summary>
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
    /// <param name="samples">K; where the classes are enumerated, draws for each class, and only 1.</param>
    /// <param name="discrete">How classes are drawn, or that they are enumerated.</param>
    /// <param name="context">One-hot classes [B, C], rows of zeros where the class is not told; null tells
    /// none.</param>
    public override InferencePass Infer(
        Tensor x, Rng rng, int samples = 1, DiscreteDraw? discrete = null, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        int count = x.Shape[0];
        if (context is not null && context.Shape != [count, Classes])
        {
            throw new ArgumentException($"Classes are one-hot rows of shape [{count}, {Classes}], of zeros where " +
                $"they are unknown, not {context.Shape}.", nameof(context));
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
            throw new ArgumentException("Where the classes are enumerated, one draw of z for each class is what " +
                "there is: ask for 1 sample.", nameof(samples));
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

    /// <summary>The mean of z, averaged over classes of probabilities [B, C]: [B, Z].</summary>
    private Tensor MeanOverClasses(Tensor x, Tensor probs)
    {
        int count = x.Shape[0];
        Tensor each = GivenClasses(
            x, Tensor.Eye(Classes, DType).Reshape([Classes, 1, Classes]).BroadcastTo([Classes, count, Classes])).Loc;
        return (each * probs.Permute(1, 0).Reshape([Classes, count, 1])).Sum(0);
    }

    /// <summary>q(z|x, y) for classes [K, B, C]: a batch of [K, B].</summary>
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
        "semi-supervised", "a class beside the latents, told or inferred",
        Shared(
            Setting.Whole<SemiSupervisedSettings>(
                "classes", s => s.Classes, (s, v) => s with { Classes = v },
                "number of labels; filled in from the data", 0, 10_000),
            Setting.Real<SemiSupervisedSettings>(
                "supervision", s => s.Supervision, (s, v) => s with { Supervision = v },
                "alpha: all labels together weigh log q(y|x) by alpha times the number of data", Bounds.NonNegative)));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>Number of classes; a run fills it in from the labels that it is told.</summary>
    public int Classes { get; init; }

    /// <summary>alpha: all labels together weigh log q(y|x) by alpha times the number of all data (Kingma et al.
    /// 2014).</summary>
    public double Supervision { get; init; } = 0.1;

    /// <inheritdoc/>
    public override int Labels => Classes;

    /// <inheritdoc/>
    public override Shape CodeShape => [Latent + Classes];

    /// <inheritdoc/>
    public override bool TakesLabels => true;

    /// <inheritdoc/>
    public override bool TakesHiddenLabels => true;

    /// <inheritdoc/>
    public override bool HasDiscreteLatents => true;

    /// <inheritdoc/>
    public override SemiSupervisedSettings WithLabels(int count) => this with { Classes = count };

    /// <inheritdoc/>
    public override SemiSupervisedVae Make(ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (Classes == 0)
        {
            throw new InvalidConfigException("model.kind 'semi-supervised' takes its classes from the labels that it " +
                "is told; where none are, say how many it shall make: --classes 10.");
        }

        if (Classes == 1)
        {
            throw new InvalidConfigException("model.kind 'semi-supervised' tells two classes apart at least, and the " +
                "data's labels hold one (0); use model.kind 'vae', or data with more.");
        }

        if (Network.HasUncertainWeights)
        {
            throw new InvalidConfigException("model.network.weights 'bayesian' goes with model.kind 'vae', not with " +
                "'semi-supervised'; set it to point.");
        }

        if (Network.ComparesBatch)
        {
            throw new InvalidConfigException("model.network.normalization 'batch' does not go with model.kind " +
                "'semi-supervised', whose batches are of all classes; set it to none.");
        }

        var conditional = new VaeSettings
        {
            EventShape = EventShape, Latent = Latent, Network = Network, Prior = Prior, Likelihood = Likelihood,
            IsConditional = true, Classes = Classes,
        };
        NetworkEncoder classifier = Network.Encoder(
            Shape, 0, 1, PosteriorFamily.Categorical(Classes), parts.Weights.Split("classifier"));
        return new SemiSupervisedVae(conditional.Make(parts), classifier)
        {
            Supervision = parts.Told > 0 ? Supervision * parts.DataCount / parts.Told : 0,
        };
    }
}
