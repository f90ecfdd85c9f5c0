package jmergekit.cuda;

/// A failed call of the CUDA driver.
final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int OUT_OF_MEMORY = 2;
    private static final int NO_KERNEL_IMAGE = 209;
    private static final int UNSUPPORTED_PTX_VERSION = 222;

    private final int status;

    /// @param message the failed function, and the driver's name and description of the error
    CudaException(int status, String message) {
        super(message);
        this.status = status;
    }

    boolean isOutOfMemory() {
        return status == OUT_OF_MEMORY;
    }

    /// Whether the GPU or the driver is too old for the kernels.
    boolean isTooOld() {
        return status == NO_KERNEL_IMAGE || status == UNSUPPORTED_PTX_VERSION;
    }
}
