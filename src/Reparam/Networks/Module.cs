using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// A part of a model that has parameters. Children and parameters have explicit names, because a checkpoint uses these
/// names: the weight of <c>Child("hidden", Child("0", linear))</c> is called <c>hidden.0.weight</c>. An optimiser
/// changes the parameters. A module may also own buffers, which the module itself changes in training. Files contain
/// both.
/// </summary>
public abstract class Module
{
    private readonly List<Parameter> _parameters = [];
    private readonly List<Parameter> _buffers = [];
    private readonly List<(string Name, Module Module, bool IsFrozen)> _children = [];

    /// <summary>All parameters: first this module's own parameters, then the parameters of each child in order of
    /// attachment.</summary>
    public IReadOnlyList<Parameter> Parameters =>
        [.. _parameters, .. _children.Where(c => !c.IsFrozen).SelectMany(c => c.Module.Parameters)];

    /// <summary>The first of <see cref="Parameters"/>, without a list of all; null if there is none.</summary>
    internal Parameter? FirstParameter
    {
        get
        {
            if (_parameters.Count > 0) return _parameters[0];
            foreach ((_, Module child, bool isFrozen) in _children)
            {
                if (!isFrozen && child.FirstParameter is { } first) return first;
            }

            return null;
        }
    }

    /// <summary>All buffers, in the order of <see cref="Parameters"/>: running averages and the parameters of frozen
    /// children, for example. Buffers have no gradient, and no optimiser changes them.</summary>
    public IReadOnlyList<Parameter> Buffers =>
        [.. _buffers, .. _children.SelectMany(c => c.IsFrozen ? c.Module.State : c.Module.Buffers)];

    /// <summary>Everything that a file needs to restore the module: parameters, then buffers.</summary>
    public IReadOnlyList<Parameter> State => [.. Parameters, .. Buffers];

    /// <summary>What the module is used for; null before <see cref="SetMode"/> is called.</summary>
    public ModuleMode? Mode { get; private set; }

    /// <summary>The module's place in the model, such as <c>encoder.hidden.0</c>; empty at the root.</summary>
    public string Path { get; private set; } = "";

    /// <summary>This module and all its descendants, in the order of their parameters.</summary>
    public IEnumerable<Module> Tree => [this, .. _children.SelectMany(c => c.Module.Tree)];

    /// <summary>Whether the module needs whole batches in training, because its state follows them in a way that the
    /// mean over the shards of a batch does not describe. A model with such a module is trained with one
    /// shard.</summary>
    public virtual bool NeedsWholeBatches => false;

    /// <summary>Whether the module compares the data of a batch with each other in training, so that a batch, and each
    /// shard of it, needs at least two data points.</summary>
    public virtual bool ComparesData => false;

    /// <summary>Number of scalar parameters.</summary>
    public long ParameterCount => Parameters.Sum(p => (long)p.Shape.Size);

    /// <summary>Writes all parameters and buffers to a safetensors file. The write is atomic: the file is complete, or
    /// it is not written.</summary>
    /// <param name="path">The file. An existing file is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => WeightsFile.From(State).Write(path);

    /// <summary>Reads all parameters and buffers from a file that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidModelException">The file is damaged or belongs to another model. Nothing is changed in
    /// that case.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    public void Load(string path) => WeightsFile.CopyTo(SafetensorsFile.Read(path), State, path);

    /// <summary>Sets what this module and all its descendants are used for from now on.</summary>
    public void SetMode(ModuleMode mode)
    {
        Mode = mode;
        foreach ((_, Module module, bool isFrozen) in _children)
            module.SetMode(isFrozen ? ModuleMode.Evaluation : mode);
    }

    /// <summary>The modes of this module and all its descendants. <see cref="Restore"/> restores them.</summary>
    internal IReadOnlyList<(Module Module, ModuleMode? Mode)> Modes => [.. Tree.Select(m => (m, m.Mode))];

    /// <summary>Restores the modes that <see cref="Modes"/> recorded.</summary>
    internal static void Restore(IReadOnlyList<(Module Module, ModuleMode? Mode)> modes)
    {
        foreach ((Module module, ModuleMode? mode) in modes) module.Mode = mode;
    }

    /// <summary>Throws if the module is in training. In training an evaluation would use the statistics of a batch, and
    /// would change state that only training may change.</summary>
    /// <exception cref="InvalidOperationException">The module is in training.</exception>
    internal void RequireNotTraining()
    {
        if (Mode == ModuleMode.Training)
        {
            throw new InvalidOperationException(
                "The model is in training. Call SetMode(ModuleMode.Evaluation) before you evaluate it.");
        }
    }

    /// <summary>Attaches a child. Files contain its name.</summary>
    /// <exception cref="ArgumentException">The name is taken, empty or contains a dot.</exception>
    protected T Child<T>(string name, T module) where T : Module => Attach(name, module, isFrozen: false);

    /// <summary>Attaches a child that is not trained: its parameters are buffers of this module, and it is always in
    /// evaluation mode. Files contain its name.</summary>
    /// <exception cref="ArgumentException">The name is taken, empty or contains a dot.</exception>
    protected T FrozenChild<T>(string name, T module) where T : Module => Attach(name, module, isFrozen: true);

    private T Attach<T>(string name, T module, bool isFrozen) where T : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        RequireFree(name);
        _children.Add((name, module, isFrozen));
        module.MoveUnder(name);
        if (isFrozen) module.SetMode(ModuleMode.Evaluation);
        else if (Mode is { } mode) module.SetMode(mode);
        return module;
    }

    /// <summary>Adds a trainable parameter to this module.</summary>
    /// <exception cref="ArgumentException">The name is taken, empty or contains a dot.</exception>
    protected Parameter Own(string name, Tensor initial)
    {
        RequireFree(name);
        var parameter = new Parameter(name, initial);
        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Adds a buffer to this module. A buffer is saved and restored with the parameters, and only the module
    /// changes it.</summary>
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
        foreach ((_, Module module, _) in _children) module.MoveUnder(parent);
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
