using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A VAE with continuous and discrete latent variables that are independent given x (JointVAE: Dupont 2018):
/// q(z, y|x) = q(z|x) prod_v q(y_v|x), with z normal and each y_v one of C outcomes, and p(x|z, y) p(z) p(y) with a
/// uniform p(y). Both parts of q read one network.
/// </summary>
/// <remarks>
/// A code is V one-hot vectors (or their probabilities), variable by variable, then z. Gradients pass through the draws
/// of z; the objective says how the draws of y get a gradient (<see cref="DiscreteDraw"/>). The paper holds the KL of
/// each part at a capacity of its own, because the decoder otherwise ignores y; here free bits of each latent variable
/// (<c>Elbo.FreeBits</c>) or a capacity of both together (<c>Elbo.Capacity</c>) do that.
/// </remarks>
public sealed class JointVae : LatentVariableModel
{
    private readonly NetworkEncoder _encoder;
    private readonly Linear _head;
    private readonly Decoder _decoder;
    private readonly Prior _prior;
    private readonly UniformPrior _outcomes;

    /// <summary>Builds a model from its parts.</summary>
    /// <param name="encoder">q(z|x), diagonal normal; q(y|x) reads its last hidden layer.</param>
    /// <param name="head">From the last hidden layer to the logits of y: [width] to [variables * outcomes].</param>
    /// <param name="decoder">p(x|z, y), for vectors of z and y joined, [Z + variables * outcomes].</param>
    /// <param name="prior">p(z).</param>
    /// <param name="variables">V, the number of discrete variables, at least 1.</param>
    /// <param name="outcomes">C, the number of outcomes of each, at least 2.</param>
    /// <exception cref="ArgumentException">The encoder is not normal, or the head has another size.</exception>
    public JointVae(NetworkEncoder encoder, Linear head, Decoder decoder, Prior prior, int variables, int outcomes)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentOutOfRangeException.ThrowIfLessThan(variables, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outcomes, 2);
        if (encoder.Family != PosteriorFamily.Normal)
        {
            throw new ArgumentException("The continuous latent variables have a diagonal normal posterior; this " +
                $"encoder's posterior is '{encoder.Family.Name}'.", nameof(encoder));
        }

        int logits = Shape.SizeOf(variables, outcomes);
        if (head.Weight.Shape != [logits, encoder.Width])
        {
            throw new ArgumentException($"The head has a weight of shape [{logits}, {encoder.Width}], not " +
                $"{head.Weight.Shape}.", nameof(head));
        }

