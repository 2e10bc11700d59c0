namespace Reparam.Tensors.Backends.Cpu;

/// <summary>y = kernel(a, b) with broadcasting: chooses the operator and passes the rows to the worker pool in fixed
/// pieces.</summary>
internal unsafe struct BinaryTask : ILaneTask
{
    public BinaryKernel Kernel;
    public BinaryRows Rows;

    public void Run<L>() where L : struct, ILanes<L>
    {
        switch (Kernel)
        {
            case BinaryKernel.Add: Run<L, BinaryOperators.Add>(1); break;
            case BinaryKernel.Subtract: Run<L, BinaryOperators.Subtract>(1); break;
            case BinaryKernel.Multiply: Run<L, BinaryOperators.Multiply>(1); break;
            case BinaryKernel.Divide: Run<L, BinaryOperators.Divide>(4); break;
            case BinaryKernel.Maximum: Run<L, BinaryOperators.Maximum>(1); break;
            case BinaryKernel.Minimum: Run<L, BinaryOperators.Minimum>(1); break;
            case BinaryKernel.GreaterOrEqual: Run<L, BinaryOperators.GreaterOrEqual>(1); break;
            case BinaryKernel.Less: Run<L, BinaryOperators.Less>(1); break;
            case BinaryKernel.Masked: Run<L, BinaryOperators.Masked>(1); break;
            case BinaryKernel.AbsGradient: Run<L, BinaryOperators.AbsGradient>(1); break;
            case BinaryKernel.SqrtGradient: Run<L, BinaryOperators.SqrtGradient>(4); break;
            case BinaryKernel.SquareGradient: Run<L, BinaryOperators.SquareGradient>(1); break;
            case BinaryKernel.ReciprocalGradient: Run<L, BinaryOperators.ReciprocalGradient>(1); break;
            case BinaryKernel.ExpM1Gradient: Run<L, BinaryOperators.ExpM1Gradient>(1); break;
            case BinaryKernel.LogP1Gradient: Run<L, BinaryOperators.LogP1Gradient>(4); break;
            case BinaryKernel.TanhGradient: Run<L, BinaryOperators.TanhGradient>(1); break;
            case BinaryKernel.ErfGradient: Run<L, BinaryOperators.ErfGradient>(20); break;
            case BinaryKernel.SigmoidGradient: Run<L, BinaryOperators.SigmoidGradient>(1); break;
            case BinaryKernel.SoftPlusGradient: Run<L, BinaryOperators.SoftPlusGradient>(20); break;
            case BinaryKernel.ReluGradient: Run<L, BinaryOperators.ReluGradient>(1); break;
            case BinaryKernel.LeakyReluGradient: Run<L, BinaryOperators.LeakyReluGradient>(1); break;
            case BinaryKernel.SiluGradient: Run<L, BinaryOperators.SiluGradient>(24); break;
            case BinaryKernel.GeluGradient: Run<L, BinaryOperators.GeluGradient>(60); break;
            case BinaryKernel.ClampGradient: Run<L, BinaryOperators.ClampGradient>(1); break;
            case BinaryKernel.BernoulliLogits: Run<L, BinaryOperators.BernoulliLogits>(40); break;
            case BinaryKernel.BernoulliResidual: Run<L, BinaryOperators.BernoulliResidual>(20); break;
            default: throw new ArgumentOutOfRangeException(nameof(Kernel), Kernel, null);
        }
    }

    private readonly void Run<L, TOperator>(int weight)
        where L : struct, ILanes<L>
        where TOperator : struct, IBinaryOperator
    {
        BinaryJob<L, TOperator> job = new() { Rows = Rows };
        WorkerPool.For(Rows.Chunks, (long)Rows.Outer * Rows.Inner * weight, ref job);
    }
}
