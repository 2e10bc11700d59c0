using BenchmarkDotNet.Running;
using Reparam.Benchmarks;
using Reparam.Benchmarks.Products;

// dotnet run -c Release --project bench/Reparam.Benchmarks -- ARGUMENTS, with ARGUMENTS one of
//   --filter '*Elementwise*'             kernels, measured by BenchmarkDotNet
//   openblas [THREADS [FILE]]            matrix products compared with OpenBLAS
//   nll [THREADS [IMAGES [SAMPLES]]]     seconds of an importance-sampled log-likelihood
//   draws [THREADS]                      nanoseconds per draw for each family
//   scorer RUN FILE.csv [SECONDS [THREADS]]   a row at a time on several threads: times, memory, equal scores
if (args is ["openblas", ..]) return OpenBlasComparison.Run(args[1..]);
if (args is ["nll", ..]) return NllTiming.Run(args[1..]);
if (args is ["draws", ..]) return DrawTiming.Run(args[1..]);
if (args is ["scorer", _, _, ..]) return ScorerTiming.Run(args[1..]);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
