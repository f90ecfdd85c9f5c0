package jmergekit.publish;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.IoReason;

/// The files of an output while they are written to a run's hidden folder, with their names and
/// sizes.
final class OutputFiles {
    private final OutputPlace place;
    private final Path partial;
    private final SortedMap<String, Long> sizes = new TreeMap<>();

    OutputFiles(OutputPlace place, Path partial) {
        this.place = place;
        this.partial = partial;
    }

    /// Adds a file that another class writes.
    void expect(String name, long bytes) {
        sizes.put(name, bytes);
    }

    /// Writes one file.
    void add(OutputFile file) {
        Path path = partial.resolve(file.name()).normalize();
        if (!path.startsWith(partial)) {
            throw new IllegalArgumentException("outside the output folder: " + file.name());
        }
        try {
            makeFolderOf(path);
            sizes.put(file.name(), write(file, path));
        } catch (IOException e) {
            check(partial);
            throw failure(place.given().resolve(file.name()), e);
        }
    }

    // Do not recreate the partial folder itself: if it is gone, so are the weights.
    private void makeFolderOf(Path path) throws IOException {
        Path folder = path.getParent();
        if (!folder.equals(partial) && !Files.isDirectory(folder)) {
            makeFolderOf(folder);
            Files.createDirectory(folder);
        }
    }

    private long write(OutputFile file, Path path) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(
                                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
            switch (file) {
                case OutputFile.Text text ->
                        out.write(text.text().getBytes(StandardCharsets.UTF_8));
                case OutputFile.Made made -> made.content().writeTo(out);
                case OutputFile.Copy copy -> Files.copy(copy.source(), out);
            }
            out.flush();
            if (place.sync()) {
                channel.force(true);
            }
            return channel.position();
        }
    }

    /// Finds files that changed after they were written.
    void check(Path folder) {
        List<String> wrong =
                sizes.keySet().stream().filter(name -> !isAsWritten(folder, name)).toList();
        if (!wrong.isEmpty()) {
            throw new MergeException(
                    Problem.output(
                                    place.given().toString(),
                                    "files that the run had written were removed or changed by"
                                            + " another program")
                            .found("'%s' in %s".formatted(String.join("', '", wrong), folder))
                            .hint(
                                    "do not change hidden folders next to the output, and merge"
                                            + " again"));
        }
    }

    private boolean isAsWritten(Path folder, String name) {
        try {
            BasicFileAttributes file =
                    Files.readAttributes(
                            folder.resolve(name),
                            BasicFileAttributes.class,
                            LinkOption.NOFOLLOW_LINKS);
            return file.isRegularFile() && file.size() == sizes.get(name);
        } catch (IOException e) {
            return false;
        }
    }

    /// Writes the manifest, the last file.
    void writeManifest() throws IOException {
        Manifest manifest = Manifest.of(partial, sizes.keySet());
        add(new OutputFile.Text(Manifest.NAME, manifest.text()));
    }

    static MergeException failure(Path where, IOException e) {
        return new MergeException(
                Problem.output(where.toString(), "cannot be written: " + IoReason.of(e)), e);
    }
}
