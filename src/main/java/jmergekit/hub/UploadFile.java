package jmergekit.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.FolderFile;

/// A file to upload.
///
/// @param path in the repository
/// @param source the local file
/// @param size in bytes
record UploadFile(String path, Path source, long size) {
    private static final int SAMPLE_BYTES = 512;
    private static final int MOST_FILES = 10_000;

    /// All files of a folder and its subfolders, sorted, except hidden ones. Links that lead out of
    /// the folder are refused.
    static List<UploadFile> of(Path given) {
        List<UploadFile> files = new ArrayList<>();
        Problems refused = new Problems();
        Path folder = withoutLinks(given);
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                String path = folder.relativize(file).toString().replace('\\', '/');
                boolean hidden = path.startsWith(".") || path.contains("/.");
                if (!hidden && Files.isRegularFile(file)) {
                    FolderFile.problem(folder, file, path).ifPresent(refused::add);
                    files.add(new UploadFile(path, file, Files.size(file)));
                }
                if (files.size() > MOST_FILES) {
                    throw new MergeException(
                            Problem.input(folder.toString(), "holds too many files for a model")
                                    .expected("at most " + MOST_FILES));
                }
            }
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
        refused.throwIfErrors();
        files.sort(Comparator.comparing(UploadFile::path));
        return files;
    }

    // A file walk does not follow the link that it starts at.
    private static Path withoutLinks(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /// Its first bytes, by which the hub distinguishes text files.
    byte[] sample() {
        try (InputStream in = Files.newInputStream(source)) {
            return in.readNBytes(SAMPLE_BYTES);
        } catch (IOException e) {
            throw unreadable(source, e);
        }
    }

    byte[] content() {
        try {
            return Files.readAllBytes(source);
        } catch (IOException e) {
            throw unreadable(source, e);
        }
    }

    String sha256(TransferProgress progress) {
        BlobHash hash = BlobHash.sha256();
        byte[] buffer = new byte[1 << 20];
        try (InputStream in = Files.newInputStream(source)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hash.update(ByteBuffer.wrap(buffer, 0, n));
                progress.moved(n);
            }
        } catch (IOException e) {
            throw unreadable(source, e);
        }
        return hash.hex();
    }

    private static MergeException unreadable(Path file, IOException e) {
        return new MergeException(
                Problem.input(file.toString(), "cannot be read: " + e.getClass().getSimpleName()),
                e);
    }
}
