package jmergekit.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The NVIDIA GPUs of this machine.
public final class Gpus {
    /// The compute capability that the kernels are compiled for, times ten.
    private static final int LEAST_CAPABILITY = 75;

    private final Driver driver;
    private final int count;

    private Gpus(Driver driver, int count) {
        this.driver = driver;
        this.count = count;
    }

    /// Finds them. This takes some tenths of a second if there is a driver.
    ///
    /// @throws NoGpuException if there is none
    public static Gpus find() throws NoGpuException {
        Driver driver = Driver.load();
        try {
            int count = driver.deviceCount();
            if (count > 0) {
                return new Gpus(driver, count);
            }
        } catch (CudaException e) {
            throw new NoGpuException(String.valueOf(e.getMessage()));
        }
        throw new NoGpuException("the NVIDIA driver finds no GPU");
    }

    public int count() {
        return count;
    }

    /// Opens an executor.
    ///
    /// @param indices of the GPUs to use, each below [#count]
    /// @throws NoGpuException if one of them cannot be used
    public CudaExecutor open(List<Integer> indices) throws NoGpuException {
        KernelText text = KernelText.load();
        List<Gpu> gpus = new ArrayList<>();
        try {
            for (int index : indices) {
                checkCapability(index);
                Gpu gpu = new Gpu(driver, index, text);
                gpus.add(gpu);
                // The driver reports here if it is too old.
                gpu.kernel("keep_all");
            }
        } catch (CudaException e) {
            new CudaExecutor(gpus).close();
            throw new NoGpuException(
                    e.isTooOld()
                            ? "the NVIDIA driver is too old, a version from 2019 or later is needed: "
                                    + e.getMessage()
                            : String.valueOf(e.getMessage()));
        }
        return new CudaExecutor(gpus);
    }

    private void checkCapability(int index) throws NoGpuException {
        int device = driver.device(index);
        int capability =
                10 * driver.attribute(Driver.CAPABILITY_MAJOR, device)
                        + driver.attribute(Driver.CAPABILITY_MINOR, device);
        if (capability < LEAST_CAPABILITY) {
            throw new NoGpuException(
                    "cuda:%d, a %s, is too old: its compute capability is %d.%d, but 7.5 is needed"
                            .formatted(
                                    index,
                                    driver.deviceName(device),
                                    capability / 10,
                                    capability % 10));
        }
    }

    /// All indices.
    public List<Integer> all() {
        return IntStream.range(0, count).boxed().toList();
    }
}
