namespace Reparam.Tensors.Backends.Cpu;

/// <summary>An elementwise function of one argument, with the scalars of the kernel broadcast to lanes.</summary>
internal interface IUnaryOperator
{
    static abstract L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L>;
}

/// <summary>An elementwise function of two arguments.</summary>
internal interface IBinaryOperator
{
    static abstract L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L>;
}
