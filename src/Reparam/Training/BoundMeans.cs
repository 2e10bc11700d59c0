namespace Reparam.Training;

/// <summary>Means over data, in nats per data point.</summary>
/// <param name="Loss">The loss that training minimises.</param>
/// <param name="Bound">The lower bound on log p(x).</param>
/// <param name="Reconstruction">E_q[log p(x|z)].</param>
/// <param name="KL">KL(q(z|x) || p(z)).</param>
public sealed record BoundMeans(double Loss, double Bound, double Reconstruction, double KL);
