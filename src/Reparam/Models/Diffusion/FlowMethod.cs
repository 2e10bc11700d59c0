namespace Reparam.Models.Diffusion;

/// <summary>A Runge-Kutta method that solves the probability-flow equation.</summary>
public enum FlowMethod
{
    /// <summary>Heun's method, of order 2: two calls of the denoiser for each step.</summary>
    Heun,

    /// <summary>The classical method of order 4: four calls of the denoiser for each step.</summary>
    RungeKutta4,
}
