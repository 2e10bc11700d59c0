using System.Reflection;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Tests.Distributions;

/// <summary>What holds for the constructors of every distribution.</summary>
public sealed class ConstructorTests
{
    public static TheoryData<string> Names => [.. Constructors.Keys];

    private static SortedDictionary<string, ConstructorInfo> Constructors => new(
        typeof(Distribution).Assembly.GetTypes().Where(
            t => t.IsPublic && !t.IsAbstract && t.IsAssignableTo(typeof(Distribution)))
            .SelectMany(t => t.GetConstructors()).Where(c => c.GetParameters().Any(p => !p.ParameterType.IsValueType))
                .ToDictionary(Name), StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_null_argument_is_named(string name)
    {
        ConstructorInfo constructor = Constructors[name];
        ParameterInfo[] parameters = constructor.GetParameters();
        ArgumentNullException all = Assert.IsType<ArgumentNullException>(
            Thrown(constructor, [.. parameters.Select(p => p.ParameterType.IsValueType ? Valid(p) : null)]));
        Assert.Contains(all.ParamName, parameters.Select(p => p.Name));
        foreach (ParameterInfo missing in parameters.Where(p => !p.ParameterType.IsValueType
            && new NullabilityInfoContext().Create(p).WriteState != NullabilityState.Nullable))
        {
            Exception one = Thrown(constructor, [.. parameters.Select(p => p == missing ? null : Valid(p))])!;
            // The other arguments may not fit each other, which is said first or after.
            Assert.IsAssignableFrom<ArgumentException>(one);
        }
    }

    private static Exception? Thrown(ConstructorInfo constructor, object?[] arguments) =>
        Record.Exception(() => constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null));

    private static object? Valid(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (type == typeof(Tensor)) return Tensor.Full([2, 2], 1);
        if (type == typeof(int)) return 1;
        if (type == typeof(Categorical)) return new Categorical(Tensor.Zeros([2]));
        if (type.IsAssignableFrom(typeof(Normal))) return new Normal(Tensor.Zeros([2]), Tensor.Ones([2]));
        if (type.IsAssignableFrom(typeof(Bernoulli))) return new Bernoulli(Tensor.Zeros([2]));
        return type.IsValueType ? Activator.CreateInstance(type) : null;
    }

    private static string Name(ConstructorInfo constructor)
    {
        IEnumerable<string> types = constructor.GetParameters().Select(p => p.ParameterType.Name);
        return $"{constructor.DeclaringType!.Name}({string.Join(", ", types)})";
    }
}
