#!/usr/bin/env dotnet
#:property AllowUnsafeBlocks=true
#:property PublishAot=false
// A fault of the compiler of .NET 10.0.12 on x64 with AVX-512, for a report to the runtime: where the processor treats
// denormal numbers as 0, the compiler reads the mask 0xFFFF as the number 0, because its constants are compared as
// floats. The program should print 22136 in all lanes; it prints 0. In longer methods the same fault gives an illegal
// instruction (vandps with a register and the broadcast bit). Reparam avoids it: decision 12.
//
//     dotnet run -c Release bench/flush-to-zero.cs
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

Set(0x1F80 | 1 << 6 | 1 << 15); // all exceptions masked, denormals-are-zero, flush-to-zero
Console.WriteLine(Low(Vector512.Create(0x12345678u).AsSingle()));

[MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
static Vector512<float> Low(Vector512<float> words)
{
    Vector512<float> low = words & Vector512.Create(0xFFFFu).AsSingle();
    return (low | Vector512.Create(0x4B000000u).AsSingle()) - Vector512.Create(8388608f);
}

static unsafe void Set(uint state)
{
    byte* code = (byte*)Map(0, 4096, 7, 0x22, -1, 0); // readable, writable, executable; private, anonymous
    ((ReadOnlySpan<byte>)[0x0F, 0xAE, 0x17, 0xC3]).CopyTo(new Span<byte>(code, 4)); // ldmxcsr [rdi]; ret
    ((delegate* unmanaged<uint*, void>)code)(&state);
}

[DllImport("libc", EntryPoint = "mmap")]
static extern nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);
