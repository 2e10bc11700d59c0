using Reparam.Distributions.Bijectors;
using Reparam.Tensors;

namespace Reparam.Testing;

/// <summary>
/// What every invertible map promises: forwards and backwards give back the argument, the log-determinant is that of
/// the Jacobian which automatic differentiation finds, both directions differ in its sign alone, and all is
/// differentiable in the argument and every parameter, at the edges too.
/// </summary>
/// <param name="make">Builds the map from its parameters.</param>
/// <param name="parameters">Parameters in Float64.</param>
/// <param name="arguments">Arguments x, [N] + event, Float64.</param>
public abstract class BijectorContract(Func<Tensor[], Bijector> make, Tensor[] parameters, Tensor arguments)
{
    /// <summary>Relative accuracy of a round trip in Float64; a map with an iterative inverse may allow more.</summary>
    protected virtual double RoundTrip => 1e-9;

    [Fact]
    public void Inverse_of_forward_is_the_argument_and_log_determinants_cancel()
    {
        Bijector map = make(parameters);
        (Tensor y, Tensor forward) = map.Forward(arguments);
        (Tensor x, Tensor backward) = map.Inverse(y);
        Close.Require(arguments.Doubles(), x.Doubles(), RoundTrip, "round trip");
        Close.Require(forward.Doubles(), (-backward).Doubles(), RoundTrip * 10, "log-determinants");
    }

    [Fact]
    public void Shapes_alone_take_the_same_memory()
    {
        ShapeCheck.Require("forward", p => Both(make(p[1..]).Forward(p[0])), [arguments, .. parameters]);
        Tensor y = make(parameters).Forward(arguments).Y;
        if (make(parameters) is not (Planar or Sylvester or BlockNeuralAutoregressive))
        {
            ShapeCheck.Require("inverse", p => Both(make(p[1..]).Inverse(p[0])), [y, .. parameters]);
            return;
        }

        // These search for it, in as many passes as the data take.
        using var shapes = new ShapeScope();
        (Tensor x, Tensor logDet) = make(parameters).Inverse(Tensor.Zeros(y.Shape, y.DType));
        Assert.Equal((arguments.Shape, arguments.Shape[..^make(parameters).EventRank]), (x.Shape, logDet.Shape));

        static Tensor[] Both((Tensor Value, Tensor LogDet) pair) => [pair.Value, pair.LogDet];
    }

    [Fact]
    public void Invert_exchanges_the_directions()
    {
        Bijector map = make(parameters), inverse = map.Invert();
        (Tensor y, Tensor logDet) = map.Forward(arguments);
        (Tensor again, Tensor same) = inverse.Inverse(arguments);
        Assert.Equal(y.Doubles(), again.Doubles());
        Assert.Equal(logDet.Doubles(), same.Doubles());
        Assert.Equal(y.Doubles(), inverse.Invert().Forward(arguments).Y.Doubles());
    }

    [Fact]
    public void Log_determinant_is_that_of_the_Jacobian()
    {
        Bijector map = make(parameters);
        int rank = map.EventRank, size = arguments.Shape[^rank..].Size, count = arguments.Size / Math.Max(size, 1);
        double[] logDets = map.Forward(arguments).LogDet.Doubles();
        double[][] rows = new double[size][];
        for (int i = 0; i < size; i++)
        {
            // The gradient of the sum of output i over all events: each event's depends on its own argument alone.
            using var tape = new GradientTape();
            Tensor x = arguments.Detach();
            Tensor y = map.Forward(x).Y.Reshape([count, size]);
            rows[i] = tape.Gradients(y.Slice(1, i, 1).Sum(), [x])[0].Doubles();
        }

        for (int n = 0; n < count; n++)
        {
            double[,] jacobian = new double[size, size];
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j < size; j++) jacobian[i, j] = rows[i][n * size + j];
            }

            Close.Require(LogAbsDeterminant(jacobian), logDets[n], 1e-8, $"event {n}");
        }
    }

    [Fact]
    public void Gradients_by_argument_and_parameters_equal_central_differences()
    {
        Tensor[] inputs = [arguments, .. parameters];
        GradientCheck.Require(p => Both(make(p[1..]).Forward(p[0])), inputs);
        Tensor y = make(parameters).Forward(arguments).Y.Keep();
        GradientCheck.Require(p => Both(make(p[1..]).Inverse(p[0])), [y, .. parameters]);
    }

    [Fact]
    public void Float32_agrees_with_Float64()
    {
        (Tensor y, Tensor logDet) = make(parameters).Forward(arguments);
        (Tensor single, Tensor singleLogDet) = make([.. parameters.Select(p => p.To(DType.Float32))]).Forward(
            arguments.To(DType.Float32));
        Close.Require(y.Doubles(), single.Doubles(), 1e-4, "y");
        Close.Require(logDet.Doubles(), singleLogDet.Doubles(), 1e-4, "log-determinant");
    }

    private static Tensor Both((Tensor Value, Tensor LogDet) result) =>
        Tensor.Concat(0, result.Value.Reshape([result.Value.Size]), result.LogDet.Reshape([result.LogDet.Size]));

    /// <summary>By Gaussian elimination with row exchanges.</summary>
    private static double LogAbsDeterminant(double[,] a)
    {
        int n = a.GetLength(0);
        double total = 0;
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(a[i, k]));
            for (int j = 0; j < n; j++) (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            total += Math.Log(Math.Abs(a[k, k]));
            for (int i = k + 1; i < n; i++)
            {
                double factor = a[i, k] / a[k, k];
                for (int j = k; j < n; j++) a[i, j] -= factor * a[k, j];
            }
        }

        return total;
    }
}
