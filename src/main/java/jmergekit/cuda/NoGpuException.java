package jmergekit.cuda;

/// The reason why there is no GPU to compute on; the message is a fragment.
public final class NoGpuException extends Exception {
    private static final long serialVersionUID = 1L;

    NoGpuException(String reason) {
        super(reason);
    }
}
