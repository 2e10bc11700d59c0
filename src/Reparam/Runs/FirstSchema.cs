using System.Text.Json.Nodes;
using Reparam.Configuration;

namespace Reparam.Runs;

/// <summary>
/// Converts configurations of schema 1 to schema 2. In schema 1 each section was one flat record with the settings of
/// all kinds.
/// </summary>
internal static class FirstSchema
{
    /// <summary>The kinds of networks (<c>model.kind</c> in schema 1), each with the keys that apply to it.</summary>
    private static readonly Dictionary<string, string[]> s_networks = new()
    {
        ["mlp"] = ["hidden", "decoder_hidden", "normalization", "output_bias", "weights"],
        ["conv"] = ["hidden", "decoder_hidden", "channels"],
        ["resnet"] = ["hidden", "decoder_hidden", "channels", "blocks", "attention"],
    };

    /// <summary>The values that had no effect for keys that the kind did not use.</summary>
    private static readonly Dictionary<string, string> s_idle = new()
    {
        ["normalization"] = "\"none\"", ["output_bias"] = "\"initializer\"", ["weights"] = "\"point\"",
        ["channels"] = "[]", ["blocks"] = "1", ["attention"] = "false",
        ["codes"] = "0", ["upper"] = "[]", ["upper_hidden"] = "[]", ["condition"] = "\"none\"", ["classes"] = "0",
        ["input_noise"] = "0", ["posterior"] = "\"normal\"",
        ["samples"] = "1", ["beta"] = "1", ["warmup_steps"] = "0", ["cycle_steps"] = "0", ["free_bits"] = "0",
        ["free_nats"] = "0", ["capacity"] = "0", ["capacity_steps"] = "0",
        ["estimator"] = "\"closed-form-kl\"", ["groups"] = "8", ["sampling"] = "\"stratified\"",
        ["supervision"] = "0.1", ["commitment"] = "0.25",
        ["temperature"] = "1", ["temperature_rate"] = "0", ["temperature_floor"] = "0.5",
        ["discrete"] = "\"gumbel-softmax\"",
        ["momentum"] = "0", ["beta1"] = "0.9", ["beta2"] = "0.999", ["epsilon"] = "1E-08", ["decay_steps"] = "0",
        ["decay_factor"] = "0",
    };

    private static readonly Dictionary<string, string> s_alpha = new()
    {
        ["renyi"] = "order", ["ciwae"] = "elbo_share", ["info-vae"] = "alpha", ["vae-gan"] = "similarity",
    };

    /// <summary>Converts a tree of schema 1 to an equivalent tree of schema 2.</summary>
    /// <param name="old">The tree of schema 1: a whole configuration or a part of one.</param>
    /// <param name="source">The source of the tree, for error messages.</param>
    /// <param name="saved">Whether the tree is the configuration of a saved run. Then a missing key means that the
    /// earlier version did not have the feature, and the value that turns the feature off is filled in.</param>
    public static JsonObject Upgrade(JsonObject old, string source, bool saved)
    {
        JsonObject data = Section(old, "data", source), model = Section(old, "model", source),
            objective = Section(old, "objective", source);
        JsonObject optimizer = Section(old, "optimizer", source), training = Section(old, "training", source);
        // A key with the value null let the kind choose.
        foreach (JsonObject section in (JsonObject[])[data, model, objective, optimizer, training])
        {
            foreach (string key in (string[])[.. section.Where(pair => pair.Value is null).Select(pair => pair.Key)])
                section.Remove(key);
        }

        data.TryAdd("binarization", "none");
        if (saved)
        {
            // A version that wrote no layout did not use the parts of a file.
            if (!data.ContainsKey("layout")) data["parts"] = "none";
            foreach ((string key, string was) in (
                (string, string)[])[("layout", "channels-first"), ("levels", "stored"), ("standardize", "none")])
                data.TryAdd(key, was);
            model.TryAdd("likelihood", "bernoulli");
        }

        var upgraded = new JsonObject { ["data"] = data };
        bool hasClasses = Word(model, "family") == "semi-supervised";
        if (Model(model, objective) is { Count: > 0 } models) upgraded["model"] = models;
        if (Objective(objective, hasClasses) is { Count: > 0 } objectives) upgraded["objective"] = objectives;
        if (Optimizer(optimizer) is { Count: > 0 } optimizers) upgraded["optimizer"] = optimizers;
        upgraded["training"] = training;
        foreach ((string key, JsonNode? value) in old) upgraded[key] = value?.DeepClone(); // reading refuses it
        return upgraded;
    }

