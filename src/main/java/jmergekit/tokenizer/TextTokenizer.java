package jmergekit.tokenizer;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tokenizer.child.TextEncoder;
import jmergekit.weights.JsonTree;

/// Turns text into token ids like the tokenizer in a model's folder.
///
/// @param label the name of the model in messages
/// @param folder the model's folder
public record TextTokenizer(String label, Path folder) {
    private static final String FILE = "tokenizer.json";

    /// As many short texts as fit easily in the time and memory limits of a process.
    private static final int TEXTS = 1 << 16;

    private static final String FIRST_TOKEN = "bos_token";

    /// The ids of each text, after the id of the token that begins a text if the model has one; no
    /// other special tokens. One process handles all texts: see [EncoderProcess].
    ///
    /// @throws MergeException if the folder has no tokenizer that can be read
    public List<int[]> ids(List<String> texts) {
        missing()
                .ifPresent(p -> {
                    throw new MergeException(p);
                });
        Path file = folder.resolve(FILE);
        JsonTree.check(file, where());
        String first = TokenizerSettings.read(label, folder).roles().get(FIRST_TOKEN);
        List<String> all = new ArrayList<>();
        all.add(first == null ? "" : first);
        all.addAll(texts);
        List<int[]> ids = parse(new EncoderProcess(file, where()).run(all), all.size());
        int[] start = first == null ? new int[0] : ids.getFirst();
        return ids.stream().skip(1).map(rest -> joined(start, rest)).toList();
    }

    /// The problem if the folder has no file to tokenize with.
    public Optional<Problem> missing() {
        return Files.isRegularFile(folder.resolve(FILE))
                ? Optional.empty()
                : Optional.of(
                        Problem.input(label, "no " + FILE + " to split texts into tokens with")
                                .hint(ModelTokenizer.SAVE_FAST));
    }

    /// The ids of each text without any special tokens.
    ///
    /// @throws MergeException if the folder has no tokenizer that can be read
    public List<int[]> plainIds(List<String> texts) {
        Path file = folder.resolve(FILE);
        JsonTree.check(file, where());
        List<int[]> ids = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += TEXTS) {
            List<String> part = texts.subList(from, Math.min(texts.size(), from + TEXTS));
            ids.addAll(parse(new EncoderProcess(file, where()).run(part), part.size()));
        }
        return ids;
    }

    private String where() {
        return label + "/" + FILE;
    }

    private static int[] joined(int[] start, int[] rest) {
        return IntStream.concat(IntStream.of(start), IntStream.of(rest)).toArray();
    }

    private List<int[]> parse(byte[] answer, int count) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(answer))) {
            int kind = in.readInt();
            if (kind == TextEncoder.FAILURE) {
                int length = Math.clamp(in.readInt(), 0, in.available());
                String reason = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                throw new MergeException(Problem.input(where(), "cannot be read: " + reason));
            }
            List<int[]> all = new ArrayList<>();
            while (kind == TextEncoder.IDS && all.size() < count) {
                all.add(readIds(in));
            }
            if (all.size() == count && in.readInt() == TextEncoder.END && in.available() == 0) {
                return all;
            }
        } catch (IOException e) {
            // Reported below: the output is truncated.
        }
        throw new MergeException(
                Problem.input(where(), "the tokenizers library returned invalid output"));
    }

    private static int[] readIds(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > in.available() / Integer.BYTES) {
            throw new IOException("more ids than there are bytes");
        }
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = in.readInt();
            if (ids[i] < 0) {
                throw new IOException("a negative id");
            }
        }
        return ids;
    }
}
