using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// The end of a diffusion at the data: how data become the array x that noise is added to, and p(data|z_0), the
/// distribution of the data given the latent with the least noise. It has no parameters, because z_0 nearly is the
/// data.
/// </summary>
public abstract class DiffusionEnd
{
    /// <summary>The name of the likelihood.</summary>
    public abstract string Name { get; }

    /// <summary>gamma_0, the first noise level that suits these data.</summary>
    public abstract double UsualFirst { get; }

    /// <summary>gamma_1, the last noise level that suits these data.</summary>
    public abstract double UsualLast { get; }

    /// <summary>Whether every element of x is -1 or 1.</summary>
    public virtual bool HasSigns => false;

    /// <summary>x of data.</summary>
    public abstract Tensor Scaled(Tensor data);

    /// <summary>p(data|z_0) of each element, a distribution of batch shape [...] + event.</summary>
    /// <param name="z">z_0 / alpha_0, which is x + exp(gamma_0 / 2) e.</param>
    /// <param name="gamma">gamma_0.</param>
    public abstract Distribution Elements(Tensor z, double gamma);

    /// <summary>Zeros and ones, x = -1 or 1.</summary>
    public static DiffusionEnd Binary { get; } = new BinaryEnd();

    /// <summary>The 256 grey levels k/255.</summary>
    public static DiffusionEnd Levels { get; } = new LevelEnd();

    /// <summary>Real numbers, x = data.</summary>
    public static DiffusionEnd Real { get; } = new RealEnd();

    /// <summary>log p(x = 1 | z_0) - log p(x = -1 | z_0) = 2 z / exp(gamma_0). At gamma_0 = -4 reading a bit costs
    /// 2e-13 nats.</summary>
    private sealed class BinaryEnd : DiffusionEnd
    {
        public override string Name => "bernoulli";

        public override double UsualFirst => -4;

        public override double UsualLast => 8;

        public override bool HasSigns => true;

        public override Tensor Scaled(Tensor data) => data.Affine(2, -1);

        public override Distribution Elements(Tensor z, double gamma) =>
            new Bernoulli(z * (2 * PortableMath.Exp(-gamma)));
    }

    /// <summary>x = 2 (k + 1/2) / 256 - 1 of level k, so |x| is at most 255/256 (Kingma et al. 2021).</summary>
    private sealed class LevelEnd : DiffusionEnd
    {
        public override string Name => "levels256";

        public override double UsualFirst => -13.3;

        public override double UsualLast => 8;

        public override Tensor Scaled(Tensor data) => data.Affine(2 * 255.0 / 256, 1.0 / 256 - 1);

        public override Distribution Elements(Tensor z, double gamma) =>
            // One level is 2/256 of x.
            new LevelNormal(z.Affine(128, 127.5), 128 * PortableMath.Exp(gamma / 2));
    }

    /// <summary>data ~ N(z_0 / alpha_0, exp(gamma_0)).</summary>
    private sealed class RealEnd : DiffusionEnd
    {
        public override string Name => "gaussian";

        public override double UsualFirst => -12;

        public override double UsualLast => 8;

        public override Tensor Scaled(Tensor data) => data;

        public override Distribution Elements(Tensor z, double gamma) =>
            new Normal(z, Tensor.Full([], PortableMath.Exp(gamma / 2), z.DType));
    }
}
