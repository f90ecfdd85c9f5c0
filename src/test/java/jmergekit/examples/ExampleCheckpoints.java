package jmergekit.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import jmergekit.fixture.LooseFile;

/// Writes the files of weights in `examples/checkpoints`: an image classifier, `base`, and two
/// fine-tunes of it, `cats` and `dogs`. Their weights are random.
///
/// The same files come out on every run and machine. To write them anew, run [#main].
final class ExampleCheckpoints {
    static final List<String> NAMES = List.of("base", "cats", "dogs");

    private static final int CHANNELS = 4;
    private static final int CLASSES = 6;

    private ExampleCheckpoints() {}

    /// @param args the folder to write to; without it `examples/checkpoints`
    public static void main(String[] args) throws IOException {
        write(Path.of(args.length > 0 ? args[0] : "examples/checkpoints"));
    }

    /// Writes all files, over those that are there.
    static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : NAMES) {
            LooseFile file = new LooseFile();
            file.metadata("format", "pt").metadata("title", "an example, " + name);
            floats(file, name, "conv1.weight", CHANNELS, 3, 3, 3);
            for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
                floats(file, name, "bn1." + part, CHANNELS);
            }
            floats(file, name, "fc.weight", CLASSES, CHANNELS);
            floats(file, name, "fc.bias", CLASSES);
            file.longs("bn1.num_batches_tracked", List.of(), 1000L * (1 + NAMES.indexOf(name)));
            file.write(folder.resolve(name + ".safetensors"));
        }
    }

    private static void floats(LooseFile file, String model, String tensor, Integer... shape) {
        Random base = new Random(("base " + tensor).hashCode());
        Random change = new Random((model + " " + tensor).hashCode());
        double size = model.equals("base") ? 0 : 0.1;
        int elements = List.of(shape).stream().reduce(1, (a, b) -> a * b);
        double[] values = new double[elements];
        for (int i = 0; i < elements; i++) {
            double value = base.nextGaussian() + size * change.nextGaussian();
            values[i] = tensor.endsWith("_var") ? Math.abs(value) : value;
        }
        file.floats(tensor, List.of(shape), values);
    }
}
