namespace Reparam.Tensors;

/// <summary>The cost of one kind of work while a <see cref="WorkMeter"/> was running.</summary>
/// <param name="Kind">Products, convolutions, pools, norms, densities, special functions, elementwise, reductions,
/// factorisations, noise, updates, copies or checks.</param>
/// <param name="Name">The kernel, with its extents if they matter, such as <c>product 128x400x784</c>.</param>
/// <param name="Calls">Number of calls.</param>
/// <param name="Time">Wall time inside the calls. Threads that work on one call together are not counted
/// separately.</param>
/// <param name="Fastest">The time of the fastest call: the cost of the work without disturbances.</param>
/// <param name="Flops">Floating-point operations of products and convolutions, two for each multiplication with its
/// addition; 0 for other work.</param>
/// <param name="Bytes">Bytes of the operands and results, each counted once per call: the least number of bytes that
/// memory has to move.</param>
/// <param name="Denormals">Number of elements of the results that are not 0 and below the normal numbers of their type
/// (2^-126 for Float32); 0 unless <see cref="WorkMeter.CountsDenormals"/> is set. Processors of Intel take a hundred
/// cycles or more for an operation with such a number.</param>
public readonly record struct WorkShare(
    string Kind, string Name, long Calls, TimeSpan Time, TimeSpan Fastest, double Flops, double Bytes,
    long Denormals = 0);
