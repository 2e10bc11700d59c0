namespace Reparam.Tensors.Autodiff;

/// <summary>
/// One recorded operation: its output, its inputs, and for each input the vector-Jacobian product that turns the
/// gradient of the output into that of the input. A separate function for each input, so that what nobody asks for is
/// not computed.
/// </summary>
internal sealed record TapeNode(
    string Operation, string Layer, Tensor Output, Tensor[] Inputs, Func<Tensor, Tensor>[] Vjps)
{
    /// <summary>"operation in layer", or the operation alone outside of a layer.</summary>
    public string Origin => Layer.Length == 0 ? Operation : $"{Operation} in {Layer}";
}
