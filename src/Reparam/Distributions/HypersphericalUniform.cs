using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The uniform distribution on the unit sphere in m >= 2 dimensions: log p(x) = log Gamma(m/2) - log 2 - (m/2) log pi,
/// a density with respect to area. It is the prior of hyperspherical autoencoders.
/// </summary>
/// <remarks>
/// The distribution has no parameters, so its draws have no gradient. A draw is normal noise scaled to length 1.
/// </remarks>
public sealed class HypersphericalUniform : ReparameterizedDistribution
{
    /// <summary>Creates the distribution on the unit sphere in <paramref name="dimension"/> coordinates.</summary>
    /// <param name="dimension">m, at least 2.</param>
    /// <param name="batchShape">The batch shape; by default there is one distribution.</param>
    /// <param name="dtype">The element type.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is below 2.</exception>
    public HypersphericalUniform(int dimension, Shape batchShape = default, DType dtype = DType.Float32)
        : base(batchShape, Event(dimension), dtype)
    {
    }

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.Sphere, -1, 1, DType);

    /// <summary>The vector 0, which lies inside the sphere and not on it.</summary>
    public override Tensor Mean => Constant(0);

    /// <summary>1/m.</summary>
    public override Tensor Variance => Constant(1.0 / EventShape[0]);

    /// <summary>Every point is a mode. The result is the first unit vector.</summary>
    public override Tensor Mode =>
        Tensor.Concat(^1, Tensor.Ones(BatchShape + [1], DType), Tensor.Zeros(BatchShape + [EventShape[0] - 1], DType));

    /// <summary>Normal noise scaled to length 1.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        return Sphere.Uniform(rng.Normal(
            sampleShape + BatchShape + EventShape, DType.Float64, DatumAxis(sampleShape, BatchShape))).To(DType);
    }

    /// <summary>
    /// The negative logarithm of the area for every direction; -infinity for the vector 0, which has no direction.
    /// </summary>
    /// <exception cref="ArgumentException">The value has another number of coordinates.</exception>
    protected override Tensor LogProbCore(Tensor value)
    {
        (Tensor height, Tensor some) = Sphere.HeightOf(value, Wide(Mode));
        return Tensor.Where(some, (height * 0 - Sphere.LogArea(EventShape[0])).To(DType), double.NegativeInfinity);
    }

    /// <summary>The logarithm of the area.</summary>
    protected override Tensor EntropyCore() => Tensor.Full(BatchShape, Sphere.LogArea(EventShape[0]), DType);

    /// <summary>
    /// The KL divergence to the uniform distribution is 0. To a <see cref="VonMisesFisher"/> it uses log E[e^(k u)],
    /// where u is a coordinate. To a <see cref="PowerSpherical"/> it uses E[log(1 + u)].
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        Tensor zero = Tensor.Zeros(BatchShape, DType.Float64);
        return other switch
        {
            HypersphericalUniform p => Tensor.Zeros(
                Checked.Join(BatchShape, p.BatchShape, "the batch of q", "the batch of p"), DType),
            VonMisesFisher p => (zero + p.CrossEntropy(Wide(Mode), zero, zero + 1)).To(DType),
            PowerSpherical p => (zero - Sphere.LogArea(EventShape[0]) - p.MeanLogProbOfUniform).To(DType),
            _ => null,
        };
    }

    private static Shape Event(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 2);
        return [dimension];
    }
}
