package jmergekit.publish;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// The names next to an output folder that its runs use:
///
/// ```
/// .NAME.partial-RUN    what a run has written so far, with its lock
/// .NAME.begun-RUN      an empty NAME.partial for a moment, until it gets that name
/// NAME.partial         finished shards of a stopped run; the next may resume from them
/// .NAME.old-RUN        the earlier model, while the new one takes its place
/// NAME.finished-RUN    a complete model that could not take its place
/// NAME.kept-RUN        files from an earlier model's folder that no run wrote, or that model
///                      itself if something else took its place before the new one could
/// ```
///
/// @param target the output folder
public record FolderNames(Path target) {
    /// The longest file name that file systems allow, less what is put around the stem.
    private static final int LONGEST_STEM = 220;

    private static final int SHORTENED_STEM = 150;

    /// The leading letter distinguishes a run from the process number of earlier versions.
    private static final String RUN = "r[0-9a-f]{8}";

    /// The meaning of a hidden name.
    ///
    /// @param run the run's name; for earlier versions the process number
    record Hidden(Kind kind, String run) {}

    enum Kind {
        PARTIAL,
        BEGUN,
        OLD,
        /// `.NAME.partial-PID` of earlier versions.
        EARLIER_PARTIAL,
        /// `.NAME.partial-PID.old` of earlier versions.
        EARLIER_OLD
    }

    /// A name for a new run that no other run has.
    public static String newRun() {
        return "r%08x".formatted(ThreadLocalRandom.current().nextInt());
    }

    public Path partial(String run) {
        return target.resolveSibling("." + stem() + ".partial-" + run);
    }

    /// The folder that becomes [#partialOutput] once it has its record; until then it does not
    /// belong to any run that writes the output.
    Path begun(String run) {
        return target.resolveSibling("." + stem() + ".begun-" + run);
    }

    /// Where finished shards of a stopped run are kept.
    public Path partialOutput() {
        return target.resolveSibling(stem() + ".partial");
    }

    public Path old(String run) {
        return target.resolveSibling("." + stem() + ".old-" + run);
    }

    public Path finished(String run) {
        return target.resolveSibling(stem() + ".finished-" + run);
    }

    public Path kept(String run) {
        return target.resolveSibling(stem() + ".kept-" + run);
    }

    /// The meaning of a file's name next to the target, if it is one of these.
    Optional<Hidden> parse(String sibling) {
        String stem = Pattern.quote(stem());
        String name = Pattern.quote(String.valueOf(target.getFileName()));
        Matcher own =
                Pattern.compile("\\." + stem + "\\.(partial|begun|old)-(" + RUN + ")")
                        .matcher(sibling);
        if (own.matches()) {
            Kind kind =
                    switch (own.group(1)) {
                        case "old" -> Kind.OLD;
                        case "begun" -> Kind.BEGUN;
                        default -> Kind.PARTIAL;
                    };
            return Optional.of(new Hidden(kind, own.group(2)));
        }
        Matcher earlier =
                Pattern.compile("\\." + name + "\\.partial-(\\d{1,18})(\\.old)?").matcher(sibling);
        if (earlier.matches()) {
            Kind kind = earlier.group(2) == null ? Kind.EARLIER_PARTIAL : Kind.EARLIER_OLD;
            return Optional.of(new Hidden(kind, earlier.group(1)));
        }
        return Optional.empty();
    }

    // A name of 255 bytes has no room for a suffix, so a checksum replaces its end.
    private String stem() {
        String name = String.valueOf(target.getFileName());
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST_STEM) {
            return name;
        }
        int end = name.offsetByCodePoints(0, Math.min(name.codePointCount(0, name.length()), 40));
        while (end < name.length()
                && name.substring(0, end).getBytes(StandardCharsets.UTF_8).length
                        < SHORTENED_STEM) {
            end = name.offsetByCodePoints(end, 1);
        }
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return "%s~%08x".formatted(name.substring(0, end), sum.getValue());
    }
}
