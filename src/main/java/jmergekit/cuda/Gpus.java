package jmergekit.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The NVIDIA GPUs of this machine.
public final class Gpus {
    private static final long GIBIBYTE = 1L << 30;

    private final Driver driver;
    private final int count;

    private Gpus(Driver driver, int count) {
        this.driver = driver;
        this.count = count;
    }

    /// Finds them. Takes some tenths of a second where there is a driver.
    ///
    /// @throws NoGpuException if there is none
    public static Gpus find() throws NoGpuException {
        Driver driver = Driver.load();
        int count = driver.deviceCount();
        if (count == 0) {
            throw new NoGpuException("the NVIDIA driver finds no GPU");
        }
        return new Gpus(driver, count);
    }

    public int count() {
        return count;
    }

    /// Opens an executor.
    ///
    /// @param indices which of the GPUs it uses, each below [#count]
    /// @throws NoGpuException if one of them cannot be used
    public CudaExecutor open(List<Integer> indices) throws NoGpuException {
        KernelText text = KernelText.load();
        List<Gpu> gpus = new ArrayList<>();
        try {
            for (int index : indices) {
                Gpu gpu = new Gpu(driver, index, text);
                gpus.add(gpu);
                // The driver says here if it, or the GPU, is too old.
                gpu.kernel("keep_all");
            }
        } catch (CudaException e) {
            gpus.forEach(Gpu::close);
            throw new NoGpuException(
                    e.isTooOld()
                            ? "the GPU or its driver is too old: it needs compute capability 7.5"
                                    + " and a driver of 2019; "
                                    + e.getMessage()
                            : String.valueOf(e.getMessage()));
        }
        return new CudaExecutor(gpus);
    }

    /// All indices.
    public List<Integer> all() {
        return IntStream.range(0, count).boxed().toList();
    }
}
