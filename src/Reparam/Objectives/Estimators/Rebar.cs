using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// REBAR (Tucker et al. 2017): the score function with the relaxed f as a control variate, whose own expectation is put
/// back by a pathwise gradient: (f(b) - eta c(z')) d log q(b) + eta d c(z) - eta d c(z'), c(z) = f(softened z), z'
/// drawn given b. Unbiased for any eta and temperature.
/// </summary>
public sealed class Rebar : GradientEstimator<Distribution>
{
    private readonly Func<Tensor, Tensor>? _correction;

    /// <summary>With the relaxed f at <paramref name="temperature"/>, weighted by <paramref name="eta"/>.</summary>
    public Rebar(double temperature = 0.5, double eta = 1)
        : this(temperature, eta, null)
    {
    }

    /// <summary>RELAX: with a learned correction beside the relaxed f.</summary>
    private Rebar(double temperature, double eta, Func<Tensor, Tensor>? correction)
    {
        DiscreteDraw.RequireTemperature(temperature);
        if (!double.IsFinite(eta))
            throw new ArgumentOutOfRangeException(nameof(eta), eta, "The weight of the control variate is finite.");
        (Temperature, Eta, _correction) = (temperature, eta, correction);
    }

    /// <summary>The temperature of the relaxation.</summary>
    public double Temperature { get; }

    /// <summary>The weight of the control variate; 0 is the score function.</summary>
    public double Eta { get; }

    /// <summary>
    /// RELAX (Grathwohl et al. 2018): the control variate is the relaxed f plus <paramref name="correction"/>, a
    /// network from relaxed values, [K] + batch + event to [K] + batch. It learns by the squared error to f(b) at the
    /// conditional relaxation, which is part of the estimate's gradient (Grathwohl et al. minimise the variance itself,
    /// which takes second derivatives). Unbiased whatever it has learned.
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
            // Its parameters learn by that loss alone: the control variate's other gradients must not reach them.
            (relaxed, given) = (relaxed + OfInput(soft), given + OfInput(conditional));
        }

        Tensor signal = (values - given * Eta).Detach();
        Tensor estimate = (values + (signal * q.LogProb(hard) + (relaxed - given) * Eta).GradientOnly()).Mean(0);
        return own is null ? estimate : estimate + own.GradientOnly();

        // The correction as a function of its input alone.
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
