using System.Runtime.InteropServices;

namespace Reparam.Benchmarks.Products;

/// <summary>cblas_sgemm of the OpenBLAS library on this machine (Debian: libopenblas0-openmp or
/// libopenblas0-pthread).</summary>
internal sealed unsafe class OpenBlas
{
    private const int RowMajor = 101, NoTranspose = 111, Transpose = 112;

    private static readonly string[] s_names =
    [
        "/usr/lib/x86_64-linux-gnu/openblas-openmp/libopenblas.so.0",
        "/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0", "libopenblas.so.0", "libopenblas",
    ];

    private readonly delegate* unmanaged<
        int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _sgemm;
    private readonly delegate* unmanaged<int, void> _setThreads;
    private readonly delegate* unmanaged<byte*> _config;

    private OpenBlas(nint library)
    {
        nint sgemm = NativeLibrary.GetExport(library, "cblas_sgemm");
        _sgemm = (delegate* unmanaged<
            int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)sgemm;
        _setThreads = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads");
        _config = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "openblas_get_config");
    }

    public string Version => Marshal.PtrToStringUTF8((nint)_config()) ?? "unknown";

    public int Threads
    {
        set => _setThreads(value);
    }

    public static OpenBlas Load()
    {
        foreach (string name in s_names)
        {
            if (NativeLibrary.TryLoad(name, out nint library)) return new OpenBlas(library);
        }

        throw new DllNotFoundException("OpenBLAS was not found. On Debian: apt-get install libopenblas0-openmp");
    }

    public void Multiply(ProductShape shape, float* a, float* b, float* c) => _sgemm(
        RowMajor, shape.TransposeA ? Transpose : NoTranspose, shape.TransposeB ? Transpose : NoTranspose, shape.M,
        shape.N, shape.K, 1,
        a, shape.TransposeA ? shape.M : shape.K, b, shape.TransposeB ? shape.K : shape.N, 0, c, shape.N);
}
