using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// What an encoder's output means: turns the numbers of its head into q(z|x), as a <see cref="Likelihood"/> does for a
/// decoder, and knows the prior that goes with it.
/// </summary>
public abstract class PosteriorFamily
{
    /// <summary>The name under which configurations know it.</summary>
    public abstract string Name { get; }

    /// <summary>Numbers that the head gives for a latent of <paramref name="latent"/> variables.</summary>
    public abstract int Outputs(int latent);

    /// <summary>Extents of one draw of a latent of <paramref name="latent"/> variables.</summary>
    public virtual Shape EventShape(int latent) => [latent];

    /// <summary>Where draws live; all real vectors unless a family says otherwise.</summary>
    public virtual LatentSpace Space => LatentSpace.Euclidean;

    /// <summary>q(z|x) from the head's output [B, <see cref="Outputs"/>]; its batch is [B], its event
    /// <see cref="EventShape"/>.</summary>
    /// <exception cref="ArgumentException">The output has another length.</exception>
    public Distribution Given(Tensor raw, int latent)
    {
        ArgumentNullException.ThrowIfNull(raw);
        if (raw.Rank == 0 || raw.Shape[^1] != Outputs(latent))
        {
            throw new ArgumentException($"The head of {latent} latents '{Name}' gives {Outputs(latent)} numbers, [B, " +
                $"{Outputs(latent)}], not {raw.Shape}.", nameof(raw));
        }

        return Read(raw, latent);
    }

    /// <summary>The same, of an output whose length is right.</summary>
    protected abstract Distribution Read(Tensor raw, int latent);

    /// <summary>The prior without anything to learn: standard normal, or uniform.</summary>
    public abstract Prior Prior(int latent, DType dtype = DType.Float32);

    /// <summary>Independent normals: mu in the first half of the head, log sigma^2 in the second (Kingma and Welling
    /// 2013, appendix C.2). Prior N(0, I).</summary>
    public static PosteriorFamily Normal { get; } = new NormalFamily();

    /// <summary>
    /// No distribution at all but the head's numbers themselves, all mass at one point: an autoencoder. Against a
    /// normal prior what takes the KL's place is -log p(z) at that point, the penalty |z|^2 / 2 of a regularised
    /// autoencoder (RAE-L2: Ghosh et al. 2020) and a constant, and nothing bounds log p(x).
    /// </summary>
    public static PosteriorFamily Point { get; } = new PointFamily();

    /// <summary>Independent coins from their log-odds; the prior's are even.</summary>
    public static PosteriorFamily Bernoulli { get; } = new BernoulliFamily();

    /// <summary>Independent one-hot variables of <paramref name="classes"/> outcomes from their logits; under the prior
    /// all outcomes are as likely.</summary>
    public static PosteriorFamily Categorical(int classes) => new CategoricalFamily(classes);

    /// <summary>
    /// A normal with correlated components: the location, then a Z x Z block of which the lower triangle is the
    /// Cholesky factor L, its diagonal through exp(r / 2), so that log det covariance is the sum of the r. Prior N(0,
    /// I), the KL in closed form.
    /// </summary>
    public static PosteriorFamily FullCovariance { get; } = new FullCovarianceFamily();

    /// <summary>A normal of covariance F F^T + diagonal, F of <paramref name="rank"/> columns: the location, F, the
    /// logarithms of the diagonal. Prior N(0, I), the KL in closed form.</summary>
    public static PosteriorFamily LowRank(int rank) => new LowRankFamily(rank);

    /// <summary>
    /// A mixture of <paramref name="components"/> diagonal normals: logits of the weights, then each one's location and
    /// log-variance. Prior
    /// N(0, I), the KL from draws. Gradients by the weights are useful only while components overlap
    /// (<see cref="ReparameterizedMixture"/>): between parted modes their variance grows without bound.
    /// </summary>
    public static PosteriorFamily Mixture(int components) => new MixtureFamily(components);

    /// <summary>
    /// A von Mises-Fisher distribution on the unit sphere (hyperspherical VAE: Davidson et al. 2018): a direction of Z
    /// coordinates, Z at least 2, and a concentration softplus(r) + 1. The prior is uniform on the sphere, the KL in
    /// closed form.
    /// </summary>
    public static PosteriorFamily VonMisesFisher { get; } = new SphericalFamily(
        "vmf", (direction, concentration) => new VonMisesFisher(direction, concentration));

    /// <summary>The same with a power spherical distribution (De Cao and Aziz 2020), whose draws cost less.</summary>
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
            nameof(classes), classes, "A categorical variable has two outcomes at least.");

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
            : throw new ArgumentOutOfRangeException(nameof(rank), rank, "A factor has one column at least.");

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
            nameof(components), components, "A mixture has two components at least.");

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
            // A network whose features are all 0, of an empty image say, names no direction: the first axis then.
            Tensor direction = raw.Slice(^1, 0, latent),
                none = Formulas.IsZero(direction.Square().Sum(^1, keepAxis: true));
            direction = Tensor.Where(
                none.BroadcastTo(direction.Shape), Tensor.Eye(latent, raw.DType).Slice(0, 0, 1), direction);
            return make(direction, (raw.Slice(^1, latent, 1).SoftPlus() + 1).Reshape(raw.Shape[..^1]));
        }

        public override HypersphericalPrior Prior(int latent, DType dtype = DType.Float32) => new(latent, dtype);
    }
}