        (_encoder, _head) = (Child("encoder", encoder), Child("head", head));
        (_decoder, _prior) = (Child("decoder", decoder), Child("prior", prior));
        DiscreteShape = [variables, outcomes];
        _outcomes = UniformPrior.Categorical(variables, outcomes, DType);
    }

    /// <inheritdoc/>
    public override Shape DiscreteShape { get; }

    /// <inheritdoc/>
    public override Shape LatentShape => [DiscreteShape.Size + _encoder.Latent];

    /// <summary>The discrete variables and the continuous ones.</summary>
    public override int Units => DiscreteShape[0] + _encoder.Latent;

    /// <inheritdoc/>
    public override LatentSpace Space => LatentSpace.Mixed;

    /// <inheritdoc/>
    public override bool LearnsPrior => _prior.IsLearned;

    /// <inheritdoc/>
    public override bool RecognitionIsApart => !_prior.SharesEncoder;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> RecognitionParameters => [.. _encoder.Parameters, .. _head.Parameters];

    /// <inheritdoc/>
    public override InferencePass Infer(
        Tensor x, Rng rng, int samples = 1, DiscreteDraw? discrete = null, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireNoContext(context);
        return Infer(x, Posterior(x), rng, samples, discrete);
    }

    /// <inheritdoc/>
    public override Func<Rng, int, InferencePass> Inference(Tensor x, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireNoContext(context);
        (Distribution Y, Distribution Z) posterior = Posterior(x);
        return (rng, samples) => Infer(x, posterior, rng, samples, null);
    }

    /// <summary>The probabilities of the outcomes and the mean of z, [B, V C + Z].</summary>
    public override Tensor Encode(Tensor x, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireNoContext(context);
        (Distribution y, Distribution z) = Posterior(x);
        return Code(y.Mean, z.Mean);
    }

    /// <inheritdoc/>
    public override Tensor Encode(Tensor x, Rng rng, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(rng);
        RequireNoContext(context);
        (Distribution y, Distribution z) = Posterior(x);
        return Code(y.Sample(rng.Split("y")), z.Sample(rng.Split("z")));
    }

    /// <summary>p(x|z, y) for codes [..., B, V C + Z].</summary>
    public override Distribution Likelihood(Tensor z, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(z);
        RequireNoContext(context);
        return _decoder.Given(z);
    }

    /// <inheritdoc/>
    public override Tensor SamplePrior(int count, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        return Code(_outcomes.Distribution.Sample(rng.Split("y"), [count]),
            _prior.Distribution.Sample(rng.Split("z"), [count]));
    }

    /// <summary>q(y|x), event [V, C], and q(z|x).</summary>
    private (Distribution Y, Distribution Z) Posterior(Tensor x)
    {
        Tensor hidden;
        Distribution z;
        using (LayerName.Enter(_encoder.Path))
        {
            hidden = _encoder.Hidden(x);
            z = _encoder.GivenHidden(hidden);
        }

        Tensor logits = _head.Forward(hidden).Reshape([x.Shape[0], .. DiscreteShape]);
        return (new Independent(new OneHotCategorical(logits), 1), z);
    }

    private InferencePass Infer(
        Tensor x, (Distribution Y, Distribution Z) posterior, Rng rng, int samples, DiscreteDraw? discrete)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        var y = LatentTerm.Draw("y", posterior.Y, _outcomes.Distribution, rng.Split("y"), samples, discrete);
        var z = LatentTerm.Draw("z", posterior.Z, _prior.Distribution, rng.Split("z"), samples);
        Distribution likelihood;
        using (LayerName.Enter(_decoder.Path)) likelihood = _decoder.Given(Code(y.Value, z.Value), rng);
        Tensor logLikelihood;
        using (LayerName.Enter("likelihood")) logLikelihood = likelihood.LogProb(x);
        return new InferencePass(logLikelihood, [y, z])
        {
            Data = x,
            Reconstructed = likelihood,
            Dream = () => DreamOf(x.Shape[0], rng.Split("dream")),
        };
    }

    private Dream DreamOf(int count, Rng rng)
    {
        Tensor y = _outcomes.Distribution.Sample(rng.Split("y"), [count]),
            z = _prior.Distribution.Sample(rng.Split("z"), [count]);
        Distribution likelihood = _decoder.Given(Code(y, z), rng);
        return new Dream(likelihood, () => likelihood.Sample(rng), x =>
        {
            (Distribution Y, Distribution Z) posterior = Posterior(x);
            return posterior.Y.LogProb(y) + posterior.Z.LogProb(z);
        });
    }

    /// <summary>Codes of values [..., V, C] and [..., Z].</summary>
    private Tensor Code(Tensor y, Tensor z) => Tensor.Concat(^1, LatentTerm.Flat(y, DiscreteShape), z);
}

/// <summary>Settings of a <see cref="JointVae"/>.</summary>
public sealed record JointSettings : ModelSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<JointSettings>(
        "joint", "discrete variables in addition to the continuous ones",
        Shared(
            Setting.Whole<JointSettings>("variables", s => s.Variables, (s, v) => s with { Variables = v },
                "number of discrete variables", 1, 1000),
            Setting.Whole<JointSettings>("outcomes", s => s.Outcomes, (s, v) => s with { Outcomes = v },
                "number of outcomes of each discrete variable", 2, 10_000)));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>V, the number of discrete variables.</summary>
    public int Variables { get; init; } = 1;

    /// <summary>C, the number of outcomes of each.</summary>
    public int Outcomes { get; init; } = 10;

    /// <inheritdoc/>
    public override Shape CodeShape => [Shape.SizeOf(Variables, Outcomes) + Latent];

    /// <inheritdoc/>
    public override bool HasDiscreteLatents => true;

    private protected override string Sizes => FormattableString.Invariant($"{Latent} and {Variables} of {Outcomes}");

    /// <inheritdoc/>
    public override JointVae Make(ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        Rng weights = parts.Weights;
        Likelihood likelihood = Likelihood.Make();
        NetworkEncoder encoder = MakeEncoder(0, PosteriorFamily.Normal, weights.Split("encoder"),
            out (NetworkEncoder Encoder, Shape Shape) inputs);
        var head = new Linear(
            encoder.Width, Shape.SizeOf(Variables, Outcomes), Network.Initializer, weights.Split("head"));
        Prior prior = Prior.Make(new PriorParts(Latent, PosteriorFamily.Normal, weights.Split("prior"))
        {
            Encoder = inputs.Encoder, EventShape = inputs.Shape, IsBounded = likelihood.IsBounded,
        });
        Decoder decoder = Network.Decoder(Shape, CodeShape.Size, likelihood, weights.Split("decoder"));
        return new JointVae(encoder, head, decoder, prior, Variables, Outcomes);
    }
}
