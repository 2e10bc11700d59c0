using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// The family of q(z|x). It makes q(z|x) from the numbers of an encoder's head, as a <see cref="Likelihood"/> makes
/// p(x|z) from a decoder's output, and it gives a suitable prior.
/// </summary>
public abstract class PosteriorFamily
{
    /// <summary>The name of the family in configurations.</summary>
    public abstract string Name { get; }

    /// <summary>The number of outputs of the head for a latent of <paramref name="latent"/> variables.</summary>
    public abstract int Outputs(int latent);

    /// <summary>Extents of one draw of a latent of <paramref name="latent"/> variables.</summary>
    public virtual Shape EventShape(int latent) => [latent];

    /// <summary>The space of the draws; all real vectors by default.</summary>
    public virtual LatentSpace Space => LatentSpace.Euclidean;

    /// <summary>q(z|x) from the head's output [B, <see cref="Outputs"/>]. The batch shape is [B], the event shape is
    /// <see cref="EventShape"/>.</summary>
    /// <exception cref="ArgumentException">The length of the output is not <see cref="Outputs"/>.</exception>
    public Distribution Given(Tensor raw, int latent)
    {
        ArgumentNullException.ThrowIfNull(raw);
        if (raw.Rank == 0 || raw.Shape[^1] != Outputs(latent))
        {
            throw new ArgumentException($"The output of the head must have shape [B, {Outputs(latent)}] for {latent} " +
                $"latents of the family '{Name}', got {raw.Shape}.", nameof(raw));
        }

        return Read(raw, latent);
    }

    /// <summary>q(z|x) from the head's output, after its length is checked.</summary>
    protected abstract Distribution Read(Tensor raw, int latent);

    /// <summary>The prior without learned parameters: standard normal, or uniform.</summary>
    public abstract Prior Prior(int latent, DType dtype = DType.Float32);

    /// <summary>Independent normals: the first half of the head's output is mu, the second half is log sigma^2 (Kingma
    /// and Welling 2013, appendix C.2). The prior is N(0, I).</summary>
    public static PosteriorFamily Normal { get; } = new NormalFamily();

    /// <summary>
    /// A point mass at the head's numbers: an autoencoder without a distribution. -log p(z) at the point replaces the
    /// KL. With a normal prior this is a constant plus |z|^2 / 2, the penalty of a regularised autoencoder (RAE-L2:
    /// Ghosh et al. 2020). The objective is not a bound on log p(x).
    /// </summary>
    public static PosteriorFamily Point { get; } = new PointFamily();

    /// <summary>Independent Bernoulli variables, parameterised by log odds. The prior has probability 1/2 for each
    /// variable.</summary>
    public static PosteriorFamily Bernoulli { get; } = new BernoulliFamily();

    /// <summary>Independent one-hot variables of <paramref name="classes"/> outcomes, parameterised by logits. Under
    /// the prior all outcomes have equal probability.</summary>
    public static PosteriorFamily Categorical(int classes) => new CategoricalFamily(classes);

    /// <summary>
    /// A normal with a full covariance. The head's output is the location, then a Z x Z block. The lower triangle of
    /// the block is the Cholesky factor L, where a diagonal number r gives exp(r / 2), so that the log determinant of
    /// the covariance is the sum of the r. The prior is N(0, I), and the KL has a closed form.
    /// </summary>
    public static PosteriorFamily FullCovariance { get; } = new FullCovarianceFamily();

    /// <summary>A normal with the covariance F F^T + diagonal, where F has <paramref name="rank"/> columns. The head's
    /// output is the location, F, and the logarithms of the diagonal. The prior is N(0, I), and the KL has a closed
    /// form.</summary>
    public static PosteriorFamily LowRank(int rank) => new LowRankFamily(rank);

    /// <summary>
    /// A mixture of <paramref name="components"/> diagonal normals. The head's output is the logits of the weights,
    /// then the location and log-variance of each component. The prior is N(0, I), and the KL is estimated from draws.
    /// Gradients with respect to the weights are useful only while the components overlap
    /// (<see cref="ReparameterizedMixture"/>): between separated modes the variance of these gradients grows without
    /// bound.
    /// </summary>
    public static PosteriorFamily Mixture(int components) => new MixtureFamily(components);

    /// <summary>
    /// A von Mises-Fisher distribution on the unit sphere (hyperspherical VAE: Davidson et al. 2018). The head's output
    /// is a direction of Z coordinates, Z at least 2, and a number r that gives the concentration softplus(r) + 1. The
    /// prior is uniform on the sphere, and the KL has a closed form.
    /// </summary>
    public static PosteriorFamily VonMisesFisher { get; } = new SphericalFamily(
        "vmf", (direction, concentration) => new VonMisesFisher(direction, concentration));

    /// <summary>A power spherical distribution on the unit sphere (De Cao and Aziz 2020), with the same head and prior
    /// as <see cref="VonMisesFisher"/>. Its draws are cheaper.</summary>
    public static PosteriorFamily PowerSpherical { get; } = new SphericalFamily(
        "power-spherical", (direction, concentration) => new PowerSpherical(direction, concentration));

    private sealed class NormalFamily : PosteriorFamily
    {
        public override string Name => "normal";

        public override int Outputs(int latent) => Shape.SizeOf(2, latent);

        protected override DiagonalNormal Read(Tensor raw, int latent)
        {
            (Tensor loc, Tensor logVariance) = raw.Halves(^1);
            return DiagonalNormal.FromLogVariance(loc, logVariance);
        }

