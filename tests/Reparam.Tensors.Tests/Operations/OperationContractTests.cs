using Reparam.Testing;

namespace Reparam.Tensors.Tests.Operations;

/// <summary>Every operation against central differences, and proof that a wrong gradient would be noticed.</summary>
public sealed class OperationContractTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, OperationCases.All.Count)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Vjp_agrees_with_central_differences(int index)
    {
        OperationCase operation = OperationCases.All[index];
        string? problem = GradientCheck.FirstDisagreement(operation.Function, operation.Inputs);
        Assert.True(problem is null, $"{operation}: {problem}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Planted_error_of_one_percent_is_caught(int index)
    {
        OperationCase operation = OperationCases.All[index];
        // nothing to be wrong about
        if (operation.Inputs.All(x => x.Size == 0) || operation.Function(operation.Inputs).Size == 0) return;
        // The operation behind an identity whose gradient is 1 % too large.
        Tensor Planted(Tensor[] inputs)
        {
            Tensor y = operation.Function(inputs);
            return Tensor.WithVjp(y, [y], g => [g * 1.01]);
        }

        Assert.NotNull(GradientCheck.FirstDisagreement(Planted, operation.Inputs));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Shapes_alone_take_the_same_memory(int index)
    {
        OperationCase operation = OperationCases.All[index];
        ShapeCheck.Require(operation.Name, x => [operation.Function(x)], operation.Inputs);
    }

    [Fact]
    public void Planted_transposed_gradient_is_caught()
    {
        Tensor a = GradientCheck.Values([3, 3], -1, 1);
        Assert.NotNull(GradientCheck.FirstDisagreement(
            x => Tensor.WithVjp(x[0].Exp().Detach(), [x[0]], g => [(g * x[0].Exp()).Transpose()]), a));
    }

    [Fact]
    public void Every_public_operation_has_a_case()
    {
        string[] exempt = ["ToString", "Equals", "GetHashCode", "GetType", "Keep", "Detach", "IsFinite", "ToArray",
            "AsSpan", "Item", "At", "From", "FromLevels", "Zeros", "Ones", "Full", "Scalar", "GreaterOrEqual", "Less",
            "Floor", "ArgMax", "OneHot", "Arange", "Eye", "GradientOnly"];
        string[] operations = [.. typeof(Tensor).GetMethods().Where(m => m.IsPublic && !m.IsSpecialName
            && m.DeclaringType == typeof(Tensor)).Select(m => m.Name).Distinct().Except(exempt)];
        string[] missing =
            [.. operations.Where(o => !OperationCases.All.Any(c => c.Name.StartsWith(o, StringComparison.Ordinal)))];
        Assert.Empty(missing);
    }
}
