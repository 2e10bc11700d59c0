using Reparam.Models;
using Reparam.Models.Flows;
using Reparam.Tensors;

namespace Reparam.Training.Runs;

/// <summary>
/// The word of a configuration for a posterior: <c>normal</c>, or a flow of one with its number of maps, such as <c>planar:10</c>; <c>full</c>, <c>low-rank</c> or <c>mixture</c>; <c>vmf</c> or
/// <c>power-spherical</c>; <c>bernoulli</c>, or <c>categorical</c> with its number of outcomes.
/// </summary>
/// <param name="Kind">The name.</param>
/// <param name="Count">The number after it: maps of a flow, outcomes of a categorical variable; 0 for none.</param>
internal sealed record PosteriorSpec(string Kind, int Count)
{
    /// <summary>Hidden units of each autoregressive or coupling network.</summary>
    public const int Width = 128;

    /// <summary>Hidden units and reflections of a Sylvester map.</summary>
    private const int SylvesterUnits = 8;

    /// <summary>Hidden units for each element of a block neural autoregressive map.</summary>
    private const int BlockUnits = 8;

    private const int MostMaps = 64, MostOutcomes = 1000, LargestFullCovariance = 512;

    private static readonly (string Kind, int Count)[] s_known =
        [("normal", 0), ("point", 0), ("full", 0), ("low-rank", 2), ("mixture", 5), ("vmf", 0), ("power-spherical", 0), ("bernoulli", 0), ("categorical", 10), ("planar", 10), ("sylvester", 4), ("iaf", 2), ("coupling", 4), ("spline", 2), ("bnaf", 1)];

    /// <summary>Whether the latents are discrete.</summary>
    public bool IsDiscrete => Kind is "bernoulli" or "categorical";

    /// <summary>Whether the latents lie on a sphere.</summary>
    public bool IsSpherical => Kind is "vmf" or "power-spherical";

    private bool IsFlow => Kind is "planar" or "sylvester" or "iaf" or "coupling" or "spline" or "bnaf";

    /// <summary>What kind of variables the latents are, before any flow.</summary>
    public PosteriorFamily Family => Kind switch
    {
        "bernoulli" => PosteriorFamily.Bernoulli,
        "categorical" => PosteriorFamily.Categorical(Count),
        "point" => PosteriorFamily.Point,
        "full" => PosteriorFamily.FullCovariance,
        "low-rank" => PosteriorFamily.LowRank(Count),
        "mixture" => PosteriorFamily.Mixture(Count),
        "vmf" => PosteriorFamily.VonMisesFisher,
        "power-spherical" => PosteriorFamily.PowerSpherical,
        _ => PosteriorFamily.Normal,
    };

    /// <summary>Reads the word.</summary>
    /// <exception cref="InvalidConfigException">The name is unknown or the number out of bounds.</exception>
    public static PosteriorSpec Parse(string text)
    {
        string[] parts = text.Split(':');
        (string kind, int count) = Array.Find(s_known, k => k.Kind == parts[0]);
        if (kind is null || parts.Length > 2 || (count == 0 && parts.Length > 1))
        {
            throw new InvalidConfigException(
                $"model.posterior '{text}' is unknown. It is normal, point, full, vmf or power-spherical; low-rank, mixture or categorical with a number, such as low-rank:2; bernoulli; or one of planar, sylvester, iaf, coupling, spline and bnaf with a number of maps, such as planar:10.{Suggestion.For(parts[0], [.. s_known.Select(k => k.Kind)])}");
        }

        (string what, int least, int most) = kind switch
        {
            "categorical" => ("outcomes", 2, MostOutcomes),
            "low-rank" => ("columns", 1, MostMaps),
            "mixture" => ("components", 2, MostMaps),
            _ => ("maps", 1, MostMaps),
        };
        if (parts.Length == 2 && (!NumberText.TryWhole(parts[1], out count) || count < least || count > most))
            throw new InvalidConfigException($"model.posterior '{text}': the number of {what} lies between {least} and {most}.");
        return new PosteriorSpec(kind, count);
    }

