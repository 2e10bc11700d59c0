namespace Reparam.Tensors.Special;

/// <summary>The Gauss-Legendre rule with 40 nodes on [-1, 1] (DLMF 3.5.15): the nodes above 0 and their weights,
/// computed with 40 digits.</summary>
public static class GaussLegendre
{
    /// <summary>The 20 nodes above 0, in decreasing order. The nodes below 0 are their negatives.</summary>
    public static ReadOnlySpan<double> Nodes =>
    [
        0.9982377097105593, 0.990726238699457, 0.9772599499837743, 0.9579168192137917, 0.9328128082786765,
        0.9020988069688743, 0.8659595032122595,
        0.8246122308333117, 0.7783056514265194, 0.7273182551899271, 0.6719566846141796, 0.6125538896679802,
        0.5494671250951282, 0.4830758016861787,
        0.413779204371605, 0.3419940908257585, 0.2681521850072537, 0.1926975807013711, 0.11608407067525521,
        0.03877241750605082,
    ];

    /// <summary>The weight of each node and of its negative. The sum of all 40 weights is 2.</summary>
    public static ReadOnlySpan<double> Weights =>
    [
        0.004521277098533191, 0.010498284531152813, 0.01642105838190789, 0.02224584919416696, 0.0279370069800234,
        0.033460195282547844,
        0.038782167974472016, 0.04387090818567327, 0.04869580763507223, 0.05322784698393682, 0.05743976909939155,
        0.06130624249292894,
        0.06480401345660104, 0.0679120458152339, 0.07061164739128678, 0.07288658239580406, 0.07472316905796826,
        0.07611036190062624,
        0.07703981816424797, 0.0775059479784248,
    ];

    /// <summary>1 - x for the 20 nodes x of <see cref="Nodes"/>, then 1 + x: the distances of all 40 nodes from one
    /// end.</summary>
    internal static ReadOnlySpan<double> Steps => s_steps;

    /// <summary>The weights of <see cref="Steps"/>.</summary>
    internal static ReadOnlySpan<double> StepWeights => s_stepWeights;

    private static readonly double[] s_steps =
        [.. Nodes.ToArray().Select(x => 1 - x), .. Nodes.ToArray().Select(x => 1 + x)];

    private static readonly double[] s_stepWeights = [.. Weights, .. Weights];
}
