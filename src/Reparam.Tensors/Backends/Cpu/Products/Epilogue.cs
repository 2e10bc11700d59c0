using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The nonlinearity at the end of a product, applied to rows that are still in the first-level
/// cache.</summary>
internal static unsafe class Epilogue
{
    /// <summary>c = f(c) for <paramref name="rows"/> rows of <paramref name="columns"/> elements.</summary>
    public static void Apply<L>(Nonlinearity nonlinearity, byte* c, long strideC, int rows, int columns)
        where L : struct, ILanes<L>
    {
        switch (nonlinearity)
        {
            case Nonlinearity.None: break;
            case Nonlinearity.Relu: Rows<L, UnaryOperators.Relu>(c, strideC, rows, columns); break;
            case Nonlinearity.LeakyRelu: Rows<L, UnaryOperators.LeakyRelu>(c, strideC, rows, columns); break;
            case Nonlinearity.Tanh: Rows<L, UnaryOperators.Tanh>(c, strideC, rows, columns); break;
            case Nonlinearity.Sigmoid: Rows<L, UnaryOperators.Sigmoid>(c, strideC, rows, columns); break;
            default: throw new ArgumentOutOfRangeException(nameof(nonlinearity), nonlinearity, null);
        }
    }

    /// <summary>The memory after a row belongs to another chunk, so only the elements of the last, partial vector are
    /// stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows<L, TOperator>(byte* c, long strideC, int rows, int columns)
        where L : struct, ILanes<L>
        where TOperator : struct, IUnaryOperator
    {
        long size = (long)columns * L.ElementSize, step = L.Count * L.ElementSize;
        L slope = L.Of(LeakySlope.Default), zero = L.Zero;
        for (; rows > 0; rows--, c += strideC)
        {
            for (long i = 0; i < size; i += step)
            {
                L y = TOperator.Apply(L.Load(c + i), slope, zero);
                if (i <= size - step) L.Store(y, c + i);
                else Partial.Store(y, c + i, size - i);
            }
        }
    }
}

/// <summary>The nonlinearity over a whole buffer, for products over an empty inner dimension.</summary>
internal unsafe struct EpilogueTask : ILaneTask
{
    public Nonlinearity Nonlinearity;
    public byte* C;
    public int Length;

    public readonly void Run<L>() where L : struct, ILanes<L> => Epilogue.Apply<L>(Nonlinearity, C, 0, 1, Length);
}
