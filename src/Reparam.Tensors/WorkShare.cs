namespace Reparam.Tensors;

/// <summary>What one kind of work has cost while a <see cref="WorkMeter"/> was running.</summary>
/// <param name="Kind">Products, convolutions, pools, norms, densities, elementwise, reductions, noise, updates, copies
/// or checks.</param>
/// <param name="Name">The kernel, with the extents where they matter, such as <c>product 128x400x784</c>.</param>
/// <param name="Calls">Number of calls.</param>
/// <param name="Time">Wall time inside the calls, all threads of a call together counting once.</param>
/// <param name="Fastest">The fastest call: what the work costs where nothing disturbs it.</param>
/// <param name="Flops">Floating-point operations of products and convolutions, two for each multiplication with its
/// addition; 0 for other work.</param>
/// <param name="Bytes">Bytes of the operands and results, each counted once for each call: the least that memory has to
/// move.</param>
public readonly record struct WorkShare(
    string Kind, string Name, long Calls, TimeSpan Time, TimeSpan Fastest, double Flops, double Bytes);
