package jmergekit.weights;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Explains why a file operation failed, without the path, which the report names anyway.
public final class IoReason {
    private IoReason() {}

    public static String of(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException _ -> "it already exists";
            case NoSuchFileException _ -> "it does not exist";
            case AccessDeniedException _ -> "permission denied";
            // An interrupt of any thread that uses a channel closes it for all threads.
            case ClosedChannelException _ -> "interrupted";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage() != null ? e.getMessage() : e.getClass().getSimpleName();
        };
    }
}
