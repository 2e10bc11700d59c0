using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// REBAR (Tucker et al. 2017): the score-function estimator with the relaxed f as a control variate. A pathwise
/// gradient adds the expectation of the control variate back: (f(b) - eta c(z')) d log q(b) + eta d c(z) - eta d c(z').
/// Here c(z) = f(relaxed z), and z' is drawn given b. Unbiased for any eta and temperature.
/// </summary>
public sealed class Rebar : GradientEstimator<Distribution>
{
    private readonly Func<Tensor, Tensor>? _correction;

    /// <summary>REBAR with the relaxed f at <paramref name="temperature"/>, weighted by
    /// <paramref name="eta"/>.</summary>
    public Rebar(double temperature = 0.5, double eta = 1)
        : this(temperature, eta, null)
    {
    }

    /// <summary>RELAX: with a learned correction added to the relaxed f.</summary>
    private Rebar(double temperature, double eta, Func<Tensor, Tensor>? correction)
    {
        DiscreteDraw.RequireTemperature(temperature);
        if (!double.IsFinite(eta))
            throw new ArgumentOutOfRangeException(nameof(eta), eta, "The weight of the control variate must be " +
                "finite.");
        (Temperature, Eta, _correction) = (temperature, eta, correction);
    }

    /// <summary>The temperature of the relaxation.</summary>
    public double Temperature { get; }

    /// <summary>The weight of the control variate; 0 gives the score-function estimator.</summary>
    public double Eta { get; }

    /// <summary>
    /// RELAX (Grathwohl et al. 2018): the control variate is the relaxed f plus <paramref name="correction"/>, a
    /// network from relaxed values of shape [K] + batch + event to values of shape [K] + batch. The correction learns
    /// by the squared error of the control variate to f(b) at the conditional relaxation. The gradient of the estimate
    /// includes the gradient of this error. Grathwohl et al. instead minimise the variance itself, which needs second
    /// derivatives. Unbiased for any correction.
    /// </summary>
    public static Rebar Relax(Func<Tensor, Tensor> correction, double temperature = 0.5, double eta = 1)
    {
        ArgumentNullException.ThrowIfNull(correction);
        return new Rebar(temperature, eta, correction);
    }

    /// <inheritdoc/>
    public override string Name => FormattableString.Invariant(
        $"{(_correction is null ? "REBAR" : "RELAX")}, temperature {Temperature}, eta {Eta}");

    /// <inheritdoc/>
    public override bool IsUnbiased => true;

    /// <inheritdoc/>
    public override Tensor Estimate(Distribution q, Func<Tensor, Tensor> f, Rng rng, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(f);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        ArgumentNullException.ThrowIfNull(rng);
        (Tensor hard, Tensor soft, Tensor conditional) = Relaxation.DrawWithConditional(q, rng, samples, Temperature);
        Tensor values = f(hard), relaxed = f(soft), given = f(conditional);
        Tensor? own = null;
        if (_correction is not null)
        {
            Tensor learned = _correction(conditional.Detach());
            own = (values.Detach() - given.Detach() - learned).Square().Mean(0);
            // The parameters of the correction learn only by this loss: the other gradients of the control variate must
            // not reach them.
            (relaxed, given) = (relaxed + OfInput(soft), given + OfInput(conditional));
        }

        Tensor signal = (values - given * Eta).Detach();
        Tensor estimate = (values + (signal * q.LogProb(hard) + (relaxed - given) * Eta).GradientOnly()).Mean(0);
        return own is null ? estimate : estimate + own.GradientOnly();

        // The correction, with a gradient by its input only, not by its parameters.
        Tensor OfInput(Tensor z)
        {
            Tensor value, slope;
            using (var tape = new GradientTape())
            {
                Tensor input = z.Detach();
                value = _correction!(input);
                slope = tape.Gradients(value.Sum(), [input])[0].Keep();
                value = value.Keep();
            }

            return Tensor.WithVjp(value, [z], g => [slope * BernoulliVector.Over(g, z.Rank - g.Rank)]);
        }
    }
}
