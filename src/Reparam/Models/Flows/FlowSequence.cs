using Reparam.Distributions.Bijectors;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>Flows one after another.</summary>
internal sealed class FlowSequence : Flow
{
    private readonly Flow[] _flows;

    public FlowSequence(IReadOnlyList<Flow> flows)
        : base(SizeOf(flows), flows.Max(f => f.Context))
    {
        if (flows.Any(f => f.Size != Size || (f.Context != 0 && f.Context != Context)))
        {
            throw new ArgumentException("All flows of a sequence must have the same size, and all flows that take a " +
                "context must take one of the same length, got " +
                $"{string.Join(", ", flows.Select(f => $"size {f.Size} with context {f.Context}"))}.", nameof(flows));
        }

        _flows = [.. flows.Select((flow, i) => Child(FormattableString.Invariant($"{i}"), flow))];
    }

    public override Bijector Map(Tensor? context = null)
    {
        context = Checked(context);
        return new Chain([.. _flows.Select(flow => flow.Map(flow.Context == 0 ? null : context))]);
    }

    private static int SizeOf(IReadOnlyList<Flow> flows)
    {
        ArgumentNullException.ThrowIfNull(flows);
        return flows.Count > 0 ? flows[0].Size
            : throw new ArgumentException("A sequence has at least one flow.", nameof(flows));
    }
}
