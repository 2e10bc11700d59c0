using System.Reflection;
using Reparam.Tensors.Backends;

namespace Reparam.Tensors.Tests.Backends.Cpu;

/// <summary>How the JIT is asked to compile the kernels.</summary>
public sealed class CompilationTests
{
    /// <summary>A kernel loop that profile-guided recompilation inlines into its caller loses its registers there: exp
    /// and tanh were seen 15 times slower after a second of running. A method that is optimised at once must therefore
    /// also stay a method.</summary>
    [Fact]
    public void Kernel_loops_are_never_inlined()
    {
        MethodInfo[] kernels =
        [
            .. typeof(Backend).Assembly.GetTypes()
                .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public
                    | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                .Where(m => (m.MethodImplementationFlags & MethodImplAttributes.AggressiveOptimization) != 0),
        ];
        Assert.True(kernels.Length > 30);
        Assert.Empty(kernels.Where(m => (m.MethodImplementationFlags & MethodImplAttributes.NoInlining) == 0).Select(
            m => $"{m.DeclaringType}.{m.Name}"));
    }
}
