namespace Reparam.Tensors.Autodiff;

/// <summary>
/// One recorded operation: its output, its inputs, and for each input the vector-Jacobian product that turns the gradient of
/// the output into that of the input. A separate function for each input, so that what nobody asks for is not computed.
/// </summary>
internal sealed record TapeNode(string Operation, string Layer, Tensor Output, Tensor[] Inputs, Func<Tensor, Tensor>[] Vjps);