    /// <exception cref="InvalidConfigException">Latents of length <paramref name="latent"/> are too short for it.</exception>
    public void Require(int latent)
    {
        if (IsSpherical && latent < 2) throw new InvalidConfigException($"model.posterior '{Kind}' lives on a sphere of two coordinates or more; set model.latent to 2 at least.");
        if (Kind is "coupling" or "spline" && latent < 2) throw new InvalidConfigException($"model.posterior '{Kind}' needs two latent dimensions or more.");
        if (Kind == "full" && latent > LargestFullCovariance) throw new InvalidConfigException($"model.posterior 'full' has a matrix of latent x latent numbers for each datum; model.latent is at most {LargestFullCovariance} there, not {latent}. Use low-rank.");
    }

    /// <summary>The flow of latents of length <paramref name="latent"/>, steered by a context of length <paramref name="context"/>; null for none.</summary>
    public Flow? Flow(int latent, int context, Rng rng) => Kind switch
    {
        _ when !IsFlow => null,
        "planar" => Models.Flows.Flow.Planar(latent, Count, rng, context),
        "sylvester" => Models.Flows.Flow.Sylvester(latent, Count, Math.Min(SylvesterUnits, latent), SylvesterUnits, rng, context),
        "iaf" => Models.Flows.Flow.InverseAutoregressive(latent, Count, [Width], rng, context),
        "coupling" => Models.Flows.Flow.Coupling(latent, Count, [Width], rng, context),
        "bnaf" => Models.Flows.Flow.BlockNeuralAutoregressive(latent, Count, [BlockUnits], rng, context),
        _ => Models.Flows.Flow.Spline(latent, Count, [Width], rng, context),
    };

    /// <summary>Scalar parameters, elements of intermediate tensors for one draw, and the largest of these.</summary>
    public (double Parameters, double Elements, double Largest) Size(int latent, double context)
    {
        double d = latent, units = Math.Min(SylvesterUnits, d), spline = 3 * Models.Flows.Flow.SplineBins - 1;
        double free = Kind switch
        {
            "planar" => 2 * d + 1,
            "sylvester" => SylvesterUnits * d + units * (2 * units + 1),
            _ => 0,
        };
        double kept = latent / 2, outputs = Kind switch { "iaf" => 2 * d, "coupling" => 2 * (d - kept), "spline" => (d - kept) * spline, _ => 0 };
        // A spline picks its bin among as many candidates as it has numbers, several times over.
        double each = Kind switch
        {
            "normal" or "point" or "bernoulli" => 0,
            "vmf" or "power-spherical" => 20 * d,
            "full" => 4 * d * d,
            "low-rank" or "mixture" => 6 * d * Count,
            "categorical" => 8 * d * Count, // noise, its logarithms, the relaxed draw
            "planar" => 6 * d + free,
            "sylvester" => (SylvesterUnits + 2) * 4 * d * units + free,
            "bnaf" => 8 * d * BlockUnits + 12 * d,
            _ => 4 * Width + 10 * outputs + 10 * d,
        };
        if (!IsFlow) return (0, each, Kind == "full" ? d * d : d * Math.Max(1, Count));
        // Weights from and to the hidden units of all elements, biases of both, a gate; the context's part.
        double blocks = 2 * d * d * BlockUnits + d * BlockUnits + 2 * d + d * BlockUnits * context;
        double parameters = Kind == "bnaf" ? blocks : free > 0 ? free * (context + 1) : outputs > 0 ? ((Kind == "iaf" ? d : kept) + 1 + (context > 0 ? context + 1 : 0)) * Width + (Width + 1) * outputs : 0;
        return (Count * parameters, Count * each, Math.Max(Math.Max(free, outputs), Kind switch { "sylvester" => d * units, "bnaf" => d * BlockUnits, _ => d }));
    }
}