    private static JsonObject Model(JsonObject old, JsonObject objective)
    {
        var model = new JsonObject();
        string family = Word(old, "family") ?? "vae", kind = Word(old, "kind") ?? "mlp";
        Move(old, "family", model, Kind.Key);
        var network = new JsonObject();
        Move(old, "kind", network, Kind.Key);
        foreach (string key in (string[])[.. s_networks.GetValueOrDefault(kind, []), "activation", "initializer"])
            Move(old, key, network);
        if (network.Count > 0) model["network"] = network;
        foreach (string key in (string[])["normalization", "output_bias", "weights", "channels", "blocks", "attention"])
            Drop(old, key);
        if (family == "vq-vae")
        {
            Move(objective, "commitment", model);
            if (IsIdle(old, "codes")) old.Remove("codes");
        }
        else
        {
            Drop(old, "codes");
            Drop(objective, "commitment");
        }

        if (family == "semi-supervised") Move(objective, "supervision", model);
        else Drop(objective, "supervision");
        if (family is not ("hierarchical" or "ladder")) Drop(old, "upper", "upper_hidden");
        if (family is not ("vae" or "semi-supervised")) Drop(old, "classes");
        if (family != "vae") Drop(old, "condition", "input_noise", "posterior");
        foreach (string key in (string[])[.. old.Select(p => p.Key)]) Move(old, key, model);
        return model;
    }

    private static JsonObject Objective(JsonObject old, bool hasClasses)
    {
        string kind = Word(old, Kind.Key) ?? "elbo";
        var objective = new JsonObject();
        Move(old, Kind.Key, objective);
        bool weighted = kind is "iwae" or "miwae" or "piwae" or "ciwae" or "renyi",
            alone = kind is "rws" or "wake-sleep" or "vae-gan";
        if (weighted || alone) Drop(old, "free_bits", "free_nats", "capacity", "capacity_steps");
        if (weighted || kind is "rws" or "wake-sleep" or "wae-mmd" or "aae")
            Drop(old, "beta", "warmup_steps", "cycle_steps");
        if (kind == "info-vae") Drop(old, "beta");
        if (kind is "wae-mmd" or "aae") Drop(old, "free_bits", "free_nats", "capacity", "capacity_steps");
        if (kind is "wake-sleep" or "vae-gan") Drop(old, "samples");
        // A bound of log-weights has no closed-form KL. For these bounds the old default "closed-form-kl" meant the
        // full gradient, which is "sampled" in schema 2.
        if (weighted && IsIdle(old, "estimator")) old["estimator"] = "sampled";
        if (kind == "rws" && Word(old, "estimator") == "sampled") old.Remove("estimator");
        if (alone) Drop(old, "estimator");
        if (kind is not ("miwae" or "piwae")) Drop(old, "groups");
        if (kind != "beta-tcvae") old.Remove("sampling"); // it was ignored
        if (s_alpha.TryGetValue(kind, out string? meant)) MoveSaid(old, "alpha", objective, meant);
        else DropNull(old, "alpha");
        MoveSaid(old, "penalty", objective, "penalty");
        JsonObject discrete = Discrete(old, kind, hasClasses);
        if (discrete.Count > 0) objective["discrete"] = discrete;
        foreach (string key in (string[])[.. old.Select(p => p.Key)]) Move(old, key, objective);
        return objective;
    }

