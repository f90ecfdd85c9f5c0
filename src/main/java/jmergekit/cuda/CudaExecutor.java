package jmergekit.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import jmergekit.cpu.CpuPrimitives;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Executor;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Primitives;
import jmergekit.primitive.SourceTensor;
import jmergekit.tile.TileOps;

/// Computes on one or several NVIDIA GPUs. Each thread has its own stream on one of them, so
/// tensors, and the chunks of large ones, go to whichever GPU has an idle stream.
public final class CudaExecutor implements Executor {
    /// More streams do not improve the overlap of copies, kernels and writes.
    private static final int MOST_STREAMS = 8;

    /// With fewer, a device waits for the host.
    private static final int LEAST_STREAMS = 2;

    private final List<Gpu> gpus;
    private final ThreadLocal<DeviceStream> streams = ThreadLocal.withInitial(this::open);
    private final Fallbacks fallbacks = new Fallbacks();
    private final AtomicInteger next = new AtomicInteger();
    private int streamsOfGpu = MOST_STREAMS;

    CudaExecutor(List<Gpu> gpus) {
        this.gpus = List.copyOf(gpus);
    }

    @Override
    public String title() {
        return gpus.stream().map(Gpu::title).collect(Collectors.joining(", "));
    }

    @Override
    public int threads(int asked) {
        int threads = Math.clamp(asked, LEAST_STREAMS * gpus.size(), MOST_STREAMS * gpus.size());
        streamsOfGpu = Math.ceilDiv(threads, gpus.size());
        return threads;
    }

    @Override
    public Primitives primitives(
            List<SourceTensor> sources, int base, OutputTensor output, Chunks chunks) {
        if (!ElementType.isKnown(output.spec().dtype())) {
            return new CpuPrimitives(sources, base, output, chunks, TileOps.best());
        }
        return new CudaPrimitives(sources, base, output, chunks, streams::get, fallbacks);
    }

    private DeviceStream open() {
        Gpu gpu = gpus.get(Math.floorMod(next.getAndIncrement(), gpus.size()));
        return gpu.open(gpu.memory(streamsOfGpu));
    }

    /// For each GPU, the bytes copied and the speed; then the operations that no GPU could compute.
    @Override
    public List<String> report() {
        List<String> lines = new ArrayList<>();
        gpus.forEach(g -> lines.add(g.report().toString()));
        lines.addAll(fallbacks.lines());
        return lines;
    }

    /// Releases everything held on the devices. After a failure the driver may refuse this; then it
    /// happens when the process ends.
    @Override
    public void close() {
        try {
            gpus.forEach(Gpu::close);
        } catch (CudaException _) {
            // Nothing more can be done for this device.
        }
    }
}
