using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// Something with parameters. Children and parameters get explicit names, because the names are those of the weights in
/// a checkpoint: the weight of <c>Child("hidden", Child("0", linear))</c> is called <c>hidden.0.weight</c>. Beside
/// parameters, which an optimiser changes, a module may own buffers, which it changes itself while it trains: files
/// hold both.
/// </summary>
public abstract class Module
{
    private readonly List<Parameter> _parameters = [];
    private readonly List<Parameter> _buffers = [];
    private readonly List<(string Name, Module Module)> _children = [];

    /// <summary>All parameters, this module's own first, then each child's in order of attachment.</summary>
    public IReadOnlyList<Parameter> Parameters => [.. _parameters, .. _children.SelectMany(c => c.Module.Parameters)];

    /// <summary>All buffers, in the order of <see cref="Parameters"/>: running averages and the like, with no gradient
    /// and out of any optimiser's reach.</summary>
    public IReadOnlyList<Parameter> Buffers => [.. _buffers, .. _children.SelectMany(c => c.Module.Buffers)];

    /// <summary>All that a file must hold to have the module back: parameters, then buffers.</summary>
    public IReadOnlyList<Parameter> State => [.. Parameters, .. Buffers];

    /// <summary>What the module is used for; null before anybody has said.</summary>
    public ModuleMode? Mode { get; private set; }

    /// <summary>The module's place in the model, such as <c>encoder.hidden.0</c>; empty at the root.</summary>
    public string Path { get; private set; } = "";

    /// <summary>This module and all below it, in the order of their parameters.</summary>
    public IEnumerable<Module> Tree => [this, .. _children.SelectMany(c => c.Module.Tree)];

    /// <summary>Number of scalar parameters.</summary>
    public long ParameterCount => Parameters.Sum(p => (long)p.Shape.Size);

    /// <summary>Writes all state, buffers too, as safetensors: the file is there whole, or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => WeightsFile.From(State).Write(path);

    /// <summary>Reads all state, buffers too, from a file that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidModelException">The file is damaged or of another model; nothing is changed
    /// then.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public void Load(string path) => WeightsFile.CopyTo(SafetensorsFile.Read(path), State, path);

    /// <summary>Says what this module and all below it are used for from now on.</summary>
    public void SetMode(ModuleMode mode)
    {
        Mode = mode;
        foreach ((_, Module module) in _children) module.SetMode(mode);
    }

    /// <summary>What this module and all below it are used for, to be restored with <see cref="Restore"/>.</summary>
    internal IReadOnlyList<(Module Module, ModuleMode? Mode)> Modes => [.. Tree.Select(m => (m, m.Mode))];

    /// <summary>Uses modules again for what they were used for.</summary>
    internal static void Restore(IReadOnlyList<(Module Module, ModuleMode? Mode)> modes)
    {
        foreach ((Module module, ModuleMode? mode) in modes) module.Mode = mode;
    }

    /// <summary>Refuses to score with what belongs to training, such as the statistics of a batch, and to change what
    /// only training may.</summary>
    /// <exception cref="InvalidOperationException">The module is in training.</exception>
    internal void RequireNotTraining()
    {
        if (Mode == ModuleMode.Training)
        {
            throw new InvalidOperationException(
                "The model is in training. Call SetMode(ModuleMode.Evaluation) before it is evaluated.");
        }
    }

    /// <summary>Attaches a child under a name that files will carry.</summary>
    /// <exception cref="ArgumentException">The name is taken, empty or contains a dot.</exception>
    protected T Child<T>(string name, T module) where T : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        RequireFree(name);
        _children.Add((name, module));
        module.MoveUnder(name);
        if (Mode is { } mode) module.SetMode(mode);
        return module;
    }

    /// <summary>Makes a trainable parameter of this module.</summary>
    /// <exception cref="ArgumentException">The name is taken, empty or contains a dot.</exception>
    protected Parameter Own(string name, Tensor initial)
    {
        RequireFree(name);
        var parameter = new Parameter(name, initial);
        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Makes a buffer of this module: saved and restored with the parameters, and changed by nobody but the
    /// module.</summary>
    /// <exception cref="ArgumentException">The name is taken, empty or contains a dot.</exception>
    protected Parameter OwnBuffer(string name, Tensor initial)
    {
        RequireFree(name);
        var buffer = new Parameter(name, initial);
        _buffers.Add(buffer);
        return buffer;
    }

    private void MoveUnder(string parent)
    {
        Path = Path.Length == 0 ? parent : $"{parent}.{Path}";
        foreach (Parameter parameter in (IEnumerable<Parameter>)[.. _parameters, .. _buffers])
            parameter.Rename($"{parent}.{parameter.Name}");
        foreach ((_, Module module) in _children) module.MoveUnder(parent);
    }

    private void RequireFree(string name)
    {
        if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal))
            throw new ArgumentException($"A name in a module is not empty and has no dot: '{name}'.", nameof(name));
        if (_children.Any(c => c.Name == name) || _parameters.Concat(_buffers).Any(
            p => p.Name == name || p.Name.EndsWith('.' + name, StringComparison.Ordinal)))
            throw new ArgumentException($"The module already has a member named '{name}'.", nameof(name));
    }
}
