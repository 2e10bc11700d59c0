using BenchmarkDotNet.Running;
using Reparam.Benchmarks;
using Reparam.Benchmarks.Products;

// dotnet run -c Release --project bench/Reparam.Benchmarks -- --filter '*Elementwise*'     kernels, by BenchmarkDotNet
// dotnet run -c Release --project bench/Reparam.Benchmarks -- openblas [THREADS [FILE]]    matrix products beside OpenBLAS
// dotnet run -c Release --project bench/Reparam.Benchmarks -- nll [THREADS [IMAGES [SAMPLES]]]    seconds of an importance-sampled log-likelihood
// dotnet run -c Release --project bench/Reparam.Benchmarks -- draws [THREADS]    nanoseconds of a draw, family by family
if (args is ["openblas", ..]) return OpenBlasComparison.Run(args[1..]);
if (args is ["nll", ..]) return NllTiming.Run(args[1..]);
if (args is ["draws", ..]) return DrawTiming.Run(args[1..]);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