    private static JsonObject Discrete(JsonObject old, string kind, bool hasClasses)
    {
        string[] temperature = ["temperature", "temperature_rate", "temperature_floor"];
        var discrete = new JsonObject();
        string? word = Word(old, "discrete");
        // These objectives have no choice of a gradient estimator.
        if (kind is "iwae" or "miwae" or "piwae" or "ciwae" or "renyi" or "rws" or "wake-sleep" or "vae-gan"
            && word is null or "score-function" or "gumbel-softmax")
        {
            old.Remove("discrete");
            Drop(old, temperature);
            return discrete;
        }

        if (word is null) DropNull(old, "discrete");
        // Schema 1 could not leave this setting open, so configurations contained the default "gumbel-softmax". With
        // classes the word is a deliberate choice and is kept.
        else if (word == "gumbel-softmax" && !hasClasses) old.Remove("discrete");
        else Move(old, "discrete", discrete, Kind.Key);
        if (word is "score-function" or "straight-through" or "enumeration") Drop(old, temperature);
        foreach (string key in temperature) Move(old, key, discrete);
        return discrete;
    }

    private static JsonObject Optimizer(JsonObject old)
    {
        string kind = Word(old, Kind.Key) ?? "adam";
        var optimizer = new JsonObject();
        if (kind is not ("adam" or "adamw")) Drop(old, "beta1", "beta2", "epsilon");
        if (kind is not ("sgd" or "rmsprop")) Drop(old, "momentum");
        var schedule = new JsonObject();
        string rate = Word(old, "schedule") ?? "constant";
        Move(old, "schedule", schedule, Kind.Key);
        // Schema 1 ignored these values.
        if (rate is "constant") old.Remove("decay_factor");
        if (rate is "constant" or "exponential") old.Remove("decay_steps");
        Move(old, "decay_factor", schedule);
        Move(old, "decay_steps", schedule);
        if (rate is "exponential") schedule.TryAdd("decay_factor", 0);
        foreach (string key in (string[])[.. old.Select(p => p.Key)]) Move(old, key, optimizer);
        if (schedule.Count > 0) optimizer["schedule"] = schedule;
        return optimizer;
    }

    private static JsonObject Section(JsonObject tree, string name, string source)
    {
        if (!tree.TryGetPropertyValue(name, out JsonNode? node)) return [];
        if (node is not JsonObject section)
            throw new InvalidConfigException($"{source}: '{name}' is a section and takes an object.");
        tree.Remove(name);
        return section;
    }

    private static string? Word(JsonObject tree, string key) =>
        tree[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>Moves a value if it exists.</summary>
    private static void Move(JsonObject from, string key, JsonObject to, string? name = null)
    {
        if (!from.TryGetPropertyValue(key, out JsonNode? value)) return;
        from.Remove(key);
        to[name ?? key] = value;
    }

    /// <summary>Moves a value that is not null. Null let the kind choose, so a null is removed.</summary>
    private static void MoveSaid(JsonObject from, string key, JsonObject to, string name)
    {
        if (from[key] is null) from.Remove(key);
        else Move(from, key, to, name);
    }

    /// <summary>Removes values that had no effect. Other values stay, and reading then reports that they belong to
    /// another kind.</summary>
    private static void Drop(JsonObject tree, params string[] keys)
    {
        foreach (string key in keys)
        {
            if (IsIdle(tree, key) || (tree.ContainsKey(key) && tree[key] is null)) tree.Remove(key);
        }
    }

    private static void DropNull(JsonObject tree, string key)
    {
        if (tree[key] is null) tree.Remove(key);
    }

    private static bool IsIdle(JsonObject tree, string key) =>
        JsonNode.DeepEquals(tree[key], JsonNode.Parse(s_idle[key]));
}
