using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Training.Runs;

/// <summary>The word of a configuration for a prior: <c>standard</c>, or a learned one with its size, such as <c>vamp:500</c>.</summary>
/// <param name="Kind">The name.</param>
/// <param name="Count">Components of a mixture or pseudo-inputs, or maps of a flow; 0 for none.</param>
internal sealed record PriorSpec(string Kind, int Count)
{
    private const int MostComponents = 10_000, MostMaps = 64;

    private static readonly (string Kind, int Count)[] s_known = [("standard", 0), ("mixture", 50), ("vamp", 500), ("flow", 4), ("autoregressive", 1)];

    /// <summary>Reads the word.</summary>
    /// <exception cref="InvalidConfigException">The name is unknown or the number out of bounds.</exception>
    public static PriorSpec Parse(string text)
    {
        string[] parts = text.Split(':');
        (string kind, int count) = Array.Find(s_known, k => k.Kind == parts[0]);
        if (kind is null || parts.Length > 2 || (count == 0 && parts.Length > 1))
            throw new InvalidConfigException($"model.prior '{text}' is unknown. It is standard, mixture or vamp with a number of components, such as vamp:500, or flow or autoregressive with a number of maps, such as flow:4.{Suggestion.For(parts[0], [.. s_known.Select(k => k.Kind)])}");
        int most = kind is "flow" or "autoregressive" ? MostMaps : MostComponents;
        if (parts.Length == 2 && (!NumberText.TryWhole(parts[1], out count) || count < 1 || count > most))
            throw new InvalidConfigException($"model.prior '{text}': the number lies between 1 and {most}.");
        return new PriorSpec(kind, count);
    }

    /// <exception cref="InvalidConfigException">The prior does not fit the posterior.</exception>
    public void Require(ModelConfig model)
    {
        if (Kind == "standard") return;
        var posterior = PosteriorSpec.Parse(model.Posterior);
        if (Kind == "autoregressive" && posterior.Kind == "categorical")
        {
            RequireOneNetwork(model);
            return;
        }

        if (posterior.IsDiscrete || posterior.IsSpherical) throw new InvalidConfigException($"model.prior '{model.Prior}' is over all real vectors, and the latents are '{model.Posterior}'; leave it at 'standard', which is uniform there.");
        if (model.Posterior == "point") throw new InvalidConfigException($"model.prior '{model.Prior}' would learn to lie on the points that model.posterior 'point' gives, at a density without limit; leave it at 'standard'.");
        if (Kind == "vamp" && model.Posterior != "normal") throw new InvalidConfigException($"model.prior '{model.Prior}' mixes normal posteriors, and model.posterior is '{model.Posterior}'; set that to normal, or use a mixture or flow prior.");
        if (Kind == "vamp" && model.Condition != "none") throw new InvalidConfigException($"model.prior '{model.Prior}' encodes pseudo-inputs, which have no label, and model.condition is '{model.Condition}'; use a mixture or flow prior.");
        if (Kind == "flow" && model.Latent < 2) throw new InvalidConfigException("model.prior 'flow' needs two latent dimensions or more.");
    }

    /// <summary>Makes the prior once the encoder is there; null where the posterior's own serves.</summary>
    public Func<NetworkEncoder, Prior>? Make(ModelConfig model, Likelihood likelihood, Rng rng) => Kind switch
    {
        "standard" => null,
        "mixture" => _ => new MixturePrior(model.Latent, Count, rng),
        "vamp" => encoder => new VampPrior(encoder, Shape.Create([.. model.EventShape]), Count, likelihood.IsBounded, rng),
        "autoregressive" when PosteriorSpec.Parse(model.Posterior) is { Kind: "categorical" } posterior => _ => new AutoregressivePrior(model.Latent, posterior.Count, rng),
        "autoregressive" => _ => new FlowPrior(Models.Flows.Flow.MaskedAutoregressive(model.Latent, Count, [PosteriorSpec.Width], rng)),
        _ => _ => new FlowPrior(new PosteriorSpec("coupling", Count).Flow(model.Latent, 0, rng)!),
    };

    /// <exception cref="InvalidConfigException">Several maps are asked for, and there is one network.</exception>
    public void RequireOneNetwork(ModelConfig model)
    {
        if (Count != 1) throw new InvalidConfigException($"model.prior '{model.Prior}' has one network over one-hot latents and codes; leave the number away.");
    }

    /// <summary>The same of an autoregressive prior over one-hot variables.</summary>
    private static (double Parameters, double Elements, double Largest, double Encoded) SizeOverOneHot(double variables, double outcomes)
    {
        const double embedding = AutoregressivePrior.Embedding, hidden = AutoregressivePrior.DefaultHidden;
        double parameters = (outcomes + 1) * embedding + (variables * embedding + 1) * hidden + (hidden + 1) * variables * outcomes;
        return (parameters, variables * (embedding + 6 * outcomes) + 3 * hidden, variables * outcomes, 0);
    }

    /// <summary>Scalar parameters, elements of intermediate tensors for one draw and the largest of these, and data that are encoded at each step beside the batch.</summary>
    public (double Parameters, double Elements, double Largest, double Encoded) Size(ModelConfig model)
    {
        double latent = model.Latent, datum = model.EventShape.Aggregate(1.0, (product, extent) => product * extent);
        switch (Kind)
        {
            case "standard": return default;
            case "autoregressive" when model.Family == "vq-vae":
                return SizeOverOneHot(ModelSize.Places(model), model.Codes);
            case "autoregressive" when PosteriorSpec.Parse(model.Posterior) is { Kind: "categorical" } categorical:
                return SizeOverOneHot(latent, categorical.Count);
            case "autoregressive":
                (double weights, double each, double most) = new PosteriorSpec("iaf", Count).Size(model.Latent, 0);
                return (weights, each, most, 0);
            case "flow":
                (double parameters, double elements, double largest) = new PosteriorSpec("coupling", Count).Size(model.Latent, 0);
                return (parameters, elements, largest, 0);
            default:
                double density = Count * latent; // of a draw under each component
                return (Kind == "vamp" ? Count * datum : Count * (2 * latent + 1), 4 * density, density, Kind == "vamp" ? Count : 0);
        }
    }
}
