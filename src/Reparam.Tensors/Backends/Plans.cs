namespace Reparam.Tensors.Backends;

/// <summary>
/// How two operands broadcast to a contiguous output: the smallest number of merged axes, outermost first, with the
/// element stride of each operand along each axis (0 where the operand is repeated). The common cases collapse to one
/// axis (same shape, or a scalar) or two (a row or a column against a matrix).
/// </summary>
internal readonly struct BroadcastPlan
{
    private static readonly int[] s_repeated = [0], s_consecutive = [1];

    public required Shape Output { get; init; }

    /// <summary>Merged extents, outermost first; at least one axis.</summary>
    public required int[] Extents { get; init; }

    public required int[] StridesA { get; init; }

    public required int[] StridesB { get; init; }

    /// <summary>Plans a op b, aligning shapes at their last axes.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static BroadcastPlan Create(Shape a, Shape b)
    {
        Shape output = Broadcast(a, b);
        Span<int> extents = stackalloc int[Shape.MaxRank];
        Span<int> stridesA = stackalloc int[Shape.MaxRank];
        Span<int> stridesB = stackalloc int[Shape.MaxRank];
        int axes = 0; // filled innermost first
        int stepA = 1, stepB = 1;
        for (int i = 1; i <= output.Rank; i++)
        {
            int extent = output[^i];
            int extentA = i <= a.Rank ? a[^i] : 1;
            int extentB = i <= b.Rank ? b[^i] : 1;
            if (extent == 1) continue;
            int strideA = extentA == 1 ? 0 : stepA;
            int strideB = extentB == 1 ? 0 : stepB;
            stepA *= extentA;
            stepB *= extentB;
            // An axis merges with the next inner axis if, for each operand, one stride continues the other.
            if (axes > 0 && Continues(stridesA[axes - 1], strideA, extents[axes - 1])
                && Continues(stridesB[axes - 1], strideB, extents[axes - 1]))
            {
                extents[axes - 1] *= extent;
                continue;
            }

            extents[axes] = extent;
            stridesA[axes] = strideA;
            stridesB[axes] = strideB;
            axes++;
        }

        if (axes == 0)
        {
            extents[0] = 1;
            axes = 1;
        }

        extents[..axes].Reverse();
        stridesA[..axes].Reverse();
        stridesB[..axes].Reverse();
        return new BroadcastPlan
        {
            Output = output,
            Extents = extents[..axes].ToArray(),
            StridesA = Kept(stridesA[..axes]),
            StridesB = Kept(stridesB[..axes]),
        };
    }

    /// <summary>The strides in an array that nothing may write to; those of one axis share theirs.</summary>
    private static int[] Kept(ReadOnlySpan<int> strides) => strides switch
    {
        [0] => s_repeated, [1] => s_consecutive, _ => strides.ToArray(),
    };

    /// <summary>The shape that both shapes broadcast to.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Shape Broadcast(Shape a, Shape b)
    {
        if (a == b) return a;
        int rank = Math.Max(a.Rank, b.Rank);
        int[] extents = new int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int extentA = i <= a.Rank ? a[^i] : 1;
            int extentB = i <= b.Rank ? b[^i] : 1;
            if (extentA != extentB && extentA != 1 && extentB != 1)
            {
                throw new ArgumentException(
                    $"Shapes {a} and {b} do not broadcast: axis ^{i} is {extentA} on the left and {extentB} on the " +
                        "right, and neither is 1.");
            }

            extents[rank - i] = extentA == 1 ? extentB : extentA;
        }

        return Shape.Adopt(extents);
    }

    private static bool Continues(int innerStride, int outerStride, int innerExtent) =>
        outerStride == innerStride * innerExtent;
}

/// <summary>A strided view of a buffer: element (i0, i1, ...) is at Offset + the sum of i * stride. A stride of 0
/// repeats elements.</summary>
internal readonly struct StridedPlan
{
    public required int[] Extents { get; init; }

    public required int[] Strides { get; init; }

    public int Offset { get; init; }
}

/// <summary>Extents of a selection along the middle axis of x[Outer, Extent, Inner], which gives y[Outer, Count,
/// Inner]. There are Count positions, or, with PerElement, one position for each element of y.</summary>
internal readonly record struct PickPlan(int Outer, int Extent, int Count, int Inner, bool PerElement);
