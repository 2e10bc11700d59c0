using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Reparam.Testing.Host;

/// <summary>Sets the mode of the processor in which denormal numbers are 0, as audio programs and game engines do
/// before they start the runtime. Threads that start later inherit it.</summary>
public static unsafe class FlushToZero
{
    private const int ReadWriteExecute = 7, PrivateAnonymous = 0x22;

    /// <summary>The register MXCSR: all exceptions masked, denormals-are-zero (bit 6), flush-to-zero (bit
    /// 15).</summary>
    private const uint State = 0x1F80 | 1 << 6 | 1 << 15;

    /// <summary>Whether <see cref="Set"/> knows the system and the processor.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture ==
        Architecture.X64;

    /// <summary>Sets the mode on this thread.</summary>
    public static void Set()
    {
        byte* code = (byte*)Map(0, 4096, ReadWriteExecute, PrivateAnonymous, -1, 0);
        if (code == (byte*)-1) throw new Win32Exception(Marshal.GetLastPInvokeError());
        ReadOnlySpan<byte> instructions = [0x0F, 0xAE, 0x17, 0xC3]; // ldmxcsr [rdi]; ret
        instructions.CopyTo(new Span<byte>(code, instructions.Length));
        uint state = State;
        ((delegate* unmanaged<uint*, void>)code)(&state);
        float least = BitConverter.UInt32BitsToSingle(0x00800000);
        if (Half(least) != 0) throw new InvalidOperationException("The processor still makes denormal numbers.");
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static float Half(float x) => x * 0.5f;

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static extern nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);
}
