using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

/// <summary>
/// Optimiser steps that update a parameter and its state in place, each in one pass over memory. The optimisers that
/// call them document the rules and their sources. In the formulas, g = <c>scale</c> * gradient + <c>decay</c> * p: the
/// gradient is first multiplied by <c>scale</c>, and then <c>decay</c> times the parameter is added (the gradient of a
/// Gaussian prior on the weights).
/// </summary>
public static class ParameterUpdate
{
    /// <summary>g = scale * gradient + decay * p; p -= rate * g.</summary>
    public static void Sgd(Parameter parameter, Tensor gradient, double rate, double decay = 0, double scale = 1) =>
        Apply(UpdateKernel.Sgd, parameter, gradient, null, null,
            new UpdateScalars(rate, decay, 0, 0, 0, 1, 1, false, scale));

    /// <summary>velocity = momentum * velocity + g; p -= rate * velocity, or with Nesterov p -= rate * (g + momentum *
    /// velocity).</summary>
    public static void Momentum(Parameter parameter, Tensor gradient, Parameter velocity, double rate, double momentum,
        bool nesterov, double decay = 0, double scale = 1) =>
        Apply(UpdateKernel.Momentum, parameter, gradient, velocity, null,
            new UpdateScalars(rate, decay, momentum, 0, 0, 1, 1, nesterov, scale));

    /// <summary>m and v are exponential averages of g and g^2; p -= rate * (m / correction1) / (sqrt(v / correction2) +
    /// epsilon). With <paramref name="decoupled"/>, p is first shrunk by rate * decay and g has no decay
    /// term.</summary>
    public static void Adam(
        Parameter parameter, Tensor gradient, Parameter first, Parameter second, double rate, double beta1,
        double beta2, double epsilon,
        double correction1, double correction2, bool decoupled, double decay = 0, double scale = 1) =>
        Apply(
            decoupled ? UpdateKernel.AdamW : UpdateKernel.Adam, parameter, gradient, first, second,
            new UpdateScalars(rate, decay, beta1, beta2, epsilon, correction1, correction2, false, scale));

    /// <summary>sum += g^2; p -= rate * g / (sqrt(sum) + epsilon).</summary>
    public static void Adagrad(Parameter parameter, Tensor gradient, Parameter sum, double rate, double epsilon,
        double decay = 0, double scale = 1) =>
        Apply(UpdateKernel.Adagrad, parameter, gradient, null, sum,
            new UpdateScalars(rate, decay, 0, 0, epsilon, 1, 1, false, scale));

    /// <summary>m is the exponential average of g, v = max(beta2 v, |g| + epsilon); p -= rate / correction1 * m /
    /// v.</summary>
    public static void Adamax(
        Parameter parameter, Tensor gradient, Parameter first, Parameter norm, double rate, double beta1, double beta2,
        double epsilon,
        double correction1, double decay = 0, double scale = 1) =>
        Apply(UpdateKernel.Adamax, parameter, gradient, first, norm,
            new UpdateScalars(rate, decay, beta1, beta2, epsilon, correction1, 1, false, scale));

    /// <summary>v is the exponential average of g^2; p -= rate * g / (sqrt(v) + epsilon). If a momentum buffer is
    /// given, g / (sqrt(v) + epsilon) is added to momentum times the buffer, and p -= rate * buffer.</summary>
    public static void RmsProp(
        Parameter parameter, Tensor gradient, Parameter? momentumBuffer, Parameter second, double rate, double momentum,
        double beta2, double epsilon,
        double decay = 0, double scale = 1) =>
        Apply(UpdateKernel.RmsProp, parameter, gradient, momentumBuffer, second,
            new UpdateScalars(rate, decay, momentum, beta2, epsilon, 1, 1, false, scale));

    private static void Apply(UpdateKernel kernel, Parameter parameter, Tensor gradient, Parameter? first,
        Parameter? second, in UpdateScalars scalars)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(gradient);
        RequireLike(parameter, gradient, "gradient");
        if (first is not null) RequireLike(parameter, first.Value, "state");
        if (second is not null) RequireLike(parameter, second.Value, "state");
        Backend.Current.Update(
            kernel, parameter.Value.Buffer, gradient.Buffer, first?.Value.Buffer, second?.Value.Buffer, scalars);
    }

    internal static void RequireLike(Parameter parameter, Tensor other, string role)
    {
        if (other.Shape != parameter.Shape || other.DType != parameter.Value.DType)
        {
            throw new ArgumentException($"Parameter {parameter.Name} is {parameter.Value.DType} {parameter.Shape}, " +
                $"but its {role} is {other.DType} {other.Shape}. Give a {role} of the parameter's type and shape.");
        }
    }
}
