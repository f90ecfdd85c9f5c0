package jmergekit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import jmergekit.fixture.TinyModel;

/// A folder with a base model and two fine-tunes of it, and sessions that never ask the hub.
record Door(Path folder) {
    static final PlanSettings SHARDED = PlanSettings.defaults().shardBytes(20_000);

    /// Writes the models `base`, `chat` and `code`.
    static Door withModels(Path folder) {
        TinyModel base = TinyModel.llama(3, 40, false, 0).write(folder.resolve("base"), "F32");
        base.tuned(1).write(folder.resolve("chat"), "F32");
        base.tuned(2).write(folder.resolve("code"), "BF16");
        return new Door(folder);
    }

    Models open() {
        return open(folder);
    }

    static Models open(Path folder) {
        return Models.open(
                folder,
                ModelSettings.defaults().offline(true).cache(folder.resolve("no-downloads")));
    }

    static Recipe ties(double weight) {
        return Recipe.merge("ties")
                .base("base")
                .model("chat", p -> p.set("weight", weight).set("density", 0.5))
                .model("code", p -> p.set("weight", 0.6).set("density", 0.5))
                .dtype("bfloat16")
                .build();
    }

    /// The files of a folder by name; values are compared by content.
    static Map<String, String> files(Path folder) {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(
                        folder.relativize(file).toString(),
                        java.util.HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return contents;
    }
}
