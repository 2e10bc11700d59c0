using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Testing;

/// <summary>Settings of runs in the words of a configuration: <c>Configured.With("model.latent=3",
/// "model.prior=vamp:5")</c>.</summary>
public static class Configured
{
    /// <summary>The defaults with other values.</summary>
    public static RunSettings With(params IEnumerable<string> values) => With(new RunSettings(), values);

    /// <summary>Settings with other values.</summary>
    public static RunSettings With(this RunSettings start, params IEnumerable<string> values)
    {
        var tree = new ConfigurationTree(start, Catalog.BuiltIn);
        tree.Set(values.Select(v => v.Split('=', 2)).Select(v => (v[0], v[1], "the test")));
        return (RunSettings)tree.Read("the test");
    }
}
