using BenchmarkDotNet.Running;
using Reparam.Benchmarks.Products;

// dotnet run -c Release --project bench/Reparam.Benchmarks -- --filter '*Elementwise*'     kernels, by BenchmarkDotNet
// dotnet run -c Release --project bench/Reparam.Benchmarks -- openblas [THREADS [FILE]]    matrix products beside OpenBLAS
if (args is ["openblas", ..]) return OpenBlasComparison.Run(args[1..]);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
