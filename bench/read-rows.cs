#!/usr/bin/env dotnet
// How fast blocks of 1 MB in random order are read from a file, and how much memory that takes: by RandomAccess.Read,
// by a memory-mapped view through SafeBuffer.ReadSpan, and by one view for each block.
//
// Usage: dotnet run -c Release bench/read-rows.cs FILE [random|span|views]
// Prints MB/s of the whole file and the growth of resident memory. Drop the page cache before each run for the speed of
// the disk: echo 3 > /proc/sys/vm/drop_caches
using System.Diagnostics;
using System.IO.MemoryMappedFiles;

const int Block = 1 << 20;
string path = args[0], way = args.Length > 1 ? args[1] : "random";
long length = new FileInfo(path).Length;
int blocks = (int)(length / Block);
int[] order = [.. Enumerable.Range(0, blocks)];
new Random(1).Shuffle(order);
byte[] buffer = new byte[Block];
long sum = 0, before = Environment.WorkingSet, peak = 0;
var clock = Stopwatch.StartNew();
using var handle = File.OpenHandle(path);
using var map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
using MemoryMappedViewAccessor? all = way == "span" ? map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read) : null;
for (int i = 0; i < blocks; i++)
{
    long at = (long)order[i] * Block;
    switch (way)
    {
        case "span":
            all!.SafeMemoryMappedViewHandle.ReadSpan((ulong)at, buffer.AsSpan());
            break;
        case "views":
            using (MemoryMappedViewAccessor view = map.CreateViewAccessor(at, Block, MemoryMappedFileAccess.Read))
                view.ReadArray(0, buffer, 0, Block);
            break;
        default:
            if (RandomAccess.Read(handle, buffer, at) != Block) throw new EndOfStreamException();
            break;
    }

    sum += buffer[i % Block];
    if (i % 64 == 0) peak = Math.Max(peak, Environment.WorkingSet);
}

Console.WriteLine($"{way}: {blocks * (double)Block / 1e6 / clock.Elapsed.TotalSeconds:F0} MB/s, "
    + $"{(peak - before) / 1e6:F0} MB more resident memory ({sum})");
