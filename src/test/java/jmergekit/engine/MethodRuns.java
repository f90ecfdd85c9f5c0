package jmergekit.engine;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jmergekit.cli.Main;
import jmergekit.fixture.TinyModel;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.method.MethodInfo.Base;

/// Merges the same three models with every merge method. A program, so that other virtual machines
/// can run it too.
public final class MethodRuns {
    /// The methods that need no statistics files.
    public static final List<String> METHODS =
            MergeMethods.builtIn().all().stream()
                    .map(MergeMethod::info)
                    .filter(info -> info.statistics().isEmpty())
                    .map(MethodInfo::name)
                    .toList();

    /// More elements than one chunk has, outside the layers: decomposing a matrix of that size takes
    /// long.
    private static final List<Integer> LARGE = List.of(2100, 2048);

    private MethodRuns() {}

    /// @param args the folder with the models, the folder for the merges, the number of threads
    public static void main(String[] args) throws IOException {
        for (String method : METHODS) {
            run(method, Path.of(args[0]), Path.of(args[1]), args[2]);
        }
    }

    static void writeModels(Path folder) throws IOException {
        for (int m = 0; m < 3; m++) {
            Random random = new Random(m);
            float[] data = new float[LARGE.get(0) * LARGE.get(1)];
            for (int i = 0; i < data.length; i++) {
                data[i] = (float) random.nextGaussian() / 16;
            }
            TinyModel.llama(2, 40, false, m)
                    .with("model.large.weight", LARGE, data)
                    .write(folder.resolve("m" + m), "BF16");
        }
    }

    /// The merged tensors' file.
    static Path run(String method, Path models, Path merges, String threads) throws IOException {
        return run(method, models, merges, threads, "cpu");
    }

    static Path run(String method, Path models, Path merges, String threads, String device)
            throws IOException {
        Path recipe = models.resolve(method + "-" + threads + ".yml");
        Path output = merges.resolve(method);
        Files.writeString(
                recipe, recipe(MergeMethods.builtIn().named(method).orElseThrow().info()));
        PrintWriter err = new PrintWriter(System.err, true);
        String[] args = {
            "yaml", recipe.toString(), output.toString(), "-j", threads, "-q", "--device", device
        };
        int code = Main.run(models, Map.of(), err, err, args);
        if (code != 0) {
            throw new AssertionError(method + " ended with " + code);
        }
        return output.resolve("model.safetensors");
    }

    static String recipe(MethodInfo info) {
        StringBuilder text = new StringBuilder("merge_method: " + info.name() + "\n");
        if (info.base() != Base.ORDINARY) {
            text.append("base_model: ./m0\n");
        }
        text.append("models:\n- {model: ./m1, parameters: {")
                .append(model(info, 0.7))
                .append("}}\n");
        if (info.most() > 1) {
            text.append("- {model: ./m2, parameters: {").append(model(info, 0.4)).append("}}\n");
        }
        text.append("parameters: {").append(global(info)).append("}\n");
        return text.toString();
    }

    private static String model(MethodInfo info, double value) {
        StringBuilder text = new StringBuilder();
        for (String name : List.of("weight", "density")) {
            if (info.param(name).isPresent()) {
                text.append(name).append(": ").append(value).append(", ");
            }
        }
        return text.toString();
    }

    private static String global(MethodInfo info) {
        StringBuilder text = new StringBuilder();
        for (String setting :
                List.of(
                        "t: 0.3",
                        "rescale: true",
                        "epsilon: 0.1",
                        "select_topk: 0.6",
                        "filter_wise: true",
                        "nuslerp_flatten: false")) {
            if (info.param(setting.split(":")[0]).isPresent()) {
                text.append(setting).append(", ");
            }
        }
        return text.toString();
    }
}
