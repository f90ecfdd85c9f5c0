package jmergekit.card;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.engine.OutputFile;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.IoReason;
import jmergekit.weights.JsonTree;
import jmergekit.weights.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/// Reads the JSON files that an output copies through once: one that no loader can read would make
/// the output unusable.
public final class CopiedJson {
    private CopiedJson() {}

    /// Adds a problem for each file that is not JSON in UTF-8. A file that is still to be downloaded
    /// is passed over.
    public static void check(List<OutputFile> files, Problems problems) {
        for (OutputFile file : files) {
            if (file instanceof OutputFile.Copy(String name, Path source)
                    && name.endsWith(".json")
                    && Files.isRegularFile(source)) {
                try {
                    readThrough(source);
                } catch (MergeException e) {
                    problems.add(e);
                }
            }
        }
    }

    private static void readThrough(Path source) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(source));
                JsonParser parser = JsonTree.parser(in)) {
            if (parser.nextToken() == null) {
                throw refused(source, "is empty");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw refused(source, "goes on after its JSON value");
            }
        } catch (JacksonException e) {
            throw refused(source, "is " + StrictJson.reason(e));
        } catch (IOException e) {
            throw refused(source, "cannot be read: " + IoReason.of(e));
        }
    }

    private static MergeException refused(Path source, String what) {
        return new MergeException(
                Problem.input(source.toString(), what)
                        .hint("the output would have a copy of it: mend it or take it away"));
    }
}