        public override StandardNormalPrior Prior(int latent, DType dtype = DType.Float32) => new(latent, dtype);
    }

    private sealed class BernoulliFamily : PosteriorFamily
    {
        public override string Name => "bernoulli";

        public override LatentSpace Space => LatentSpace.Discrete;

        public override int Outputs(int latent) => latent;

        protected override Independent Read(Tensor raw, int latent) => new(new Bernoulli(raw), 1);

        public override UniformPrior Prior(int latent, DType dtype = DType.Float32) =>
            UniformPrior.Bernoulli(latent, dtype);
    }

    private sealed class CategoricalFamily(int classes) : PosteriorFamily
    {
        private readonly int _classes = classes >= 2 ? classes : throw new ArgumentOutOfRangeException(
            nameof(classes), classes,
            "A categorical variable has at least two outcomes; give 2 or more, such as categorical:10.");

        public override string Name => FormattableString.Invariant($"categorical:{_classes}");

        public override LatentSpace Space => LatentSpace.Discrete;

        public override int Outputs(int latent) => Shape.SizeOf(latent, _classes);

        public override Shape EventShape(int latent) => [latent, _classes];

        protected override Independent Read(Tensor raw, int latent) =>
            new(new OneHotCategorical(raw.Reshape(raw.Shape[..^1] + [latent, _classes])), 1);

        public override UniformPrior Prior(int latent, DType dtype = DType.Float32) =>
            UniformPrior.Categorical(latent, _classes, dtype);
    }

    private sealed class PointFamily : PosteriorFamily
    {
        public override string Name => "point";

        public override int Outputs(int latent) => latent;

        protected override Delta Read(Tensor raw, int latent) => new(raw, 1);

        public override StandardNormalPrior Prior(int latent, DType dtype = DType.Float32) => new(latent, dtype);
    }

    private sealed class FullCovarianceFamily : PosteriorFamily
    {
        public override string Name => "full";

        public override int Outputs(int latent) => Shape.SizeOf(latent, latent + 1);

        protected override MultivariateNormal Read(Tensor raw, int latent)
        {
            Tensor block = raw.Slice(^1, latent, latent * latent).Reshape(raw.Shape[..^1] + [latent, latent]);
            Tensor diagonal = (block.Diagonal() * 0.5).Exp();
            return new MultivariateNormal(raw.Slice(^1, 0, latent), block.Tril(-1) + diagonal.DiagonalMatrix());
        }

        public override StandardNormalPrior Prior(int latent, DType dtype = DType.Float32) => new(latent, dtype);
    }

    private sealed class LowRankFamily(int rank) : PosteriorFamily
    {
        private readonly int _rank = rank >= 1 ? rank
            : throw new ArgumentOutOfRangeException(nameof(rank), rank, "A low-rank factor has at least one column.");

        public override string Name => FormattableString.Invariant($"low-rank:{_rank}");

        public override int Outputs(int latent) => Shape.SizeOf(latent, 2 + _rank);

        protected override LowRankMultivariateNormal Read(Tensor raw, int latent) => new(
            raw.Slice(^1, 0, latent), raw.Slice(^1, latent, latent * _rank).Reshape(raw.Shape[..^1] + [latent, _rank]),
            raw.Slice(^1, latent * (1 + _rank), latent).Exp());

        public override StandardNormalPrior Prior(int latent, DType dtype = DType.Float32) => new(latent, dtype);
    }

    private sealed class MixtureFamily(int components) : PosteriorFamily
    {
        private readonly int _components = components >= 2 ? components : throw new ArgumentOutOfRangeException(
            nameof(components), components, "A mixture has at least two components.");

        public override string Name => FormattableString.Invariant($"mixture:{_components}");

        public override int Outputs(int latent) => Shape.SizeOf(_components, 1 + Shape.SizeOf(2, latent));

        protected override ReparameterizedMixture Read(Tensor raw, int latent)
        {
            (Tensor loc, Tensor logVariance) = raw.Slice(^1, _components, 2 * _components * latent).Reshape(
                raw.Shape[..^1] + [_components, 2 * latent]).Halves(^1);
            return new ReparameterizedMixture(
                new Categorical(raw.Slice(^1, 0, _components)), DiagonalNormal.FromLogVariance(loc, logVariance));
        }

        public override StandardNormalPrior Prior(int latent, DType dtype = DType.Float32) => new(latent, dtype);
    }

    private sealed class SphericalFamily(string name, Func<Tensor, Tensor, Distribution> make) : PosteriorFamily
    {
        public override string Name => name;

        public override LatentSpace Space => LatentSpace.Spherical;

        public override int Outputs(int latent) => checked(latent + 1);

        protected override Distribution Read(Tensor raw, int latent)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(latent, 2);
            // The numbers can all be 0, for example from an empty image. They then give no direction, and the first
            // axis is used.
            Tensor direction = raw.Slice(^1, 0, latent),
                none = Formulas.IsZero(direction.Square().Sum(^1, keepAxis: true));
            direction = Tensor.Where(
                none.BroadcastTo(direction.Shape), Tensor.Eye(latent, raw.DType).Slice(0, 0, 1), direction);
            return make(direction, (raw.Slice(^1, latent, 1).SoftPlus() + 1).Reshape(raw.Shape[..^1]));
        }

        public override HypersphericalPrior Prior(int latent, DType dtype = DType.Float32) => new(latent, dtype);
    }
}
