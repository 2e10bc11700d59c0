namespace Reparam.Tensors.Autodiff;

/// <summary>
/// One recorded operation: its output, its inputs, and for each input the vector-Jacobian product, which turns the
/// gradient of the output into the gradient of the input. Each input has its own function, so that only the gradients
/// that are needed are computed.
/// </summary>
internal sealed record TapeNode(
    string Operation, string Layer, Tensor Output, Tensor[] Inputs, Func<Tensor, Tensor>[] Vjps)
{
    /// <summary>"operation in layer", or only the operation if it was recorded outside a layer.</summary>
    public string Origin => Layer.Length == 0 ? Operation : $"{Operation} in {Layer}";
}
