package jmergekit.fuzz;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import jmergekit.MergeFailedException;
import jmergekit.problem.MergeException;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightFile;
import jmergekit.weights.WeightHeader;

/// Gives damaged files to a reader until the time is over. A file must be read, and its tensors then
/// lie inside it, or be refused with a message. Anything else is a find, and so is a file that takes
/// seconds: it is kept, and the exit status is 1.
public final class Fuzz {
    private static final Duration SLOW = Duration.ofSeconds(10);
    private static final Duration REPORT = Duration.ofMinutes(1);

    private final Reader reader;
    private final Path file;
    private final Path finds;
    private long read;
    private long refused;
    private int found;

    private Fuzz(Reader reader, Path folder) {
        this.reader = reader;
        this.file = folder.resolve("input.bin");
        this.finds = folder;
    }

    /// Arguments: `safetensors`, `torchfile`, `packed`, `experts` or `plan`, minutes, a seed, the folder for
    /// finds, the folder of undamaged checkpoints.
    public static void main(String[] args) throws IOException {
        Random random = new Random(Long.parseLong(args[2]));
        Reader reader =
                switch (args[0]) {
                    case "safetensors" -> new SafetensorsReader(random);
                    case "torchfile" -> new TorchReader(random, Path.of(args[4]));
                    case "packed" ->
                            new PackedReader(random, Files.createDirectories(Path.of(args[3])));
                    case "plan" ->
                            new PlanReader(
                                    random,
                                    Path.of(args[4]).resolve("../plan/packed.json"),
                                    Files.createDirectories(Path.of(args[3])));
                    case "experts" ->
                            new ExpertsReader(random, Files.createDirectories(Path.of(args[3])));
                    default -> throw new IllegalArgumentException(args[0]);
                };
        Fuzz fuzz = new Fuzz(reader, Files.createDirectories(Path.of(args[3])));
        fuzz.run(Duration.ofSeconds((long) (60 * Double.parseDouble(args[1]))));
        System.exit(fuzz.found == 0 ? 0 : 1);
    }

    private void run(Duration time) throws IOException {
        Instant end = Instant.now().plus(time);
        Instant report = Instant.now().plus(REPORT);
        while (Instant.now().isBefore(end)) {
            // Some file systems flush a file that is cut and written again.
            Files.deleteIfExists(file);
            reader.write(file);
            tryOne();
            if (Instant.now().isAfter(report)) {
                System.out.println(this);
                report = report.plus(REPORT);
            }
        }
        System.out.println(this);
        Files.deleteIfExists(file);
    }

    private void tryOne() throws IOException {
        Duration begin = processorTime();
        try {
            check(reader.read(file));
            read++;
        } catch (MergeException | MergeFailedException e) {
            refused++;
        } catch (RuntimeException | Error e) {
            keep(e.toString());
            e.printStackTrace();
        }
        Duration took = processorTime().minus(begin);
        if (took.compareTo(SLOW) > 0) {
            keep("it took %d ms".formatted(took.toMillis()));
        }
    }

    // Other processes may have the processor for long.
    private static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// Touches the ends of every tensor.
    private void check(WeightHeader header) throws IOException {
        long size = Files.size(file);
        try (WeightFile weights = WeightFile.open(header)) {
            for (TensorEntry entry : header.entries()) {
                if (entry.begin() < 0 || entry.begin() > entry.end() || entry.end() > size) {
                    throw new AssertionError("outside the file: " + entry);
                }
                MemorySegment bytes = weights.bytes(entry);
                if (bytes.byteSize() > 0) {
                    bytes.get(ValueLayout.JAVA_BYTE, 0);
                    bytes.get(ValueLayout.JAVA_BYTE, bytes.byteSize() - 1);
                }
            }
        }
    }

    private void keep(String why) throws IOException {
        Path kept = finds.resolve("find-%d.bin".formatted(++found));
        Files.copy(file, kept, StandardCopyOption.REPLACE_EXISTING);
        System.out.println("found: " + kept + ": " + why);
    }

    @Override
    public String toString() {
        return "%d files read, %d refused, %d finds".formatted(read, refused, found);
    }
}
